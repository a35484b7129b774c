package dev.heal.nvml.metric;

import java.util.ArrayList;
import java.util.List;

/** The names of NVML's bits and numbers. One that is not known is named by its number. */
final class Words {
  /** {@code nvmlClocksEventReason*}, from bit 0. */
  private static final List<String> THROTTLE_REASONS =
      List.of(
          "gpu_idle",
          "applications_clocks",
          "sw_power_cap",
          "hw_slowdown",
          "sync_boost",
          "sw_thermal",
          "hw_thermal",
          "hw_power_brake",
          "display_clocks");

  /** {@code NVML_GPU_RECOVERY_ACTION_*}. */
  private static final List<String> RECOVERY_ACTIONS =
      List.of("none", "reset", "reboot", "drain_p2p", "drain_and_reset");

  /** {@code nvmlComputeMode_t}. */
  private static final List<String> COMPUTE_MODES =
      List.of("default", "exclusive_thread", "prohibited", "exclusive_process");

  /** {@code nvmlMemoryLocation_t}. */
  static final List<String> MEMORIES =
      List.of(
          "l1_cache",
          "l2_cache",
          "dram",
          "register_file",
          "texture_memory",
          "texture_shm",
          "cbu",
          "sram");

  private Words() {}

  static List<String> throttleReasons(long bits) {
    List<String> words = new ArrayList<>();
    for (long left = bits; left != 0; left &= left - 1) {
      int bit = Long.numberOfTrailingZeros(left);
      words.add(bit < THROTTLE_REASONS.size() ? THROTTLE_REASONS.get(bit) : "bit_" + bit);
    }
    return words;
  }

  static List<String> recoveryAction(long number) {
    return List.of(word(RECOVERY_ACTIONS, number));
  }

  static List<String> computeMode(long number) {
    return List.of(word(COMPUTE_MODES, number));
  }

  private static String word(List<String> words, long number) {
    return number >= 0 && number < words.size() ? words.get((int) number) : "unknown_" + number;
  }
}
