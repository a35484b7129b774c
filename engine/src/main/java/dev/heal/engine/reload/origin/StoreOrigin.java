package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.engine.reload.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A generation that is kept in the state directory: the first level. */
public final class StoreOrigin implements Origin {
  private final GenerationStore store;
  private final long number;

  private StoreOrigin(GenerationStore store, long number) {
    this.store = store;
    this.number = number;
  }

  /** One generation. */
  public static Origin of(GenerationStore store, long number) {
    return new StoreOrigin(store, number);
  }

  /**
   * Those that are kept: the one that was in force last, then from the newest to the oldest.
   *
   * @param except the one that is not wanted any more
   */
  public static List<Origin> newestFirst(GenerationStore store, OptionalLong except) {
    List<Origin> origins = new ArrayList<>();
    try {
      for (long number : store.newestFirst()) {
        if (!OptionalLong.of(number).equals(except)) {
          origins.add(new StoreOrigin(store, number));
        }
      }
    } catch (StoreException unreadable) {
      return List.of(new Nothing(Failure.of("the state directory", unreadable)));
    }
    return origins.isEmpty()
        ? List.of(
            new Nothing(
                Failure.of(
                    "the state directory",
                    Failure.Kind.NOTHING_THERE,
                    "no other generation is kept",
                    "generations are kept once they were in force")))
        : origins;
  }

  @Override
  public String name() {
    return "generation " + number + " of the state directory";
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public Answer ask(Optional<String> known) {
    try {
      return new Delivered(
          new Bytes(store.load(number).archive()),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.of(number));
    } catch (StoreException failed) {
      return new Failed(Failure.of(name(), failed));
    }
  }

  /** A store without any. */
  record Nothing(Failure failure) implements Origin {
    @Override
    public String name() {
      return failure.origin();
    }

    @Override
    public boolean isRemote() {
      return false;
    }

    @Override
    public Answer ask(Optional<String> known) {
      return new Failed(failure);
    }
  }
}
