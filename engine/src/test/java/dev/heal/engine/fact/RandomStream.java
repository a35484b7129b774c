package dev.heal.engine.fact;

import dev.heal.dsl.policy.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What is heard in a minute or so: quiet stretches, several facts of one second, late and repeated
 * ones, a clock that jumps forward and back.
 */
final class RandomStream {
  private static final List<String> LINES =
      List.of("rank 3 hangs", "rank 12 hangs and rank 4", "all is well", "hang");

  /** Something that happens to the stage, and to the history. */
  interface Input {
    List<FactChange> tell(FactStage stage);

    void tell(History history);
  }

  record Heard(Fact fact) implements Input {
    @Override
    public List<FactChange> tell(FactStage stage) {
      return stage.accept(fact);
    }

    @Override
    public void tell(History history) {
      history.hear(fact);
    }
  }

  private record Advance(long to) implements Input {
    @Override
    public List<FactChange> tell(FactStage stage) {
      return stage.advanceTo(to * 1_000_000_000L);
    }

    @Override
    public void tell(History history) {
      history.advance(to);
    }
  }

  record Ended(FaultInstance instance, long at) implements Input {
    @Override
    public List<FactChange> tell(FactStage stage) {
      return stage.clear(instance, at * 1_000_000_000L, "by hand");
    }

    @Override
    public void tell(History history) {
      history.end(instance.entity(), at);
    }
  }

  private final Random random;
  private final Fault fault;
  private final List<Input> inputs = new ArrayList<>();

  RandomStream(Random random, Fault fault) {
    this.random = random;
    this.fault = fault;
  }

  List<Input> inputs() {
    long quietUntil = 0;
    long t = 1;
    for (int turn = 0; turn < 36; turn++) {
      t += 1;
      if (random.nextInt(30) == 0) {
        t = Math.max(1, t + (random.nextBoolean() ? 25 : -6));
      }
      if (random.nextInt(12) == 0) {
        quietUntil = t + random.nextInt(10);
      }
      while (t >= quietUntil && random.nextInt(4) > 0) {
        long late = random.nextInt(8) == 0 ? random.nextInt(4) : 0;
        Fact fact = fact(Math.max(0, t - late));
        inputs.add(new Heard(fact));
        if (random.nextInt(10) == 0) {
          inputs.add(new Heard(fact));
        }
      }
      if (random.nextInt(25) == 0) {
        inputs.add(new Ended(new FaultInstance("f", entity()), t));
      }
      if (random.nextInt(3) == 0) {
        inputs.add(new Advance(t));
      }
    }
    inputs.add(new Advance(t + 40));
    return inputs;
  }

  private EntityId entity() {
    return switch (fault.entity()) {
      case NODE -> History.NODE;
      case GPU -> random.nextBoolean() ? History.GPU0 : History.GPU1;
      case SERVICE -> History.LLM;
      case JOB -> throw new IllegalStateException("no fault is on a job");
    };
  }

  private Fact fact(long t) {
    long at = t * 1_000_000_000L;
    return switch (random.nextInt(5)) {
      case 0 -> ofNode(at);
      case 1 -> ofService(at);
      default -> ofGpu(at, random.nextInt(4) == 0 ? History.GPU1 : History.GPU0);
    };
  }

  private Fact ofNode(long at) {
    return switch (random.nextInt(4)) {
      case 0 -> event(at, History.NODE, "heartbeat", Map.of());
      case 1 ->
          event(at, History.NODE, "oom_kill", Map.of("pid", "7", "name", any("vllm", "python")));
      default -> new Fact.Sample(at, History.NODE, any("net.rtt", "net.loss"), number());
    };
  }

  private Fact ofService(long at) {
    return switch (random.nextInt(5)) {
      case 0 -> event(at, History.LLM, "log", Map.of("line", any(LINES)));
      case 1 -> event(at, History.LLM, "exit", Map.of("exit_signal", any("SIGSEGV", "SIGTERM")));
      case 2 -> event(at, History.LLM, "exit", Map.of("exit_code", any("0", "1", "137")));
      case 3 -> new Fact.Sample(at, History.LLM, "health.ok", random.nextInt(2));
      default -> new Fact.Sample(at, History.LLM, "health.latency", number());
    };
  }

  private Fact ofGpu(long at, EntityId gpu) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> event(at, gpu, "xid", Map.of("code", any("79", "48", "13")));
      case 2 -> new Fact.Sample(at, gpu, "nvml.present", random.nextInt(4) == 0 ? 0 : 1);
      case 3 ->
          new Fact.Word(
              at, gpu, "nvml.throttle_reasons", any("none", "hw_thermal", "idle,hw_thermal"));
      default -> new Fact.Sample(at, gpu, any("nvml.temperature", "nvml.power"), number());
    };
  }

  private static Fact event(long at, EntityId entity, String signal, Map<String, String> fields) {
    return new Fact.Event(at, entity, signal, fields);
  }

  private double number() {
    return random.nextInt(25) == 0 ? Double.NaN : random.nextInt(7);
  }

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String any(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
