package dev.heal.engine.bench;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.journal.recording.RecordingReader;
import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.live.Replay;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.reload.LiveEngine;
import dev.heal.engine.reload.PolicyLoader;
import dev.heal.engine.reload.ReloadCommands;
import dev.heal.engine.reload.ReloadResult;
import dev.heal.engine.reload.Stage;
import dev.heal.engine.reload.files.DirectorySnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Two hundred reloads under ten thousand facts a second, and what became of each fact. */
@SuppressWarnings("try") // the program ends where it is interrupted
final class ReloadLoad {
  private static final int POLICIES = 200;
  private static final int RELOADS = 200;
  private static final int REHEARSAL = 60;
  private static final int FACTS_PER_SECOND = 10_000;

  private ReloadLoad() {}

  /** What was decided, as a running sum: nothing of it is kept. */
  private static final class Decisions {
    private long entries;
    private long orders;
    private long sum = 1;

    void add(Entry entry) {
      if (entry.type() != EntryType.RELOADED) {
        entries++;
        sum = sum * 31 + entry.toString().hashCode();
      }
      if (entry.type() == EntryType.ACTION_STARTED) {
        orders++;
      }
    }

    boolean equalsThose(Decisions other) {
      return entries == other.entries && sum == other.sum;
    }
  }

  /** Metaspace and heap in use, behind a collection. */
  private record Memory(long metaspace, long heap, long classes) {
    static Memory now() {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      long metaspace =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getName().equals("Metaspace"))
              .map(MemoryPoolMXBean::getUsage)
              .mapToLong(usage -> usage.getUsed())
              .sum();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      return new Memory(
          metaspace, heap, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }
  }

