package dev.heal.dsl.tree;

import dev.heal.dsl.text.Span;
import java.util.List;
import java.util.Optional;

/** A declaration at the top level of a file. */
public sealed interface Declaration {
  Span span();

  /** {@code import "nvidia/xid" as nv}. */
  record Import(Value.Text path, Optional<Name> alias, Span span) implements Declaration {}

  /** {@code let pager = "oncall-gpu"}. */
  record Let(Name name, Value value, Span span) implements Declaration {}

  /** {@code tune hot = 88C range 80C..92C "doc"}. */
  record Tune(Name name, Value value, Value.Range range, Optional<Value.Text> doc, Span span)
      implements Declaration {}

  /**
   * Everything with a block: {@code fault thermal on gpu "Too hot" { … }}, {@code change policy
   * nv.cool_down { … }}, {@code test "…" { … }}.
   *
   * @param name empty only for {@code test}, whose name is its {@code title}
   * @param subject the name behind {@code on}, or behind {@code change} the kind that is changed
   * @param title the string before the block
   */
  record Block(
      BlockKind kind,
      Optional<Name> name,
      Optional<Name> subject,
      Optional<Value.Text> title,
      List<Statement> statements,
      Span head,
      Span span)
      implements Declaration {
    public Block {
      statements = List.copyOf(statements);
    }
  }

  /** The words that open a block. */
  enum BlockKind {
    FAULT,
    POLICY,
    BUDGET,
    MAINTENANCE,
    ACTION,
    CHECK,
    BREAKER,
    TEST,
    NODE,
    SERVICE,
    JOB,
    PAGER,
    CHANGE;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
