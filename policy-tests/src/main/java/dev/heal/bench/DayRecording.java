package dev.heal.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes a day of 8 GPUs as JSON Lines: 12 signals each, once a second, 8,294,400 samples. One GPU
 * runs hot for five minutes; for the rest nothing happens. Seeded: always the same bytes.
 */
final class DayRecording {
  private static final int GPUS = 8;
  private static final int SIGNALS = 12;
  private static final int HOT_GPU = 3;
  private static final int HOT_FROM = 40_000;
  private static final int HOT_TO = 40_300;

  private DayRecording() {}

  /** How many samples there are in so many seconds. */
  static long samples(int seconds) {
    return (long) seconds * GPUS * SIGNALS;
  }

  /** Writes the first seconds of the day, in the order of time. */
  static void write(OutputStream out, int seconds) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Instant start = Instant.parse("2026-01-05T00:00:00Z");
    for (int second = 0; second < seconds; second++) {
      StringBuilder text = new StringBuilder();
      String time = start.plusSeconds(second).toString().replace("Z", ".000Z");
      for (int gpu = 0; gpu < GPUS; gpu++) {
        boolean hot = gpu == HOT_GPU && second >= HOT_FROM && second < HOT_TO;
        String head = "{\"t\":\"" + time + "\",\"entity\":\"gpu:gpu-01/" + gpu + "\",\"signal\":\"";
        gpu(text, head, second, hot, random);
      }
      out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void gpu(
      StringBuilder text, String head, int second, boolean hot, SplittableRandom random) {
    sample(text, head, "nvml.temperature", (hot ? 90 : 60) + random.nextInt(8));
    sample(text, head, "nvml.memory_temperature", 70 + random.nextInt(8));
    sample(text, head, "nvml.temperature_margin", 20 + random.nextInt(8));
    sample(text, head, "nvml.power", 400 + random.nextInt(200));
    sample(text, head, "nvml.utilization", share(0.1 + random.nextDouble() * 0.9));
    sample(text, head, "nvml.memory_used", share(0.6 + (second / 600 % 20) * 0.01));
    sample(text, head, "nvml.sm_clock", (1_500 + random.nextInt(400)) + "e6");
    sample(text, head, "nvml.ecc_corrected", second / 10_000);
    sample(text, head, "nvml.ecc_uncorrected", 0);
    sample(text, head, "nvml.pcie_replays", second / 5_000);
    sample(text, head, "nvml.nvlink_errors", 0);
    sample(text, head, "nvml.present", true);
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static void sample(StringBuilder text, String head, String signal, Object value) {
    text.append(head).append(signal).append("\",\"value\":").append(value).append("}\n");
  }
}
