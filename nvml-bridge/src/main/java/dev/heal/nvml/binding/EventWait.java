package dev.heal.nvml.binding;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.heal.nvml.answer.Answer;
import java.util.Optional;

/** The wait for the events of a set. It is called ten times a second: one thread at a time. */
public final class EventWait {
  /** No instance of MIG. */
  public static final int NO_INSTANCE = -1;

  private final NvmlLibrary library;
  private final Calls calls;
  private final Symbol symbol;
  private final long set;

  /** What the call writes. It is read after each, so that it lives until the call is back. */
  private final Memory event = new Memory(Layouts.EVENT_BYTES);

  private final long out = Pointer.nativeValue(event);

  public EventWait(NvmlLibrary library, Pointer set) {
    this.library = library;
    this.calls = library.calls();
    this.symbol = library.has(Symbol.EVENT_WAIT) ? Symbol.EVENT_WAIT : Symbol.EVENT_WAIT_V1;
    this.set = Pointer.nativeValue(set);
  }

  /**
   * What happened.
   *
   * @param gpuInstance of MIG, or {@link #NO_INSTANCE}
   */
  public record Event(
      Optional<Pointer> device, long type, long data, int gpuInstance, int computeInstance) {}

  /** The next event; empty where none came in this time. */
  public Answer<Optional<Event>> next(int milliseconds) {
    event.clear();
    // Version 1 leaves the instances alone: none.
    event.setInt(Layouts.EVENT_GPU_INSTANCE, NO_INSTANCE);
    event.setInt(Layouts.EVENT_COMPUTE_INSTANCE, NO_INSTANCE);
    int code = calls.readWithin(symbol, set, out, milliseconds);
    Optional<Pointer> device = Optional.ofNullable(event.getPointer(Layouts.EVENT_DEVICE));
    if (code == ReturnCode.TIMEOUT) {
      return Answer.of(Optional.empty());
    }
    if (code != ReturnCode.SUCCESS) {
      return Answer.none(library.refused(symbol, code));
    }
    return Answer.of(
        Optional.of(
            new Event(
                device,
                event.getLong(Layouts.EVENT_TYPE),
                event.getLong(Layouts.EVENT_DATA),
                event.getInt(Layouts.EVENT_GPU_INSTANCE),
                event.getInt(Layouts.EVENT_COMPUTE_INSTANCE))));
  }
}
