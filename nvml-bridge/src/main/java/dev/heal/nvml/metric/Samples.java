package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import java.util.ArrayList;
import java.util.List;

/** Gathers the samples of one GPU: whole numbers as NVML has them, made what their metric says. */
final class Samples {
  private static final int AS_MANY_AS_FAST = 24;

  private final List<Sample> samples = new ArrayList<>(AS_MANY_AS_FAST);

  void gauge(Metric metric, Answer<Long> answer, Scale scale) {
    gauge(metric, "", answer, scale);
  }

  void gauge(Metric metric, String part, Answer<Long> answer, Scale scale) {
    add(metric, part, answer.map(number -> new Value.Gauge(scale.of(number))));
  }

  void count(Metric metric, Answer<Long> answer) {
    count(metric, "", answer);
  }

  void count(Metric metric, String part, Answer<Long> answer) {
    add(metric, part, answer.map(Value.Count::new));
  }

  void flag(Metric metric, Answer<Long> answer) {
    flag(metric, "", answer);
  }

  void flag(Metric metric, String part, Answer<Long> answer) {
    add(metric, part, answer.map(number -> new Value.Flag(number != 0)));
  }

  void words(Metric metric, Answer<List<String>> answer) {
    add(metric, "", answer.map(Value.Words::new));
  }

  void add(Metric metric, String part, Answer<Value> answer) {
    samples.add(new Sample(metric, part, answer));
  }

  List<Sample> all() {
    return samples;
  }
}
