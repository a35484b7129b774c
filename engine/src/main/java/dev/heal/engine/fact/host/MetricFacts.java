package dev.heal.engine.fact.host;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.probe.MetricSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The samples of an endpoint as the {@code metric.NAME} of a service, or the {@code train.…} of a
 * job ({@code train_loss}), for the signals that policies read. Where several label sets have the
 * name, what is counted adds up, and of anything else the largest is taken, unless the signal says:
 * {@code metric.NAME.sum}, {@code .min}, {@code .max}.
 */
public final class MetricFacts {
  private static final String OF_SERVICE = "metric.";
  private static final String OF_JOB = "train.";

  /** What becomes of several values of one name. */
  private enum Several {
    AS_EXPOSED,
    SUM,
    MIN,
    MAX
  }

  private record Wanted(String signal, Several several) {}

  private final Map<String, List<Wanted>> wanted = new TreeMap<>();

  private MetricFacts() {}

  /** Nothing is wanted of kinds that have no endpoints. */
  public static MetricFacts of(EntityKind kind, CheckedPolicy policies) {
    MetricFacts facts = new MetricFacts();
    Set<String> signals = new TreeSet<>();
    for (Signal signal : SignalsInUse.of(policies)) {
      if (signal.entity() == kind) {
        signals.add(signal.name());
      }
    }
    for (String signal : signals) {
      if (kind == EntityKind.SERVICE && signal.startsWith(OF_SERVICE)) {
        facts.want(signal, signal.substring(OF_SERVICE.length()));
      } else if (kind == EntityKind.JOB && signal.startsWith(OF_JOB)) {
        facts.want(signal, signal);
      }
    }
    return facts;
  }

  private void want(String signal, String asked) {
    int dot = asked.lastIndexOf('.');
    Several several =
        switch (asked.substring(dot + 1)) {
          case "sum" -> Several.SUM;
          case "min" -> Several.MIN;
          case "max" -> Several.MAX;
          default -> Several.AS_EXPOSED;
        };
    boolean named = dot >= 0 && several != Several.AS_EXPOSED;
    String name = MetricSample.plain(named ? asked.substring(0, dot) : asked);
    wanted
        .computeIfAbsent(name, n -> new ArrayList<>())
        .add(new Wanted(signal, named ? several : Several.AS_EXPOSED));
  }

  /** The names to ask an endpoint for, as {@link MetricSample#plain} writes them. */
  public Set<String> names() {
    return Set.copyOf(wanted.keySet());
  }

  /** What one scrape tells. An infinite value is no fact: the rules know none. */
  public List<Fact> facts(EntityId entity, List<MetricSample> samples, long at) {
    Map<String, List<MetricSample>> byName = new HashMap<>();
    for (MetricSample sample : samples) {
      byName.computeIfAbsent(MetricSample.plain(sample.name()), n -> new ArrayList<>()).add(sample);
    }
    List<Fact> facts = new ArrayList<>();
    wanted.forEach(
        (name, signals) ->
            Optional.ofNullable(byName.get(name))
                .ifPresent(
                    found ->
                        signals.forEach(
                            signal -> {
                              double value = one(found, signal.several());
                              if (!Double.isInfinite(value)) {
                                facts.add(new Fact.Sample(at, entity, signal.signal(), value));
                              }
                            })));
    return facts;
  }

  /** Not a number where one of them is none: nobody knows what it would have been. */
  private static double one(List<MetricSample> samples, Several several) {
    boolean adds = samples.stream().allMatch(MetricSample::additive);
    double value = samples.get(0).value();
    for (MetricSample sample : samples.subList(1, samples.size())) {
      value =
          switch (several) {
            case SUM -> value + sample.value();
            case MIN -> Math.min(value, sample.value());
            case MAX -> Math.max(value, sample.value());
            case AS_EXPOSED -> adds ? value + sample.value() : Math.max(value, sample.value());
          };
    }
    return value;
  }
}
