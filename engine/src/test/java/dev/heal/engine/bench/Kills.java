package dev.heal.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.IncidentFilter;
import dev.heal.engine.journal.IncidentState;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.journal.store.JournalReader;
import dev.heal.engine.schedule.Order;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills a real engine (SIGKILL) again and again, at each step between decision and verdict, while
 * it repairs a service and degrades it while a GPU is hot; then lets one run to the end, and looks
 * at what was done: no order twice, none forgotten, no degrade left.
 */
public final class Kills {
  private static final List<String> STEPS =
      List.of("FAULT RAISED", " act ", "action started", "action done", "confirmed", "ended");
  private static final long START_PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final long STEP_PATIENCE = TimeUnit.SECONDS.toNanos(6);
  private static final long LONGEST_PAUSE_MICROS = 30_000;
  private static final int SETTLE_SECONDS = 120;

  private static final String FULL = "full";

  private static final String SITE =
      """
      heal 1
      node n1 { gpu 0 }
      service worker on n1 {
        gpus    0..0
        log     "@FOLDER@/*.log"
        health  command ["test", "-e", "@FOLDER@/well"] every 500ms
        restart via command ["@FOLDER@/act", "@FOLDER@"]
        profile lean { file "@FOLDER@/mode" "lean" }
      }
      pager oncall { command ["/bin/true"] }
      fault broken on service "It says that it is broken" {
        when  log matches `^BROKEN`
        clear after 10s
      }
      fault hot on gpu "Too hot" {
        when       nvml.temperature >= 88C
        clear when nvml.temperature < 80C for 2s
        missing    freeze
      }
      policy mend {
        mode enforce
        on broken, within 30s, attempts 1000 over 1h
        try     { restart service, takes 1s, confirm health.ok, timeout 5s }
        or else { restart service { fresh }, takes 1s, confirm health.ok, timeout 5s }
        give up { page oncall }
      }
      policy cool {
        mode enforce
        on hot, within 30s, attempts 1000 over 1h
        try     { degrade service { to profile "lean" }, takes 1s, confirm nvml.temperature < 80C for 2s, timeout 5m }
        give up { page oncall }
      }
      """;

  /** Writes down each act by its key, before and after. */
  private static final String ACT =
      """
      #!/bin/sh
      echo "begin $HEAL_IDEMPOTENCY_KEY" >> "$1/acts"
      sleep 0.05
      : > "$1/well"
      echo "end $HEAL_IDEMPOTENCY_KEY" >> "$1/acts"
      """;

  private final Path folder;
  private final FakeMachine machine;
  private final Path log;
  private final Path site;
  private final Random random;
  private final Map<String, Integer> killedAt = new HashMap<>();

  private Kills(Path folder, FakeMachine machine, long seed) throws IOException {
    this.folder = folder;
    this.machine = machine;
    this.random = new Random(seed);
    this.log = Files.createFile(folder.resolve("worker.log"));
    this.site =
        Files.writeString(folder.resolve("site.heal"), SITE.replace("@FOLDER@", folder.toString()));
    Path act = Files.writeString(folder.resolve("act"), ACT);
    Files.setPosixFilePermissions(act, PosixFilePermissions.fromString("rwx------"));
    Files.createFile(folder.resolve("acts"));
    Files.writeString(folder.resolve("mode"), FULL);
    Files.createFile(folder.resolve("well"));
  }

  /** {@code KILLS [SEED]}. */
  public static void main(String[] words) throws IOException, InterruptedException {
    int kills = words.length > 0 ? Integer.parseInt(words[0]) : 300;
    long seed = words.length > 1 ? Long.parseLong(words[1]) : System.nanoTime();
    System.out.println(run(kills, seed, Files.createTempDirectory("heal-kills")));
    System.exit(0);
  }

