package dev.heal.engine.fact.nvml;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.log.LogFacts;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.event.EventType;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.metric.Sample;
import dev.heal.nvml.metric.Value;
import dev.heal.nvml.session.Gpu;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Polls and events of one host as facts about {@code gpu:NODE/INDEX}. */
public final class NvmlFacts {
  /** The metrics that are signals as they are. */
  private static final Map<Metric, String> SIGNALS = new EnumMap<>(Metric.class);

  static {
    for (Metric metric :
        List.of(
            Metric.TEMPERATURE,
            Metric.TEMPERATURE_MARGIN,
            Metric.MEMORY_TEMPERATURE,
            Metric.POWER,
            Metric.UTILIZATION,
            Metric.MEMORY_USED,
            Metric.SM_CLOCK,
            Metric.MEMORY_CLOCK,
            Metric.ECC_CORRECTED,
            Metric.ECC_UNCORRECTED,
            Metric.REMAP_PENDING,
            Metric.REMAP_FAILED,
            Metric.RECOVERY_ACTION,
            Metric.THROTTLE_REASONS,
            Metric.NVLINK_ERRORS,
            Metric.PCIE_REPLAYS,
            Metric.POWER_LIMIT,
            Metric.FAN,
            Metric.PCIE_GENERATION,
            Metric.PCIE_WIDTH)) {
      SIGNALS.put(metric, "nvml." + metric.word());
    }
  }

  private final String node;

  /** For the host of this name. */
  public NvmlFacts(String node) {
    this.node = node;
  }

  /** The GPU as facts name it. */
  public EntityId entity(Gpu gpu) {
    return EntityId.gpu(node, gpu.index());
  }

  /** What a poll has read. */
  public List<Fact> facts(Poll poll) {
    long at = nanos(poll.at());
    List<Fact> facts = new ArrayList<>();
    for (GpuSamples gpu : poll.gpus()) {
      Gathered gathered = new Gathered(at, entity(gpu.gpu()), facts);
      gpu.samples().forEach(gathered::take);
      gathered.end();
    }
    return facts;
  }

  /** An event; empty where it is about no GPU that is known. */
  public Optional<Fact.Event> fact(Notice.GpuEvent event) {
    return event.gpu().map(gpu -> fact(event, entity(gpu)));
  }

  private static Fact.Event fact(Notice.GpuEvent event, EntityId gpu) {
    long at = nanos(event.at());
    if (event.type() == EventType.XID) {
      return LogFacts.xid(gpu, (int) event.data(), at);
    }
    String signal =
        event.type() == EventType.RECOVERY_ACTION
            ? "nvml.recovery_action_changed" // `nvml.recovery_action` is the word itself
            : "nvml." + event.type().word();
    return new Fact.Event(at, gpu, signal, Map.of("data", Long.toString(event.data())));
  }

  private static long nanos(Instant at) {
    return Math.addExact(
        Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), (long) at.getNano());
  }

  /** The samples of one GPU; some signals are made of several. */
  private static final class Gathered {
    private final long at;
    private final EntityId gpu;
    private final List<Fact> facts;
    private final Sum linksDown = new Sum();
    private final Sum retiredPages = new Sum();
    private final Sum remappedRows = new Sum();

    Gathered(long at, EntityId gpu, List<Fact> facts) {
      this.at = at;
      this.gpu = gpu;
      this.facts = facts;
    }

    void take(Sample sample) {
      Answer<Value> answer = sample.answer();
      switch (sample.metric()) {
        case PRESENT -> number("nvml.present", answer.value().isPresent() ? 1 : 0);
        case PROCESSES ->
            answer.value().ifPresent(count -> number("idle", Values.number(count) == 0 ? 1 : 0));
        case NVLINK_UP -> linksDown.add(answer.map(up -> 1 - Values.number(up)));
        case RETIRED_PAGES_CORRECTED, RETIRED_PAGES_UNCORRECTED ->
            retiredPages.add(answer.map(Values::number));
        case REMAPPED_ROWS_CORRECTED, REMAPPED_ROWS_UNCORRECTED ->
            remappedRows.add(answer.map(Values::number));
        default -> plain(sample);
      }
    }

    private void plain(Sample sample) {
      String signal = SIGNALS.get(sample.metric());
      if (signal == null || !sample.part().isEmpty()) {
        return; // not in the vocabulary
      }
      sample
          .answer()
          .value()
          .ifPresent(
              value -> {
                if (value instanceof Value.Words words) {
                  facts.add(new Fact.Word(at, gpu, signal, words.joined()));
                } else {
                  number(signal, Values.number(value));
                }
              });
    }

    void end() {
      linksDown.whole().ifPresent(sum -> number("nvml.nvlinks_down", sum));
      retiredPages.whole().ifPresent(sum -> number("nvml.retired_pages", sum));
      remappedRows.whole().ifPresent(sum -> number("nvml.remapped_rows", sum));
    }

    private void number(String signal, double value) {
      facts.add(new Fact.Sample(at, gpu, signal, value));
    }
  }

  /** A sum of parts; none where a part could not be read, or there was none. */
  private static final class Sum {
    private double sum;
    private boolean whole = true;
    private boolean any;

    void add(Answer<Double> part) {
      any = true;
      whole &= part.value().isPresent();
      sum += part.value().orElse(0.0);
    }

    Optional<Double> whole() {
      return any && whole ? Optional.of(sum) : Optional.empty();
    }
  }
}
