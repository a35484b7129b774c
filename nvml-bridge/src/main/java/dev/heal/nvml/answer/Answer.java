package dev.heal.nvml.answer;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What NVML says when it is asked: a value, or why there is none. There are no sentinels. */
public sealed interface Answer<T> {
  /** It answered. */
  record Value<T>(T get) implements Answer<T> {
    public Value {
      Objects.requireNonNull(get);
    }
  }

  /** It has no value, for a reason. */
  record None<T>(Problem why) implements Answer<T> {
    public None {
      Objects.requireNonNull(why);
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
  default <R> R match(Function<T, R> value, Function<Problem, R> none) {
    return this instanceof Value<T> answered
        ? value.apply(answered.get())
        : none.apply(((None<T>) this).why());
  }

  default Optional<T> value() {
    return match(Optional::of, problem -> Optional.empty());
  }

  default Optional<Problem> problem() {
    return match(value -> Optional.empty(), Optional::of);
  }

  default <R> Answer<R> map(Function<T, R> change) {
    return match(value -> of(change.apply(value)), Answer::none);
  }

  default <R> Answer<R> then(Function<T, Answer<R>> next) {
    return match(next, Answer::none);
  }

  /**
   * Asks another way where this one is not supported; the first problem stays if that is not
   * either.
   */
  default Answer<T> orIfNotSupported(Supplier<Answer<T>> other) {
    return match(
        value -> this,
        problem -> {
          if (problem.kind() != Problem.Kind.NOT_SUPPORTED) {
            return this;
          }
          Answer<T> second = other.get();
          return second.problem().filter(p -> p.kind() == Problem.Kind.NOT_SUPPORTED).isPresent()
              ? this
              : second;
        });
  }
}
