package dev.heal.engine.bench;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.record.Entry;
import dev.heal.engine.reload.LiveEngine;
import dev.heal.engine.reload.PolicyLoader;
import dev.heal.engine.reload.ReloadRequest;
import dev.heal.engine.reload.ReloadResult;
import dev.heal.engine.reload.ReloadResult.Outcome;
import dev.heal.engine.reload.Stage;
import dev.heal.engine.reload.SwapRehearsal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Policies in real files that are saved while the real loop runs: how long until they count. */
@SuppressWarnings("try") // the program ends where it is interrupted
final class ReloadBenchmark {
  private static final int[] POLICIES = {20, 50, 200, 2_000};
  private static final long PATIENCE_SECONDS = 60;
  private static final int REMEMBERED = 20_000;

  private ReloadBenchmark() {}

  static void run(Path folder) throws IOException, InterruptedException {
    Rounds.Reloaded first = new Rounds(folder.resolve("first"), POLICIES[0]).one();
    LiveBenchmark.say(
        "reload   the very first, %d policies, in a process that has just begun: %s",
        POLICIES[0], first.text());
    rehearse();
    for (int policies : POLICIES) {
      int rehearsal = policies > 1_000 ? 10 : 40;
      int rounds = policies > 1_000 ? 15 : 51;
      new Rounds(folder.resolve("p" + policies), policies).told(rehearsal, rounds);
    }
  }

  /** As {@code heal run} does once it has begun. */
  static void rehearse() {
    SwapRehearsal.Done done = SwapRehearsal.run(Duration.ofSeconds(30), System::nanoTime);
    LiveBenchmark.say(
        "reload   a rehearsal of %,d swaps in %.1f s",
        done.passages(), done.took().toNanos() / 1e9);
  }

  static LiveEngine engine(PolicyFolder files, Path state, LiveEngine.Audience audience)
      throws IOException, InterruptedException {
    return new LiveEngine(
        new LiveEngine.Settings(
            files.path(),
            state,
            false,
            PolicyLoader.Signatures.NOT_ASKED,
            ReloadRequest.Staging.NONE,
            Duration.ZERO),
        Optional.of(audience));
  }

  static void requireFine(LiveEngine engine) {
    if (!engine.bugs().isEmpty()) {
      throw new IllegalStateException("the engine has failed", engine.bugs().get(0));
    }
  }

  /** Hears of what the reloader does. */
  static class Listening implements LiveEngine.Audience {
    private final BlockingQueue<ReloadResult> ended = new LinkedBlockingQueue<>();
    private volatile long swappedAt;

    @Override
    public void entry(Entry entry) {}

    @Override
    public void swapped(Engine running) {
      swappedAt = System.nanoTime();
    }

    @Override
    public void ended(ReloadResult result) {
      ended.add(result);
    }

    /** When others came into force last, on the loop's thread. */
    long swappedAt() {
      return swappedAt;
    }

    /** Waits for others to be in force. */
    ReloadResult inForce() throws InterruptedException {
      while (true) {
        ReloadResult result = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (result == null || result.isRefused()) {
          throw new IllegalStateException("not in force: " + result);
        }
        if (result.outcome() == Outcome.IN_FORCE) {
          return result;
        }
      }
    }
  }

  /** Reloads one after the other, nothing else going on. */
  private static final class Rounds {
    private final PolicyFolder files;
    private final Path state;
    private final int policies;

    Rounds(Path folder, int policies) throws IOException {
      this.files = new PolicyFolder(folder.resolve("policies"), policies);
      this.state = folder.resolve("state");
      this.policies = policies;
    }

    /**
     * One of them.
     *
     * @param nanos from when the file was saved to when it counted
     */
    record Reloaded(ReloadResult result, long nanos) {
      String text() {
        StringBuilder text = new StringBuilder();
        result
            .timesInOrder()
            .forEach(
                (stage, took) ->
                    text.append(
                        String.format(
                            Locale.ROOT, "%s %.2f, ", stage.words(), took.toNanos() / 1e6)));
        return text + String.format(Locale.ROOT, "saved to in force %.0f ms", nanos / 1e6);
      }
    }

    private Reloaded saved(Listening listening, int round)
        throws IOException, InterruptedException {
      long before = System.nanoTime();
      files.save(round);
      ReloadResult result = listening.inForce();
      return new Reloaded(result, listening.swappedAt() - before);
    }

    Reloaded one() throws IOException, InterruptedException {
      Listening listening = new Listening();
      try (LiveEngine engine = engine(files, state, listening)) {
        engine.start();
        Reloaded reloaded = saved(listening, 1);
        requireFine(engine);
        return reloaded;
      }
    }

    void told(int rehearsal, int rounds) throws IOException, InterruptedException {
      Listening listening = new Listening();
      Map<Stage, Figures> stages = new EnumMap<>(Stage.class);
      Figures compiling = new Figures();
      Figures saved = new Figures();
      try (LiveEngine engine = engine(files, state, listening)) {
        engine.start();
        remember(engine);
        for (int round = 1; round <= rehearsal + rounds; round++) {
          Reloaded reloaded = saved(listening, round);
          if (round > rehearsal) {
            reloaded
                .result()
                .times()
                .forEach(
                    (stage, took) ->
                        stages.computeIfAbsent(stage, s -> new Figures()).add(took.toNanos()));
            compiling.add(compiling(reloaded.result()));
            saved.add(reloaded.nanos());
          }
        }
        requireFine(engine);
      }
      LiveBenchmark.say("reload   %,d policies, %d reloads behind %d", policies, rounds, rehearsal);
      stages.forEach(
          (stage, took) ->
              LiveBenchmark.say(
                  "         %-24s %s", stage.words(), stage == Stage.SWAP ? took.exact() : took));
      LiveBenchmark.say("         %-24s %s", "check, compile and build", compiling);
      LiveBenchmark.say(
          "         %-24s %s (quiet time of 100 ms included)", "saved to in force", saved);
    }

    private static long compiling(ReloadResult result) {
      long nanos = 0;
      for (Stage stage : List.of(Stage.CHECK, Stage.COMPILE, Stage.BUILD)) {
        nanos += result.times().getOrDefault(stage, Duration.ZERO).toNanos();
      }
      return nanos;
    }

    /** What the next policies must go on from. */
    private static void remember(LiveEngine engine) throws InterruptedException {
      FactStream facts = new FactStream(engine, 1);
      List<Fact> some = new ArrayList<>();
      for (int i = 0; i < REMEMBERED; i++) {
        some.add(facts.next());
      }
      for (Fact fact : some) {
        engine.hear(fact);
        while (engine.waiting() > 1_000) {
          Thread.onSpinWait();
        }
      }
      settle(engine);
    }
  }

  static void settle(LiveEngine engine) {
    try {
      engine.settle();
    } catch (Exception broken) {
      throw new IllegalStateException("the loop does not settle", broken);
    }
  }
}
