package dev.heal.engine.cli.gpus;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.metric.Sample;
import dev.heal.nvml.metric.Value;
import dev.heal.nvml.session.Driver;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** GPUs as a table, with what could not be read below it. */
public final class GpuTable {
  private static final List<String> HEAD =
      List.of("GPU", "PCI", "NAME", "TEMP", "POWER", "UTIL", "MEMORY", "SM CLOCK", "ECC", "STATE");
  private static final double GIB = 1L << 30;
  private static final String ABSENT = "-";

  private GpuTable() {}

  /** The table, with line ends. */
  public static String of(Poll poll) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    poll.gpus().forEach(gpu -> rows.add(row(gpu)));
    StringBuilder text = new StringBuilder(driver(poll.driver()));
    text.append(", ")
        .append(poll.gpus().size())
        .append(poll.gpus().size() == 1 ? " GPU" : " GPUs")
        .append("\n\n");
    for (List<String> row : rows) {
      text.append(line(row, widths(rows))).append('\n');
    }
    List<String> problems = problems(poll);
    if (!problems.isEmpty()) {
      text.append('\n').append(String.join("\n", problems)).append('\n');
    }
    return text.toString();
  }

  private static String driver(Answer<Driver> driver) {
    return driver.match(
        d ->
            "driver "
                + d.version()
                + d.nvml().map(v -> ", NVML " + v).orElse("")
                + d.cuda().map(v -> ", CUDA " + v).orElse(""),
        Problem::toString);
  }

  private static List<String> row(GpuSamples gpu) {
    String pci = gpu.gpu().pci().orElse(ABSENT);
    String name = gpu.gpu().name().orElse(ABSENT);
    String index = Integer.toString(gpu.gpu().index());
    Optional<Problem> absent = gpu.of(Metric.PRESENT).flatMap(Answer::problem);
    if (absent.isPresent()) {
      String cell = ABSENT;
      return List.of(
          index, pci, name, cell, cell, cell, cell, cell, cell, absent.get().kind().words());
    }
    return List.of(
        index,
        pci,
        name,
        cell(gpu, Metric.TEMPERATURE, "%.0f C", 1),
        power(gpu),
        cell(gpu, Metric.UTILIZATION, "%.0f %%", 0.01),
        memory(gpu),
        cell(gpu, Metric.SM_CLOCK, "%.0f MHz", 1e6),
        ecc(gpu),
        state(gpu));
  }

  private static Optional<Double> number(GpuSamples gpu, Metric metric) {
    return gpu.of(metric)
        .flatMap(Answer::value)
        .map(
            value ->
                value instanceof Value.Count count
                    ? (double) count.value()
                    : ((Value.Gauge) value).value());
  }

  private static String cell(GpuSamples gpu, Metric metric, String format, double unit) {
    return number(gpu, metric)
        .map(value -> String.format(Locale.ROOT, format, value / unit))
        .orElse(ABSENT);
  }

  private static String power(GpuSamples gpu) {
    String limit = cell(gpu, Metric.POWER_LIMIT, " of %.0f W", 1);
    return cell(gpu, Metric.POWER, "%.0f", 1) + (limit.equals(ABSENT) ? " W" : limit);
  }

  private static String memory(GpuSamples gpu) {
    return cell(gpu, Metric.MEMORY_USED_BYTES, "%.1f", GIB)
        + cell(gpu, Metric.MEMORY_TOTAL_BYTES, " of %.1f GiB", GIB);
  }

  /** Corrected and uncorrected errors since the driver was loaded. */
  private static String ecc(GpuSamples gpu) {
    return cell(gpu, Metric.ECC_CORRECTED, "%.0f", 1)
        + "/"
        + cell(gpu, Metric.ECC_UNCORRECTED, "%.0f", 1);
  }

  /** What a person should see at once; {@code ok} where there is nothing. */
  private static String state(GpuSamples gpu) {
    List<String> words = new ArrayList<>();
    words(gpu, Metric.RECOVERY_ACTION).stream()
        .filter(word -> !word.equals("none"))
        .forEach(word -> words.add("wants " + word));
    words(gpu, Metric.THROTTLE_REASONS).stream()
        .filter(word -> !word.equals("gpu_idle"))
        .forEach(words::add);
    if (isOn(gpu, Metric.REMAP_FAILED)) {
      words.add("remap failed");
    }
    if (isOn(gpu, Metric.REMAP_PENDING)) {
      words.add("remap pending");
    }
    if (isOn(gpu, Metric.RETIRED_PAGES_PENDING)) {
      words.add("page retirement pending");
    }
    long down =
        gpu.samples().stream()
            .filter(s -> s.metric() == Metric.NVLINK_UP)
            .filter(s -> s.answer().value().filter(v -> !((Value.Flag) v).on()).isPresent())
            .count();
    if (down > 0) {
      words.add(down + " NVLinks down");
    }
    if (isOn(gpu, Metric.MIG)) {
      words.add("MIG");
    }
    return words.isEmpty() ? "ok" : String.join(", ", words);
  }

  private static List<String> words(GpuSamples gpu, Metric metric) {
    return gpu.of(metric)
        .flatMap(Answer::value)
        .map(value -> ((Value.Words) value).words())
        .orElse(List.of());
  }

  private static boolean isOn(GpuSamples gpu, Metric metric) {
    return gpu.of(metric)
        .flatMap(Answer::value)
        .filter(value -> ((Value.Flag) value).on())
        .isPresent();
  }

  /** Which metrics have no value, for which reason, on which GPUs: a line for each reason. */
  private static List<String> problems(Poll poll) {
    Map<String, TreeSet<Integer>> gpusByProblem = new LinkedHashMap<>();
    for (GpuSamples gpu : poll.gpus()) {
      Map<String, TreeSet<String>> metrics = new LinkedHashMap<>();
      Set<Metric> read = EnumSet.noneOf(Metric.class);
      gpu.samples().stream()
          .filter(sample -> sample.answer().value().isPresent())
          .forEach(sample -> read.add(sample.metric()));
      for (Sample sample : gpu.samples()) {
        sample
            .answer()
            .problem()
            .filter(problem -> !read.contains(sample.metric())) // some part of it has a value
            .ifPresent(
                problem ->
                    metrics
                        .computeIfAbsent(reason(problem), r -> new TreeSet<>())
                        .add(sample.metric().word()));
      }
      metrics.forEach(
          (reason, names) ->
              gpusByProblem
                  .computeIfAbsent(
                      names.contains(Metric.PRESENT.word())
                          ? "does not answer: " + reason
                          : reason + ": " + String.join(", ", names),
                      p -> new TreeSet<>())
                  .add(gpu.gpu().index()));
    }
    return gpusByProblem.entrySet().stream()
        .map(entry -> gpus(entry.getValue()) + ": " + entry.getKey())
        .toList();
  }

  /** NVML's own text where the kind does not say it all. */
  private static String reason(Problem problem) {
    return switch (problem.kind()) {
      case NOT_SUPPORTED, NO_PERMISSION, GPU_LOST -> problem.kind().words();
      case LIBRARY_MISSING, DRIVER_NOT_LOADED, TIMED_OUT, FAILED -> problem.toString();
    };
  }

  /** {@code GPU 0-3, 6}. */
  private static String gpus(NavigableSet<Integer> indexes) {
    List<String> runs = new ArrayList<>();
    int from = indexes.first();
    int to = from;
    for (int index : indexes.tailSet(from, false)) {
      if (index > to + 1) {
        runs.add(run(from, to));
        from = index;
      }
      to = index;
    }
    runs.add(run(from, to));
    return "GPU " + String.join(", ", runs);
  }

  private static String run(int from, int to) {
    return from == to ? Integer.toString(from) : from + "-" + to;
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return widths;
  }

  private static String line(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      boolean text = column < 3 || column == row.size() - 1;
      String padding = " ".repeat(widths[column] - cell.length());
      cells.add(text ? cell + padding : padding + cell);
    }
    return cells.stream().collect(Collectors.joining("  ")).stripTrailing();
  }
}