  static void run(Path folder) throws IOException, InterruptedException {
    ReloadBenchmark.rehearse();
    PolicyFolder files = new PolicyFolder(folder.resolve("policies"), POLICIES);
    Map<String, Integer> rounds = new HashMap<>();
    Decisions live = new Decisions();
    ReloadBenchmark.Listening listening =
        new ReloadBenchmark.Listening() {
          @Override
          public void entry(Entry entry) {
            live.add(entry);
          }
        };
    Figures pauses = new Figures();
    Figures stages = new Figures();
    FactStream facts;
    long lost;
    LiveEngine engine = ReloadBenchmark.engine(files, folder.resolve("state"), listening);
    try (engine) {
      rounds.put(engine.status().inForce().id().digest(), 0);
      engine.start();
      facts = new FactStream(engine, FACTS_PER_SECOND);
      facts.start();
      for (int round = 1; round <= REHEARSAL; round++) {
        reload(files, listening, round, rounds);
      }
      facts.waits().clear();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
      String quiet = facts.waits().toString();
      Memory before = Memory.now();
      facts.waits().clear();
      long start = System.nanoTime();
      for (int round = REHEARSAL + 1; round <= REHEARSAL + RELOADS; round++) {
        ReloadResult result = reload(files, listening, round, rounds);
        pauses.add(Objects.requireNonNull(result.times().get(Stage.SWAP)).toNanos());
        stages.add(result.times().values().stream().mapToLong(Duration::toNanos).sum());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      String reloading = facts.waits().toString();
      Memory after = Memory.now();
      facts.end();
      ReloadBenchmark.settle(engine);
      lost = engine.recording().lost();
      LiveBenchmark.say(
          "reload   %,d policies, %,d facts/s, %d reloads in %.0f s behind %d",
          POLICIES, FACTS_PER_SECOND, RELOADS, seconds, REHEARSAL);
      LiveBenchmark.say("         %-24s %s", "pause at the swap", pauses.exact());
      LiveBenchmark.say("         %-24s %s", "all stages", stages);
      LiveBenchmark.say("         %-24s %s", "a fact waits, no reload", quiet);
      LiveBenchmark.say("         %-24s %s", "a fact waits, reloading", reloading);
      LiveBenchmark.say(
          "         %-24s metaspace %,d to %,d KiB, classes %,d to %,d, heap %,d to %,d KiB",
          "memory",
          before.metaspace() >> 10,
          after.metaspace() >> 10,
          before.classes(),
          after.classes(),
          before.heap() >> 10,
          after.heap() >> 10);
    }
    ReloadBenchmark.requireFine(engine);
    account(folder, facts, lost, live, rounds);
  }

  private static ReloadResult reload(
      PolicyFolder files,
      ReloadBenchmark.Listening listening,
      int round,
      Map<String, Integer> rounds)
      throws IOException, InterruptedException {
    files.save(round);
    ReloadResult result = listening.inForce();
    rounds.put(result.digest(), round);
    return result;
  }

  /** Holds the recording against what was sent and decided. */
  private static void account(
      Path folder, FactStream facts, long lost, Decisions live, Map<String, Integer> rounds)
      throws IOException, InterruptedException {
    Path state = folder.resolve("state");
    long heard = 0;
    long sum = 1;
    try (RecordingReader reader = RecordingReader.open(state)) {
      for (Optional<Recorded> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (next.get() instanceof Recorded.Heard one && one.fact() instanceof Fact.Sample sample) {
          heard++;
          sum = FactStream.sum(sum, sample);
        }
      }
    }
    boolean same = sum == facts.sum();
    LiveBenchmark.say(
        "         %-24s %,d sent, %,d taken in, %s; %,d missing in the recording",
        "facts", facts.sent(), heard, same ? "each once and in order" : "NOT THE SAME", lost);
    Decisions with = replayed(state, new Replica(folder.resolve("with"), rounds), true);
    Decisions without = replayed(state, new Replica(folder.resolve("without"), rounds), false);
    LiveBenchmark.say(
        "         %-24s %,d entries, %,d actions; replayed with the reloads: %s; as if nothing had been"
            + " loaded: %s",
        "decisions",
        live.entries,
        live.orders,
        live.equalsThose(with) ? "the same" : "NOT THE SAME",
        live.equalsThose(without) ? "the same" : "NOT THE SAME");
    if (!same || heard != facts.sent() || !live.equalsThose(with) || !live.equalsThose(without)) {
      throw new IllegalStateException("facts or decisions are not as they must be");
    }
  }

  /** The folder as it was, round by round. */
  private static final class Replica {
    private final Map<String, Integer> rounds;
    private final PolicyFolder files;
    private final PolicyLoader loader =
        new PolicyLoader(PolicyLoader.Signatures.NOT_ASKED, false, System::nanoTime);
    private int round;

    Replica(Path folder, Map<String, Integer> rounds) throws IOException {
      this.files = new PolicyFolder(folder, POLICIES);
      this.rounds = rounds;
    }

    CheckedPolicy policies(String digest) {
      int wanted = Objects.requireNonNull(rounds.get(digest), digest);
      try {
        while (round < wanted) {
          files.save(++round);
        }
        PolicyLoader.Loaded loaded =
            loader.load(
                new DirectorySnapshot(
                        List.of(files.path()),
                        Optional.empty(),
                        span -> {},
                        DirectorySnapshot.Writers.UNKNOWN)
                    ::take);
        if (!loaded.digest().equals(digest)) {
          throw new IllegalStateException("round " + wanted + " has other texts");
        }
        return loaded.policies().orElseThrow();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", ended);
      }
    }
  }

  private static Decisions replayed(Path state, Replica replica, boolean reloads)
      throws IOException {
    Decisions decisions = new Decisions();
    CommandInterpreter commands =
        ReloadCommands.replayed(
            Engine::command,
            (digest, deviations) -> Optional.of(CompiledPolicies.of(replica.policies(digest))));
    try (RecordingReader reader = RecordingReader.open(state);
        Replay replay =
            new Replay(started -> replica.policies(started.policies()), commands, decisions::add)) {
      for (Optional<Recorded> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (reloads || !isReload(next.get())) {
          replay.take(next.get());
        }
      }
    }
    return decisions;
  }

  private static boolean isReload(Recorded input) {
    return input instanceof Recorded.Commanded commanded
        && commanded.words().get(0).equals("reload");
  }
}
