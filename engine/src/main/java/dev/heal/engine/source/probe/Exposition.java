package dev.heal.engine.source.probe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One answer in the text format of Prometheus, line by line: the samples that are wanted. */
final class Exposition {
  private static final Pattern TYPE =
      Pattern.compile("[ \\t]*#[ \\t]+TYPE[ \\t]+\"?([^ \\t\"]+)\"?[ \\t]+(\\w+)[ \\t]*");

  /** Of a histogram or summary these add up; its buckets are cumulative, and quantiles are none. */
  private static final List<String> COUNTED = List.of("_sum", "_count");

  private final Set<String> names;
  private final Set<String> additive = new HashSet<>();
  private final List<MetricSample> samples = new ArrayList<>();
  private int malformed;

  /**
   * @param names as {@link MetricSample#plain} writes them
   */
  Exposition(Set<String> names) {
    this.names = names;
  }

  void line(String line) {
    Matcher type = TYPE.matcher(line);
    if (line.startsWith("#") && type.matches()) {
      type(type.group(1), type.group(2));
      return;
    }
    try {
      SampleLine.parse(line, names)
          .map(
              sample ->
                  new MetricSample(
                      sample.name(),
                      sample.labels(),
                      sample.value(),
                      additive.contains(sample.name()) || sample.name().endsWith("_total")))
          .ifPresent(samples::add);
    } catch (SampleLine.Malformed e) {
      malformed++;
    }
  }

  private void type(String family, String type) {
    switch (type) {
      case "counter" -> {
        adds(family);
        adds(family + "_total");
      }
      case "histogram", "summary", "gaugehistogram" ->
          COUNTED.forEach(suffix -> adds(family + suffix));
      default -> {
        // a gauge, an info, a state set: their label sets stand side by side
      }
    }
  }

  private void adds(String name) {
    if (names.contains(MetricSample.plain(name))) {
      additive.add(name);
    }
  }

  List<MetricSample> samples() {
    return samples;
  }

  /** Lines that could not be read. */
  int malformed() {
    return malformed;
  }
}
