package dev.heal.engine.source.inbox;

/**
 * How much an inbox holds.
 *
 * @param items of all classes, at least 1
 * @param bytes of all items, as they are weighed, at least 1
 * @param faults how many {@link Importance#FAULT} at most, at least {@code items}: they may go
 *     beyond {@code items}, and up to twice {@code bytes}
 */
public record Bounds(int items, long bytes, int faults) {
  public Bounds {
    if (items < 1 || bytes < 1 || faults < items) {
      throw new IllegalArgumentException(
          "an inbox of %d items, %d bytes, %d faults".formatted(items, bytes, faults));
    }
  }
}
