package dev.heal.engine.bench;

import dev.heal.engine.fact.EntityId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Policies in real files, ten to a file, beside a site of one node with eight GPUs. One number of
 * one file is another in each round; it is of a signal that nobody hears, so that what is decided
 * on facts is the same in all rounds.
 */
final class PolicyFolder {
  static final int GPUS = 8;
  private static final int A_FILE = 10;

  /** Crossed by a temperature of {@link #SPIKE} at once; all others need longer than a spike. */
  private static final String SITE =
      """
      heal 1
      node n1 { gpu 0, gpu 1, gpu 2, gpu 3, gpu 4, gpu 5, gpu 6, gpu 7 }
      pager oncall { webhook "https://example.org/page" }
      fault spike on gpu "Too hot" {
        when       nvml.temperature >= 95C
        clear when nvml.temperature < 90C
        missing    freeze
      }
      policy calm {
        on spike, within 10m, priority 90, attempts 1000 over 1h, mode enforce
        try     { throttle gpu { power 300W }, takes 1s, confirm nvml.temperature < 90C, timeout 10m }
        give up { page oncall }
      }
      """;

  static final double SPIKE = 96;

  private static final String POLICY =
      """
      fault f@N@ on gpu "Bench @N@" {
        when       @WHEN@
        clear when nvml.temperature < 60C for 1m
        missing    freeze
      }
      policy p@N@ {
        on f@N@, within 30m, priority 50, cooldown 30m per gpu, attempts 4 over 6h, mode enforce
        try     { throttle gpu { power 300W }, takes 1s, confirm nvml.temperature < 60C for 10s, timeout 10m }
        or else { throttle gpu { power 250W }, takes 1s, confirm nvml.temperature < 60C for 10s, timeout 10m }
        give up { page oncall }
      }
      """;

  private final Path folder;
  private final int policies;

  /**
   * Writes them, as they are in round 0.
   *
   * @param policies how many, the one of the site among them
   */
  PolicyFolder(Path folder, int policies) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.policies = policies;
    Files.writeString(folder.resolve("site.heal"), SITE);
    for (int first = 1; first < policies; first += A_FILE) {
      Files.writeString(folder.resolve(name(first)), file(first, 0));
    }
  }

  Path path() {
    return folder;
  }

  static EntityId gpu(int number) {
    return EntityId.gpu("n1", number);
  }

  private static String name(int first) {
    return String.format(Locale.ROOT, "bench-%04d.heal", first);
  }

  private String file(int first, int round) {
    StringBuilder text = new StringBuilder("heal 1\n");
    for (int n = first; n < Math.min(policies, first + A_FILE); n++) {
      text.append(
          POLICY
              .replace("@N@", Integer.toString(n))
              .replace("@WHEN@", n == first ? unheard(round) : when(n)));
    }
    return text.toString();
  }

  private static String unheard(int round) {
    return String.format(Locale.ROOT, "nvml.memory_temperature >= %.3fC for 10s", 90 + round / 1e3);
  }

  /** Levels and joins, and one in twenty a window, each with a number of its own. */
  private static String when(int n) {
    double own = n / 1e3;
    return switch (n % 5) {
      case 0 -> String.format(Locale.ROOT, "nvml.temperature >= %.3fC for 1m", 85 + own);
      case 1 -> String.format(Locale.ROOT, "nvml.power >= %.3fW for 30s", 600 + own);
      case 2 ->
          n % 20 == 2
              ? String.format(Locale.ROOT, "avg(nvml.utilization) >= %.3f%% over 1m", 97 + own)
              : String.format(Locale.ROOT, "nvml.temperature >= %.3fC for 2m", 86 + own);
      case 3 ->
          String.format(
              Locale.ROOT, "(nvml.temperature >= %.3fC and nvml.power >= 550W) for 20s", 84 + own);
      default -> String.format(Locale.ROOT, "nvml.utilization >= %.3f%% for 5m", 97 + own);
    };
  }

  /** Saves one file with another number, as an editor does: written elsewhere, and moved. */
  void save(int round) throws IOException {
    int files = (policies - 2) / A_FILE + 1;
    int first = 1 + round % files * A_FILE;
    Path fresh = Files.writeString(folder.resolve(".saved.tmp"), file(first, round));
    Files.move(fresh, folder.resolve(name(first)), StandardCopyOption.REPLACE_EXISTING);
  }
}
