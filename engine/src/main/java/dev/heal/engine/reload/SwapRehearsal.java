package dev.heal.engine.reload;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.loop.Preparation;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Puts policies of its own into force, again and again, in an engine of its own without clock,
 * threads, journal or hands: afterwards the code is compiled through which the first real swap
 * goes, while facts wait: about half as long as without. It ends when it has done enough, or its
 * time is over; it takes some seconds of a processor, and any thread may run it.
 */
public final class SwapRehearsal implements AutoCloseable {
  private static final int PASSAGES = 1_500;
  private static final long MILLISECOND = 1_000_000;
  private static final EntityId GPU = EntityId.gpu("rehearsal", 0);
  private static final String SIGNAL = "nvml.temperature";

  /** One that is hot and one that is about to be; each of two rounds has other numbers. */
  private static final String POLICIES =
      """
      heal 1
      node rehearsal { gpu 0, gpu 1 }
      pager nobody { command ["/bin/true"] }
      fault hot on gpu "Hot" {
        when       nvml.temperature >= @NUMBER@C
        clear when nvml.temperature < 70C
        missing    freeze
      }
      fault warm on gpu "Warm" {
        when       nvml.temperature >= 60C for 1h
        missing    freeze
        suppresses [hot] same gpu
      }
      policy cool {
        mode enforce
        on hot, within 10m, attempts 1000 over 1h
        try     { throttle gpu { power 300W }, takes 1s, confirm nvml.temperature < 70C, timeout 10m }
        give up { page nobody }
      }
      policy watch {
        mode observe
        on warm, within 2h, attempts 1000 over 1h
        try     { throttle gpu { power 300W }, takes 1s, confirm nvml.temperature < 60C, timeout 10m }
        give up { page nobody }
      }
      """;

  /** What it came to. */
  public record Done(int passages, Duration took) {}

  private final List<CompiledPolicies> rounds = List.of(policies(88), policies(89));
  private final ReloadCommands commands;
  private final Engine engine;
  private long now = MILLISECOND;
  private long number = 1;

  private SwapRehearsal(LongSupplier nanoTime) {
    this.commands = ReloadCommands.live(Engine::command, nanoTime, swapped -> {});
    this.engine =
        new Engine(
            rounds.get(0).policies(),
            GenerationId.FIRST,
            new Topology(rounds.get(0).policies().site()),
            now,
            Past.NONE);
  }

  private static CompiledPolicies policies(int number) {
    String text = POLICIES.replace("@NUMBER@", Integer.toString(number));
    CheckResult result =
        Checker.check(List.of(new SourceFile("rehearsal.heal", text)), ImportResolver.NONE);
    return CompiledPolicies.of(
        result
            .policy()
            .orElseThrow(() -> new IllegalStateException(result.diagnostics().toString())));
  }

  /**
   * Goes through it.
   *
   * @param atMost so long
   * @param nanoTime measures it
   */
  public static Done run(Duration atMost, LongSupplier nanoTime) {
    long from = nanoTime.getAsLong();
    int passages = 0;
    try (SwapRehearsal rehearsal = new SwapRehearsal(nanoTime)) {
      while (passages < PASSAGES && nanoTime.getAsLong() - from < atMost.toNanos()) {
        passages++;
        rehearsal.hear(passages % 8 < 4 ? 95 : 50);
        rehearsal.pass(rehearsal.rounds.get(passages % 2));
      }
    }
    return new Done(passages, Duration.ofNanos(nanoTime.getAsLong() - from));
  }

  private void hear(double celsius) {
    for (int i = 0; i < 4; i++) {
      now += MILLISECOND;
      engine.accept(new Fact.Sample(now, GPU, SIGNAL, celsius + i));
      now += MILLISECOND;
      for (Order order : engine.take().orders()) {
        engine.ended(order.id(), new Outcome(Outcome.Kind.DONE, "done"), now);
      }
    }
  }

  private void pass(CompiledPolicies next) {
    GenerationId id = new GenerationId(++number, "sha256:" + number);
    say(ReloadCommands.prepare(id, Deviations.NONE));
    Preparation preparation = engine.preparation().orElseThrow();
    boolean copied = false;
    while (!copied) {
      copied = preparation.copy(1);
    }
    preparation.build(next);
    hear(51);
    int unused = preparation.catchUp();
    hear(52);
    say(ReloadCommands.swap(id, false, List.of()));
    commands.takeLast().orElseThrow().swapped().forget().run();
  }

  private void say(List<String> words) {
    now += MILLISECOND;
    Answer answer = commands.run(engine, words, now);
    if (!answer.isFine()) {
      throw new IllegalStateException(answer.text());
    }
    now += MILLISECOND;
    for (Order order : engine.take().orders()) {
      engine.ended(order.id(), new Outcome(Outcome.Kind.DONE, "done"), now);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
