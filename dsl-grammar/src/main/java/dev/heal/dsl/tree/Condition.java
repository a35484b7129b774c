package dev.heal.dsl.tree;

import dev.heal.dsl.text.Span;
import java.util.List;
import java.util.Optional;

/** A condition as written. {@code and} and {@code or} never mix without a {@link Group}. */
public sealed interface Condition {
  Span span();

  /** {@code a and b and c}. */
  record And(List<Condition> parts, Span span) implements Condition {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /** {@code a or b or c}. */
  record Or(List<Condition> parts, Span span) implements Condition {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  /** {@code not a}. */
  record Not(Condition part, Span span) implements Condition {}

  /** {@code ( … )}. */
  record Group(Condition part, Span span) implements Condition {}

  /** {@code a for 60s}: the part is an atom or a group. */
  record Held(Condition part, Value duration, Span span) implements Condition {}

  /** {@code a == b}, with {@code over 10m} where one stands there. */
  record Compare(
      Operand left, ComparisonOperator operator, Value right, Optional<Value> over, Span span)
      implements Condition {}

  /** {@code xid in [48, 94]}. */
  record In(Operand left, Value.ListOf list, Span span) implements Condition {}

  /** {@code labels contains "x"}, {@code contains ["x", "y"]}: any of them. */
  record Contains(Name left, Value right, Span span) implements Condition {}

  /** {@code log matches `…`}. */
  record Matches(Name left, Value.Pattern pattern, Span span) implements Condition {}

  /** {@code heartbeat silent}, {@code heartbeat alive}. */
  record Silence(Name left, boolean alive, Span span) implements Condition {}

  /** {@code train.loss is nan}. */
  record IsNan(Name left, Span span) implements Condition {}

  /** {@code process exits}, {@code process exits with signal in […]}, {@code with code == 1}. */
  record Exits(Name process, Optional<ExitFilter> filter, Span span) implements Condition {}

  /** What stands behind {@code exits with}. Exactly one of comparison and list is there. */
  record ExitFilter(
      Name subject,
      Optional<ComparisonOperator> operator,
      Optional<Value> value,
      Optional<Value.ListOf> list,
      Span span) {}

  /** {@code check dcgm}. */
  record CheckPasses(Name check, Span span) implements Condition {}

  /** A bare name: a flag ({@code service.healthy}) or an event ({@code oom_kill}). */
  record Bare(Name name, Span span) implements Condition {}

  /** The left side of a comparison. */
  sealed interface Operand {
    Span span();

    /** A signal. */
    record Signal(Name name) implements Operand {
      @Override
      public Span span() {
        return name.span();
      }
    }

    /** {@code count(xid in [48]) }, {@code ratio(train.loss, 50 samples)}. */
    record Call(Name function, List<Argument> arguments, Span span) implements Operand {
      public Call {
        arguments = List.copyOf(arguments);
      }
    }
  }

  /** An argument of a function. */
  sealed interface Argument {
    Span span();

    /** A condition, or a bare signal name as {@link Bare}. */
    record OfCondition(Condition condition) implements Argument {
      @Override
      public Span span() {
        return condition.span();
      }
    }

    /** {@code 60s}, or {@code 50 samples} as two values. */
    record OfValues(List<Value> values, Span span) implements Argument {
      public OfValues {
        values = List.copyOf(values);
      }
    }
  }
}