  /**
   * Kills it so often.
   *
   * @return what was done, in words
   * @throws AssertionError where an order was given twice, forgotten, or left to stand
   */
  public static String run(int kills, long seed, Path folder)
      throws IOException, InterruptedException {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      Kills run = new Kills(folder, machine, seed);
      for (int i = 0; i < kills; i++) {
        run.killOnce(i);
      }
      run.settle();
      return "%d kills, seed %d: %s".formatted(kills, seed, run.judge());
    }
  }

  private Path out() {
    return folder.resolve("out");
  }

  private void killOnce(int number) throws IOException, InterruptedException {
    Process engine = LiveBenchmark.engine(folder, site, machine.library());
    try {
      assertThat(await("watching", START_PATIENCE))
          .as("it starts: %s", Files.readString(out()))
          .isTrue();
      breakIt(number);
      String step = STEPS.get(random.nextInt(STEPS.size()));
      if (await(step, STEP_PATIENCE)) {
        killedAt.merge(step.strip(), 1, Integer::sum);
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextLong(LONGEST_PAUSE_MICROS)));
    } finally {
      engine.destroyForcibly().waitFor();
    }
  }

  private void breakIt(int number) throws IOException {
    machine.set("gpu 0 temperature " + (random.nextBoolean() ? 92 : 60));
    Files.deleteIfExists(folder.resolve("well"));
    Files.writeString(log, "BROKEN " + number + "\n", StandardOpenOption.APPEND);
  }

  /** Whether the engine says it before long. */
  private boolean await(String words, long patience) throws IOException {
    long deadline = System.nanoTime() + patience;
    while (System.nanoTime() - deadline < 0) {
      if (Files.readString(out()).contains(words)) {
        return true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    return false;
  }

  /** One engine runs until nothing stands. */
  private void settle() throws IOException, InterruptedException {
    machine.set("gpu 0 temperature 60");
    Process engine = LiveBenchmark.engine(folder, site, machine.library());
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
      while (System.nanoTime() - deadline < 0 && !isSettled()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      assertThat(isSettled()).as("something stands still: %s", standing()).isTrue();
    } finally {
      engine.destroy();
      engine.waitFor();
    }
  }

  private boolean isSettled() throws IOException {
    try (JournalReader journal = JournalReader.open(folder.resolve("state"))) {
      boolean none =
          journal.incidents(IncidentFilter.newest(100_000)).stream()
              .allMatch(i -> i.until().isPresent() || i.state() == IncidentState.GAVE_UP);
      return none
          && journal.recovery().orders().planned().isEmpty()
          && journal.recovery().orders().unknown().isEmpty()
          && journal.recovery().orders().toUndo().isEmpty();
    }
  }

  /** What is not over, one a line. */
  private String standing() throws IOException {
    StringBuilder text = new StringBuilder();
    try (JournalReader journal = JournalReader.open(folder.resolve("state"))) {
      journal.recovery().incidents().forEach(i -> text.append("\n").append(i));
      journal.recovery().orders().toUndo().forEach(o -> text.append("\n").append(o));
      journal.recovery().orders().unknown().forEach(o -> text.append("\n").append(o));
    }
    return text.toString();
  }

  private List<StoredOrder> orders() throws IOException {
    List<StoredOrder> orders = new ArrayList<>();
    try (JournalReader journal = JournalReader.open(folder.resolve("state"))) {
      for (long id = 1; id <= journal.recovery().lastOrder(); id++) {
        journal.order(id).ifPresent(orders::add);
      }
    }
    return orders;
  }

  /** Looks at all that was done. */
  private String judge() throws IOException {
    Map<String, Integer> begun = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("acts"))) {
      if (line.startsWith("begin ")) {
        begun.merge(line.substring("begin ".length()), 1, Integer::sum);
      }
    }
    assertThat(begun.values()).as("no order was carried out twice").allMatch(times -> times == 1);
    Set<Long> done = new HashSet<>();
    begun.keySet().forEach(key -> done.add(number(key)));
    List<StoredOrder> orders = orders();
    List<Long> started =
        orders.stream()
            .filter(order -> order.startedAt().isPresent())
            .map(order -> order.plan().id())
            .toList();
    assertThat(started).as("nothing was done without a word in the journal").containsAll(done);
    assertThat(orders).as("every order has an end").allMatch(order -> order.state().isEnd());
    List<StoredOrder> lost =
        orders.stream()
            .filter(order -> order.state() == OrderState.DONE)
            .filter(order -> order.plan().verb().equals("restart"))
            .filter(order -> !done.contains(order.plan().id()))
            .toList();
    assertThat(lost).as("what is said to be done was done").isEmpty();
    assertThat(Files.readString(folder.resolve("mode"))).as("no degrade is left").isEqualTo(FULL);
    int incidents;
    try (JournalReader journal = JournalReader.open(folder.resolve("state"))) {
      List<Incident> all = journal.incidents(IncidentFilter.newest(100_000));
      incidents = all.size();
    }
    long unknown = orders.stream().filter(o -> o.state() == OrderState.UNKNOWN).count();
    long undone = orders.stream().filter(o -> o.plan().purpose() == Order.Purpose.UNDO).count();
    return "%d incidents, %d orders, %d acts each once, %d unknown and verified, %d undoings, none left; killed at %s"
        .formatted(incidents, orders.size(), begun.size(), unknown, undone, killedAt);
  }

  private static long number(String key) {
    return Optional.of(key.substring(key.lastIndexOf('-') + 1)).map(Long::parseLong).orElseThrow();
  }
}
