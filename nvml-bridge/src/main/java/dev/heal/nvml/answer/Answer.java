package dev.heal.nvml.answer;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What NVML says when it is asked: a value, or why there is none. There are no sentinels.
 *
 * <p>Each case goes on by itself, without a function for the other one: a poll has hundreds.
 */
public sealed interface Answer<T> {
  /** It answered. */
  record Value<T>(T get) implements Answer<T> {
    public Value {
      Objects.requireNonNull(get);
    }

    @Override
    public <R> R match(Function<T, R> value, Function<Problem, R> none) {
      return value.apply(get);
    }

    @Override
    public Optional<T> value() {
      return Optional.of(get);
    }

    @Override
    public Optional<Problem> problem() {
      return Optional.empty();
    }

    @Override
    public <R> Answer<R> then(Function<T, Answer<R>> next) {
      return next.apply(get);
    }

    @Override
    public <R> Answer<R> map(Function<T, R> change) {
      return new Value<>(change.apply(get));
    }

    @Override
    public Answer<T> orIfNotSupported(Supplier<Answer<T>> other) {
      return this;
    }
  }

  /** It has no value, for a reason. */
  record None<T>(Problem why) implements Answer<T> {
    public None {
      Objects.requireNonNull(why);
    }

    @Override
    public <R> R match(Function<T, R> value, Function<Problem, R> none) {
      return none.apply(why);
    }

    @Override
    public Optional<T> value() {
      return Optional.empty();
    }

    @Override
    public Optional<Problem> problem() {
      return Optional.of(why);
    }

    @Override
    public <R> Answer<R> then(Function<T, Answer<R>> next) {
      return new None<>(why);
    }

    @Override
    public <R> Answer<R> map(Function<T, R> change) {
      return new None<>(why);
    }

    @Override
    public Answer<T> orIfNotSupported(Supplier<Answer<T>> other) {
      if (why.kind() != Problem.Kind.NOT_SUPPORTED) {
        return this;
      }
      Answer<T> second = other.get();
      boolean neither =
          second.problem().filter(p -> p.kind() == Problem.Kind.NOT_SUPPORTED).isPresent();
      return neither ? this : second;
    }
  }

  static <T> Answer<T> of(T value) {
    return new Value<>(value);
  }

  static <T> Answer<T> none(Problem problem) {
    return new None<>(problem);
  }

  static <T> Answer<T> none(Problem.Kind kind, String text) {
    return new None<>(Problem.of(kind, text));
  }

  /** Goes on with the one or the other. */
  <R> R match(Function<T, R> value, Function<Problem, R> none);

  Optional<T> value();

  Optional<Problem> problem();

  <R> Answer<R> map(Function<T, R> change);

  <R> Answer<R> then(Function<T, Answer<R>> next);

  /**
   * Asks another way where this one is not supported; the first problem stays if that is not
   * either.
   */
  Answer<T> orIfNotSupported(Supplier<Answer<T>> other);
}
