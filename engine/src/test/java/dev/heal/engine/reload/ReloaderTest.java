package dev.heal.engine.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.live.Replay;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.reload.ReloadResult.Outcome;
import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.files.PolicyTexts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies come into force while the real loop runs, or are refused and the ones before stay. */
class ReloaderTest {
  /** The goal is 200; {@code -Dheal.reloads=200}. */
  private static final int RELOADS = Integer.getInteger("heal.reloads", 25);

  /** From so many of a recording's checkpoints it is decided again. */
  private static final int MOST_CHECKPOINTS = 8;

  private static final String SITE =
      """
      heal 1
      node n1 {
        gpu 0
        gpu 1
      }
      pager oncall { webhook "https://example.org" }
      """;

  private static final String HOT =
      """
      heal 1
      fault hot on gpu { when nvml.temperature >= 88C, clear when nvml.temperature < 80C, missing freeze }
      policy cool {
        on hot, within 10m, attempts 1000 over 1h, mode enforce
        try { throttle gpu { power 300W }, takes 1s, confirm nvml.temperature < 85C, timeout 10m }
        give up { page oncall }
      }
      """;

  private static final String TEST =
      """
      test "heat is throttled" {
        given  node n1 { gpu 0 }
        at 0s  nvml.temperature 91C gpu 0
        expect throttle gpu by 1s
      }
      """;

  @TempDir Path temp;
  private Path folder;

  @SuppressWarnings("NullAway.Init") // by each test
  private LiveEngine engine;

  private boolean runs;

  @BeforeEach
  void write() throws Exception {
    folder = Files.createDirectories(temp.resolve("policies"));
    save("site.heal", SITE);
    save("hot.heal", HOT);
  }

  @AfterEach
  void stop() throws Exception {
    if (runs) {
      runs = false;
      List<RuntimeException> bugs = engine.bugs();
      engine.close();
      assertThat(bugs).isEmpty();
    }
  }

  private void save(String name, String text) throws Exception {
    Path fresh = Files.writeString(folder.resolve("." + name + ".tmp"), text);
    Files.move(fresh, folder.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private void run() throws Exception {
    run(true, PolicyLoader.Signatures.NOT_ASKED);
  }

  private void run(boolean tests, PolicyLoader.Signatures signatures) throws Exception {
    run(tests, signatures, Duration.ZERO);
  }

  /** Begins an engine where one ran before; for so long none did. */
  private void runAgain(Duration behind) throws Exception {
    run(true, PolicyLoader.Signatures.NOT_ASKED, behind);
  }

  private void run(boolean tests, PolicyLoader.Signatures signatures, Duration ahead)
      throws Exception {
    engine =
        new LiveEngine(
            new LiveEngine.Settings(
                folder,
                temp.resolve("state"),
                tests,
                signatures,
                ReloadRequest.Staging.NONE,
                ahead));
    runs = true;
    engine.start();
  }

  private void temperature(int gpu, double value) {
    hear(gpu, value);
    var unused = engine.checkpoint();
  }

  /** Lets the repairs come to rest. */
  private boolean isCheckpointTaken() {
    hear(0, 70);
    hear(1, 70);
    return engine.checkpoint().join();
  }

  private void hear(int gpu, double value) {
    sent++;
    engine.hear(new Fact.Sample(0, EntityId.gpu("n1", gpu), "nvml.temperature", value));
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Object pause = new Object();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("a minute is over").isLessThan(deadline);
      synchronized (pause) {
        pause.wait(5);
      }
    }
  }

  private ReloadResult reload() throws Exception {
    return engine.reload("asked").get(60, TimeUnit.SECONDS);
  }

  private List<String> told(EntryType type) {
    return engine.entries().stream().filter(e -> e.type() == type).map(Entry::because).toList();
  }

  @Test
  void aFileThatIsSavedIsInForceWithoutAWord() throws Exception {
    run();
    temperature(0, 86);
    engine.settle();
    assertThat(told(EntryType.FAULT_RAISED)).isEmpty();

    save("hot.heal", HOT.replace("88C", "84C"));
    until(() -> engine.status().inForce().id().number() == 2);

    assertThat(told(EntryType.RELOADED))
        .containsExactly("generation 2 is in force: fault `hot` with other numbers");
    assertThat(told(EntryType.FAULT_RAISED))
        .as("by the fact that was heard before")
        .containsExactly("it holds with the numbers of generation 2");
    until(() -> engine.entries().stream().anyMatch(e -> e.type() == EntryType.ACTION_DONE));
    assertThat(engine.status().isFine()).isTrue();
    assertThat(engine.status().times()).containsOnlyKeys(Stage.values());
  }

  @Test
  void aMistakeIsRefusedLoudlyAndTheRulesBeforeStay() throws Exception {
    run();
    save("hot.heal", HOT.replace("88C", "450W"));
    until(() -> !engine.status().isFine());

    ReloadResult refused = engine.status().last().orElseThrow();
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.failedAt()).contains(Stage.CHECK);
    assertThat(refused.because())
        .matches("error\\[H0303\\] in .*hot.heal:2:45: `450W` is not a temperature");
    assertThat(refused.diagnostics()).anyMatch(d -> d.code().equals("H0303"));
    assertThat(refused.inForce().id().number()).isEqualTo(1);
    assertThat(engine.status().refusedSince()).isPresent();
    until(() -> !told(EntryType.RELOAD_FAILED).isEmpty());
    assertThat(told(EntryType.RELOAD_FAILED))
        .singleElement()
        .asString()
        .contains("refused at check: error[H0303]");

    temperature(0, 95);
    until(() -> told(EntryType.FAULT_RAISED).size() == 1);

    save("hot.heal", HOT);
    until(() -> engine.status().isFine());
    assertThat(engine.status().last().orElseThrow().outcome()).isEqualTo(Outcome.NOTHING_NEW);
    assertThat(engine.status().refusedSince()).isEmpty();
  }

