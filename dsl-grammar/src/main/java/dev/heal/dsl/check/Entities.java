package dev.heal.dsl.check;

import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Words that name kinds, members of closed sets, and declarations. */
final class Entities {
  private static final List<String> KINDS = List.of("node", "gpu", "service", "job");

  private Entities() {}

  /** The kind behind {@code on}. */
  static Optional<EntityKind> subject(Declaration.Block block, Findings findings) {
    if (block.subject().isEmpty()) {
      findings.add(
          CheckCode.H0213,
          block.head(),
          "this " + block.kind().word() + " does not say what it is on",
          "write `on gpu`, `on node`, `on service` or `on job` behind its name");
      return Optional.empty();
    }
    String word = block.subject().get().text();
    Optional<EntityKind> kind = EntityKind.of(word);
    if (kind.isEmpty()) {
      findings.add(
          CheckCode.H0216,
          block.subject().get().span(),
          "`" + word + "` is not an entity",
          findings.near(word, KINDS).or(() -> Optional.of("it is one of node, gpu, service, job")));
    }
    return kind;
  }

  /** The kind that a value names, in the singular or plural. */
  static Optional<EntityKind> kind(Value value, Findings findings) {
    Optional<EntityKind> kind =
        value instanceof Value.Word word
            ? EntityKind.ofAnyNumber(word.name().text())
            : Optional.empty();
    if (kind.isEmpty()) {
      findings.add(
          CheckCode.H0216,
          value.span(),
          "`" + value.span().text() + "` is not an entity",
          findings.near(value.span().text(), KINDS));
    }
    return kind;
  }

  /** A member of a closed set of words. */
  static <E extends Enum<E>> Optional<E> word(Value value, Class<E> words, Findings findings) {
    List<String> known = new ArrayList<>();
    for (E one : words.getEnumConstants()) {
      String word = one.name().toLowerCase(Locale.ROOT);
      known.add(word);
      if (value instanceof Value.Word written && written.name().is(word)) {
        return Optional.of(one);
      }
    }
    findings.add(
        CheckCode.H0216,
        value.span(),
        "`" + value.span().text() + "` is not one of " + String.join(", ", known),
        findings.near(value.span().text(), known));
    return Optional.empty();
  }

  /** The items of a list, or the value alone. */
  static List<Value> items(Value value) {
    return value instanceof Value.ListOf list ? list.items() : List.of(value);
  }

  /** The qualified name of a declaration that a value names. */
  static Optional<String> name(
      Value value, BlockKind kind, CheckCode unknown, Names names, Findings findings) {
    if (!(value instanceof Value.Word word)) {
      findings.add(
          CheckCode.H0305,
          value.span(),
          "`" + value.span().text() + "` is not the name of a " + kind.word());
      return Optional.empty();
    }
    String name = word.name().text();
    if (!names.of(kind).containsKey(name)) {
      findings.add(
          unknown,
          value.span(),
          "no " + kind.word() + " `" + name + "` is declared",
          findings.near(name, names.of(kind).keySet()));
      return Optional.empty();
    }
    names.use(kind, name);
    return Optional.of(names.qualified(name));
  }
}
