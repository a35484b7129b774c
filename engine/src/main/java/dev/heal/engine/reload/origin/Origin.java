package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Digest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Somewhere bundles can be had from. */
public sealed interface Origin permits StoreOrigin, StoreOrigin.Nothing, RemoteOrigin {
  /** In words: {@code the peer https://n2:9465}. */
  String name();

  /** Whether it is another host: what comes from there is used only where keys are trusted. */
  boolean isRemote();

  /**
   * Asks for its bundle; waits for the answer within the origin's own limits.
   *
   * @param known the tag of the answer that is known already; empty: the whole bundle is wanted
   */
  Answer ask(Optional<String> known);

  /** What came back. */
  sealed interface Answer {
    <R> R match(
        Function<Delivered, R> delivered,
        Function<Unchanged, R> unchanged,
        Function<Failed, R> failed);
  }

  /**
   * Bytes that nobody has looked at.
   *
   * @param tag to ask with the next time
   * @param claimed which bundle it says that it is
   * @param generation of our own that it is; such a one needs to follow nothing
   */
  record Delivered(
      Bytes bytes, Optional<String> tag, Optional<Digest> claimed, OptionalLong generation)
      implements Answer {
    @Override
    public <R> R match(
        Function<Delivered, R> delivered,
        Function<Unchanged, R> unchanged,
        Function<Failed, R> failed) {
      return delivered.apply(this);
    }
  }

  /** What is known already is what it has. */
  record Unchanged() implements Answer {
    @Override
    public <R> R match(
        Function<Delivered, R> delivered,
        Function<Unchanged, R> unchanged,
        Function<Failed, R> failed) {
      return unchanged.apply(this);
    }
  }

  /**
   * Nothing.
   *
   * @param retryAfter seconds after which it wants to be asked again
   */
  record Failed(Failure failure, OptionalLong retryAfter) implements Answer {
    Failed(Failure failure) {
      this(failure, OptionalLong.empty());
    }

    @Override
    public <R> R match(
        Function<Delivered, R> delivered,
        Function<Unchanged, R> unchanged,
        Function<Failed, R> failed) {
      return failed.apply(this);
    }
  }

  /** An archive; not to be changed. */
  final class Bytes {
    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] get() {
      return bytes;
    }
  }
}