  @Test
  void testsThatFailKeepPoliciesOut() throws Exception {
    save("hot.heal", HOT + TEST);
    run();
    save("hot.heal", HOT.replace("88C", "95C") + TEST);

    ReloadResult refused = reload();

    assertThat(refused.failedAt()).contains(Stage.TESTS);
    assertThat(refused.because()).startsWith("test \"heat is throttled\" fails: expected");
    assertThat(refused.failedTests()).hasSize(1);
    assertThat(engine.status().inForce().id().number()).isEqualTo(1);
  }

  @Test
  void testsCanBeTurnedOff() throws Exception {
    save("hot.heal", HOT + TEST);
    run(false, PolicyLoader.Signatures.NOT_ASKED);
    save("hot.heal", HOT.replace("88C", "95C") + TEST);

    assertThat(reload().outcome()).isIn(Outcome.IN_FORCE, Outcome.NOTHING_NEW);
    assertThat(engine.status().inForce().id().number()).isEqualTo(2);
  }

  @Test
  void whatNobodyHasSignedIsRefused() throws Exception {
    String[] signed = {""};
    run(
        true,
        texts -> {
          if (signed[0].isEmpty()) {
            signed[0] = texts.digest();
          }
          if (!texts.digest().equals(signed[0])) {
            throw new RefusedException(
                new Refusal(
                    Refusal.Kind.CHANGED, "the manifest does not name these files", "sign them"));
          }
          return texts;
        });
    save("hot.heal", HOT + "# a word\n");

    ReloadResult refused = reload();

    assertThat(refused.failedAt()).contains(Stage.SIGNATURE);
    assertThat(refused.times()).containsOnlyKeys(Stage.SNAPSHOT, Stage.SIGNATURE);
    assertThat(refused.because()).isEqualTo("the manifest does not name these files");
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    run();
    ReloadRequest dry =
        ReloadRequest.because("tried")
            .dry()
            .from(
                () ->
                    new PolicyTexts(
                        List.of(
                            new dev.heal.dsl.text.SourceFile("s.heal", SITE),
                            new dev.heal.dsl.text.SourceFile("h.heal", HOT.replace("88", "90"))),
                        List.of(),
                        dev.heal.dsl.check.ImportResolver.NONE,
                        "sha256:other",
                        "a test"));

    ReloadResult tried = engine.request(dry).get(60, TimeUnit.SECONDS);

    assertThat(tried.outcome()).isEqualTo(Outcome.TRIED);
    assertThat(tried.times()).doesNotContainKey(Stage.SWAP).containsKey(Stage.COMPILE);
    assertThat(engine.status().inForce().id().number()).isEqualTo(1);
  }

