package dev.heal.nvml.event;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.EventWait;
import dev.heal.nvml.binding.NvmlLibrary;
import dev.heal.nvml.binding.ReturnCode;
import dev.heal.nvml.binding.Symbol;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** An event set of NVML. It is gone when NVML is shut down. */
final class EventSet {
  private final Pointer set;
  private final EventWait wait;

  private EventSet(NvmlLibrary library, Pointer set) {
    this.set = set;
    this.wait = new EventWait(library, set);
  }

  static Answer<EventSet> create(NvmlLibrary library) {
    try (Memory out = new Memory(Native.POINTER_SIZE)) {
      out.clear();
      int code = library.call(Symbol.EVENT_SET_CREATE, out);
      return code == ReturnCode.SUCCESS
          ? Answer.of(new EventSet(library, out.getPointer(0)))
          : Answer.none(library.problem(Symbol.EVENT_SET_CREATE, code));
    }
  }

  /** Asks for all events that the GPU offers of those we know. */
  Answer<Set<EventType>> register(Device device) {
    return device
        .wide(Symbol.SUPPORTED_EVENTS)
        .map(EventType::in)
        .then(
            offered ->
                device
                    .call(Symbol.REGISTER_EVENTS, EventType.mask(offered), set)
                    .map(registered -> offered));
  }

  /** Waits for the next; empty where none came in this time. */
  Answer<Optional<EventWait.Event>> await(Duration slice) {
    return wait.next((int) slice.toMillis());
  }

  void free(NvmlLibrary library) {
    library.call(Symbol.EVENT_SET_FREE, set);
  }
}
