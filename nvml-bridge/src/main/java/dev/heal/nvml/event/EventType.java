package dev.heal.nvml.event;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code nvmlEventType*}: the kinds of events that are listened to, where the driver offers them.
 */
public enum EventType {
  SINGLE_BIT_ECC(0x1),
  DOUBLE_BIT_ECC(0x2),
  /** Its data is the code. */
  XID(0x8),
  CLOCK(0x10),
  POWER_SOURCE(0x80),
  SINGLE_BIT_ECC_STORM(0x200),
  PAGE_RETIRED(0x400),
  PAGE_RETIREMENT_FAILED(0x800),
  NONFATAL_POISON(0x1000),
  FATAL_POISON(0x2000),
  /** The GPU no longer answers. */
  UNAVAILABLE(0x4000),
  /** The driver asks for another recovery action than before. */
  RECOVERY_ACTION(0x8000);

  private final long bit;

  EventType(long bit) {
    this.bit = bit;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<EventType> of(long bit) {
    for (EventType type : values()) {
      if (type.bit == bit) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Those whose bit is in the mask. */
  static Set<EventType> in(long mask) {
    Set<EventType> types = new TreeSet<>();
    for (EventType type : values()) {
      if ((mask & type.bit) != 0) {
        types.add(type);
      }
    }
    return types;
  }

  static long mask(Set<EventType> types) {
    return types.stream().mapToLong(type -> type.bit).reduce(0, (a, b) -> a | b);
  }
}
