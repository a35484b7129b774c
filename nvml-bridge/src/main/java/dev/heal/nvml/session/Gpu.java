package dev.heal.nvml.session;

import java.util.Optional;

/**
 * A GPU, as it was first seen. It stays the same one through resets, driver reloads and removal.
 *
 * @param index NVML's index when it was first seen; kept when others are removed
 * @param uuid empty only for a GPU that was lost before it was ever seen, as all the others
 * @param pci domain of 4 digits where that is enough, as the kernel log writes it: {@code
 *     0000:3b:00.0}
 */
public record Gpu(
    int index,
    Optional<String> uuid,
    Optional<String> pci,
    Optional<String> name,
    Optional<String> serial,
    Optional<Integer> minor) {

  /** Of a GPU of which nothing but its index is known. */
  static Gpu unseen(int index) {
    return new Gpu(
        index,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Every poll looks GPUs up by themselves. */
  @Override
  public int hashCode() {
    return index;
  }

  /** {@code GPU 3}, for messages. */
  @Override
  public String toString() {
    return "GPU " + index + uuid.map(u -> " (" + u + ")").orElse("");
  }
}