  @Test
  void theSameTextsAreNothingNew() throws Exception {
    run();
    assertThat(reload().outcome()).isEqualTo(Outcome.NOTHING_NEW);
    assertThat(told(EntryType.RELOADED)).isEmpty();
  }

  @Test
  void aFolderThatVanishesLeavesTheRulesInForce() throws Exception {
    run();
    Files.delete(folder.resolve("hot.heal"));
    Files.delete(folder.resolve("site.heal"));
    Files.delete(folder);

    ReloadResult refused = reload();

    assertThat(refused.failedAt()).contains(Stage.SNAPSHOT);
    assertThat(refused.because()).isEqualTo("`" + folder + "` is not there");
    temperature(0, 95);
    until(() -> told(EntryType.FAULT_RAISED).size() == 1);
  }

  private static final String TUNED =
      HOT.replace("heal 1\n", "heal 1\ntune warm = 88C range 80C..92C\n")
          .replace(">= 88C", ">= warm");

  private ReloadResult tune(String name, String value, long millis) throws Exception {
    return engine
        .tune(
            new TuneRequest(
                name,
                Optional.of(value).filter(v -> !v.isEmpty()),
                Optional.of(Duration.ofMillis(millis)).filter(d -> !d.isZero()),
                "ann",
                "a warm day"))
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void aTuneCountsForItsTimeAndIsThenAsItsFileSays() throws Exception {
    save("hot.heal", TUNED);
    run();
    temperature(0, 86);

    assertThat(tune("warm", "84C", 1_500).outcome()).isEqualTo(Outcome.IN_FORCE);
    assertThat(told(EntryType.FAULT_RAISED)).hasSize(1);
    assertThat(engine.status().deviations().tuned()).containsOnlyKeys("warm");
    until(() -> engine.status().deviations().isNone());

    assertThat(told(EntryType.TUNED))
        .hasSize(2)
        .satisfies(
            lines -> {
              assertThat(lines.get(0))
                  .matches("`warm` = 84C until .*Z, its file says 88C, by ann: a warm day");
              assertThat(lines.get(1)).isEqualTo("the time of `warm` = 84C is over");
            });
    assertThat(told(EntryType.FAULT_CLEARED))
        .containsExactly("it does not hold with the numbers of generation 1");
    List<Recorded> inputs = closed();
    assertThat(replay(inputs)).isEqualTo(live);
  }

  @Test
  void aTuneStaysWithinItsRange() throws Exception {
    save("hot.heal", TUNED);
    run();

    assertThat(tune("warm", "95C", 0).because())
        .isEqualTo("`95C` is outside of its range `80C..92C`");
    assertThat(tune("warm", "79C", 0).because())
        .isEqualTo("`79C` is outside of its range `80C..92C`");
    assertThat(tune("warm", "450W", 0).because()).isEqualTo("`450W` is not a temperature");
    assertThat(tune("warm", "hot", 0).because()).startsWith("`hot` is not a number");
    assertThat(tune("warm", "90C", -1).because())
        .isEqualTo("a tune counts for some time, or until it is ended");
    assertThat(tune("worm", "90C", 0).because())
        .isEqualTo("there is no tune `worm`; did you mean `warm`?");
    assertThat(engine.status().deviations().isNone()).isTrue();
    assertThat(engine.status().isFine()).as("the files are").isTrue();
    assertThat(told(EntryType.RELOAD_FAILED)).as("who asked was told").isEmpty();
  }

  @Test
  void aTuneOutlivesTheEngine() throws Exception {
    save("hot.heal", TUNED);
    run();
    assertThat(tune("warm", "84C", 3_600_000).isRefused()).isFalse();
    List<Recorded> before = closed();

    runAgain(Duration.ZERO);
    assertThat(engine.status().deviations().values()).containsEntry("warm", "84C");
    temperature(0, 86);
    until(() -> told(EntryType.FAULT_RAISED).size() == 1);

    List<Recorded> inputs = closed();
    assertThat(inputs)
        .startsWith(before.toArray(Recorded[]::new))
        .hasSizeGreaterThan(before.size());
    assertThat(replay(inputs)).isEqualTo(live);
  }

  @Test
  void aTuneWhoseTimeEndsWhileNoEngineRunsCountsNoMore() throws Exception {
    save("hot.heal", TUNED);
    run();
    assertThat(tune("warm", "84C", 3_600_000).isRefused()).isFalse();
    closed();

    runAgain(Duration.ofHours(2));
    temperature(0, 86);
    engine.settle();

    assertThat(engine.status().deviations().isNone()).isTrue();
    assertThat(told(EntryType.FAULT_RAISED)).isEmpty();
    until(() -> !told(EntryType.TUNED).isEmpty());
    assertThat(told(EntryType.TUNED))
        .containsExactly("the time of `warm` = 84C is over: it ended while no engine ran");
    assertThat(replay(closed())).isEqualTo(live);
    runAgain(Duration.ofHours(2));
    assertThat(told(EntryType.TUNED)).as("told once").isEmpty();
  }

  @Test
  void aTuneOutsideOfTheRangeThatTheFileHasAtTheNextStartCountsNoMore() throws Exception {
    save("hot.heal", TUNED);
    run();
    assertThat(tune("warm", "84C", 0).isRefused()).isFalse();
    closed();
    save("hot.heal", TUNED.replace("80C..92C", "86C..92C"));

    runAgain(Duration.ZERO);

    assertThat(engine.status().deviations().isNone()).isTrue();
    until(() -> !told(EntryType.TUNED).isEmpty());
    assertThat(told(EntryType.TUNED))
        .containsExactly("`warm` = 84C ends: `84C` is outside of its range `86C..92C`");
  }

  @Test
  void aTuneIsCarriedOverAReloadUnlessTheRangeForbidsIt() throws Exception {
    save("hot.heal", TUNED);
    run();
    assertThat(tune("warm", "84C", 0).isRefused()).isFalse();

    save("hot.heal", TUNED + "# somebody looked at it\n");
    assertThat(reload().isRefused()).isFalse();
    assertThat(engine.status().deviations().values()).containsEntry("warm", "84C");

    save("hot.heal", TUNED.replace("80C..92C", "86C..92C"));
    assertThat(reload().isRefused()).isFalse();
    assertThat(engine.status().deviations().isNone()).isTrue();
    assertThat(told(EntryType.TUNED))
        .last()
        .isEqualTo("`warm` = 84C ends: `84C` is outside of its range `86C..92C`");

    assertThat(tune("warm", "87C", 0).isRefused()).isFalse();
    assertThat(tune("warm", "", 0).isRefused()).isFalse();
    assertThat(told(EntryType.TUNED))
        .last()
        .asString()
        .startsWith("`warm` = 88C again, as its file says");
  }

  @Test
  void aChangedPolicyObservesFirstAndActsIfItWouldNotHaveActedTooOften() throws Exception {
    run();
    save("hot.heal", HOT.replace("300W", "310W"));
    ReloadRequest staged =
        ReloadRequest.because("asked")
            .staged(new ReloadRequest.Staging(Duration.ofMillis(1_500), 1));
    assertThat(engine.request(staged).get(60, TimeUnit.SECONDS).isRefused()).isFalse();
    temperature(0, 95);
    until(() -> engine.entries().stream().anyMatch(e -> e.type() == EntryType.DECISION));
    assertThat(engine.entries().stream().filter(e -> e.type() == EntryType.DECISION))
        .allMatch(e -> e.outcome().equals(Optional.of("observe")));

    until(() -> engine.status().deviations().isNone());

    assertThat(told(EntryType.TRIAL_OVER))
        .containsExactly("`cool` would have acted once, at most 1: its file's mode counts");
    until(() -> engine.entries().stream().anyMatch(e -> e.type() == EntryType.ACTION_DONE));
    List<Recorded> inputs = closed();
    assertThat(replay(inputs)).isEqualTo(live);
  }

  @Test
  void aChangedPolicyThatWouldHaveActedTooOftenGoesOnObserving() throws Exception {
    run();
    save("hot.heal", HOT.replace("300W", "310W"));
    ReloadRequest staged =
        ReloadRequest.because("asked").staged(new ReloadRequest.Staging(Duration.ofSeconds(1), 1));
    assertThat(engine.request(staged).get(60, TimeUnit.SECONDS).isRefused()).isFalse();
    temperature(0, 95);
    temperature(1, 95);

    until(() -> !told(EntryType.TRIAL_OVER).isEmpty());
    until(() -> engine.status().deviations().text().equals("`cool` observing"));

    assertThat(told(EntryType.TRIAL_OVER))
        .containsExactly("`cool` would have acted 2 times, more than 1: it goes on observing");
    assertThat(told(EntryType.ACTION_STARTED)).isEmpty();
  }

  @Test
  void aTrialOutlivesTheEngineWithWhatWasSeen() throws Exception {
    run();
    save("hot.heal", HOT.replace("300W", "310W"));
    ReloadRequest staged =
        ReloadRequest.because("asked").staged(new ReloadRequest.Staging(Duration.ofHours(1), 1));
    assertThat(engine.request(staged).get(60, TimeUnit.SECONDS).isRefused()).isFalse();
    temperature(0, 95);
    temperature(1, 95);
    until(() -> engine.entries().stream().filter(e -> e.type() == EntryType.DECISION).count() == 2);
    closed();

    runAgain(Duration.ofMinutes(30));
    assertThat(engine.status().deviations().trials()).containsOnlyKeys("cool");
    assertThat(told(EntryType.TRIAL_OVER)).isEmpty();
    closed();

    runAgain(Duration.ofHours(2));
    until(() -> engine.status().deviations().text().equals("`cool` observing"));
    assertThat(told(EntryType.TRIAL_OVER))
        .containsExactly("`cool` would have acted 2 times, more than 1: it goes on observing");
    temperature(0, 70);
    temperature(0, 95);
    until(() -> told(EntryType.DECISION).size() == 1);
    assertThat(told(EntryType.ACTION_STARTED)).isEmpty();
    assertThat(replay(closed())).isEqualTo(live);
  }

  @Test
  void aRollbackCallsOffWhatTheBadGenerationBegan() throws Exception {
    run();
    PolicyTexts good = texts();
    save(
        "hot.heal",
        HOT.replace("300W", "310W")
            .replace(
                "  give up",
                "  then { throttle gpu { power 290W }, takes 1s, confirm nvml.temperature < 80C,"
                    + " timeout 10m }\n  give up"));
    ReloadResult bad = reload();
    assertThat(bad.isRefused()).as(bad.because()).isFalse();
    temperature(0, 95);
    until(() -> told(EntryType.ACTION_DONE).size() == 1);

    ReloadRequest back =
        ReloadRequest.because("heal rollback by ann").from(() -> good).callingOff();
    assertThat(engine.request(back).get(60, TimeUnit.SECONDS).isRefused()).isFalse();
    temperature(0, 84);
    until(() -> told(EntryType.ACTION_DONE).size() == 2);

    List<Recorded> inputs = closed();
    assertThat(
            live.stream()
                .dropWhile(e -> e.type() != EntryType.CONFIRMED)
                .map(e -> e.type().word() + e.verb().map(v -> " " + v).orElse("")))
        .startsWith("confirmed throttle", "ended", "decision throttle", "action_started throttle");
    assertThat(live.stream().filter(e -> e.type() == EntryType.ENDED).map(Entry::because))
        .startsWith("called off with the policies that began it");
    assertThat(replay(inputs)).isEqualTo(live);
  }

  private PolicyTexts texts() throws Exception {
    return new PolicyTexts(
        List.of(
            new dev.heal.dsl.text.SourceFile("site.heal", SITE),
            new dev.heal.dsl.text.SourceFile("hot.heal", HOT)),
        List.of(),
        dev.heal.dsl.check.ImportResolver.NONE,
        "sha256:good",
        "the generation before");
  }

  /** Facts come as fast as they can; every reload means the same as the one before. */
  @Test
  void noFactIsLostOrTakenTwiceAndNoDecisionDiffersUnderManyReloads() throws Exception {
    run();
    Random dice = new Random(7);
    for (int reload = 0; reload < RELOADS; reload++) {
      save("hot.heal", HOT + "# " + reload + "\n" + beside(reload));
      var done = engine.reload("asked");
      do {
        for (int i = 0; i < 200; i++) {
          hear(dice.nextInt(2), dice.nextInt(40) == 0 ? 95 : 70 + dice.nextInt(12));
        }
        until(() -> engine.waiting() < 100);
      } while (!done.isDone());
      assertThat(done.get().isRefused()).as(done.get().because()).isFalse();
      until(this::isCheckpointTaken);
    }
    engine.settle();
    assertThat(engine.status().inForce().id().number()).isGreaterThan(RELOADS);
    List<Recorded> inputs = closed();

    assertThat(inputs.stream().filter(Recorded.Heard.class::isInstance)).hasSize(sent);
    assertThat(replay(inputs)).as("with its reloads").isEqualTo(live);
    assertThat(fromCheckpoints).isGreaterThanOrEqualTo(MOST_CHECKPOINTS / 2);
    inputs.removeIf(ReloaderTest::isReload);
    same(replay(inputs), live.stream().filter(e -> !isOfReload(e)).toList());
    assertThat(live.stream().filter(e -> e.type() == EntryType.ACTION_DONE))
        .hasSizeGreaterThan(RELOADS);
  }

  /** An attempt for a file that is being replaced just then may fail: that is told, too. */
  private static boolean isOfReload(Entry entry) {
    return entry.type() == EntryType.RELOADED || entry.type() == EntryType.RELOAD_FAILED;
  }

  /** Shows the first entry that differs, with some before it. */
  private static void same(List<Entry> again, List<Entry> before) {
    for (int i = 0; i < Math.min(again.size(), before.size()); i++) {
      if (!again.get(i).equals(before.get(i))) {
        int from = Math.max(0, i - 6);
        assertThat(again.subList(from, i + 1))
            .as("as if nothing had been loaded, entry %d", i)
            .isEqualTo(before.subList(from, i + 1));
      }
    }
    assertThat(again).as("as if nothing had been loaded").hasSameSizeAs(before);
  }

  private int sent;
  private int fromCheckpoints;
  private final Map<String, CheckedPolicy> everInForce = new HashMap<>();
  private final List<Entry> live = new ArrayList<>();

  /** Ends the engine; what was recorded. */
  private List<Recorded> closed() throws Exception {
    LiveEngine ended = engine;
    stop();
    everInForce.putAll(ended.everInForce());
    live.addAll(ended.entries());
    return ended.recorded();
  }

  /** Now there, now gone, and about nothing that is heard. */
  private static String beside(int reload) {
    return reload % 3 == 0
        ? "fault cold on gpu { when nvml.memory_temperature < 5C for 1m, missing freeze }\n"
        : "";
  }

  private static boolean isReload(Recorded input) {
    return input instanceof Recorded.Commanded commanded
        && commanded.words().get(0).equals("reload");
  }

  /** What was decided, and decided again from the start, and from each of its checkpoints. */
  private List<Entry> replay(List<Recorded> inputs) throws Exception {
    List<Integer> checkpoints = new ArrayList<>();
    List<Integer> decided = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    try (Replay replay = telling(entries)) {
      for (int i = 0; i < inputs.size(); i++) {
        replay.take(inputs.get(i));
        if (inputs.get(i) instanceof Recorded.Checkpoint) {
          checkpoints.add(i);
          decided.add(entries.size());
        }
      }
    }
    int step = Math.max(1, checkpoints.size() / MOST_CHECKPOINTS);
    for (int i = 0; i < checkpoints.size(); i += step) {
      List<Entry> tail = new ArrayList<>();
      try (Replay replay = telling(tail)) {
        for (Recorded input : inputs.subList(checkpoints.get(i), inputs.size())) {
          replay.take(input);
        }
        assertThat(replay.without()).isZero();
      }
      assertThat(tail)
          .as("from checkpoint %d of %d", i, checkpoints.size())
          .isEqualTo(entries.subList(decided.get(i), entries.size()));
      fromCheckpoints++;
    }
    return entries;
  }

  private Replay telling(List<Entry> entries) {
    ReloadCommands commands =
        ReloadCommands.replayed(
            Engine::command,
            (digest, deviations) ->
                Optional.ofNullable(everInForce.get(LiveEngine.key(digest, deviations)))
                    .map(CompiledPolicies::of));
    return new Replay(
        beginning ->
            everInForce.get(LiveEngine.key(beginning.policies(), beginning.interim().deviations())),
        commands,
        entries::add);
  }
}
