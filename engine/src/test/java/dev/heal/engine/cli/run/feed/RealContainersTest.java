package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.parts.RealContainer;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers of a real podman, watched: how they end, what they write, an engine that is away. */
@SuppressWarnings("try") // a feed is only there
@Tag("real")
class RealContainersTest {
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final int LINES = 3000;

  /** Does what it is told through a file. */
  private static final String[] TOLD = {
    "/bin/sh",
    "-c",
    "until test -e /host/$0; do sleep 0.02; done; cat /host/$0; code=$(cat /host/$0.code); exit $code",
    "x"
  };

  @TempDir private static Path folder;
  private static RealContainer podman;

  private final Listened loop = new Listened();
  private final Kept kept = new Kept();
  private final long deadline = System.nanoTime() + 120_000_000_000L;

  @BeforeAll
  static void start() {
    podman = RealContainer.start(folder);
  }

  @BeforeEach
  void isThere() {
    podman.comeBack();
  }

  @AfterAll
  static void stop() {
    if (podman != null) {
      podman.close();
    }
  }

  private ContainerFeed feed(String container) {
    CheckedPolicy policies =
        Listened.policies(
            """
            node n1 { }
            service llm on n1 { container "%s" }
            fault sick on service "It says so" {
              when        log matches `model .* is sick`
              clear after 1m
            }
            """
                .formatted(container));
    Map<EntityId, ServiceFacts> known = new HashMap<>();
    ContainerFeed feed =
        new ContainerFeed(podman.socket(), HostFiles.OF_THIS_HOST, loop, kept, loop)
            .of(
                policies.site(),
                "n1",
                new LogInterest(policies),
                service -> known.computeIfAbsent(service, s -> new ServiceFacts(s, false)));
    feed.start();
    return feed;
  }

  /** Starts a container that ends with a code when it is told. */
  private static void obedient(String name, String... options) throws IOException {
    Path host = Files.createDirectories(folder.resolve("host"));
    List<String> words = new ArrayList<>(List.of("-v", host + ":/host"));
    words.addAll(List.of(options));
    String[] argv = TOLD.clone();
    argv[3] = name;
    podman.run(name, words, argv);
  }

  /** Has it write a text and end. */
  private static void tell(String name, int code, String text) throws IOException {
    Files.writeString(folder.resolve("host/" + name + ".code"), Integer.toString(code));
    Path whole = Files.writeString(folder.resolve("host/" + name + ".new"), text);
    Files.move(whole, folder.resolve("host/" + name));
  }

  private Fact next(String signal) {
    return Listened.timeless(loop.next(fact -> fact.signal().equals(signal)));
  }

  private static Fact running(double value) {
    return new Fact.Sample(0, LLM, "process.running", value);
  }

  private static Fact exit(Map<String, String> fields) {
    return new Fact.Event(0, LLM, "exit", fields);
  }

  /** What is heard next; states are heard each second, so this alone ends a test. */
  private Listened.Part part() {
    assertThat(System.nanoTime() - deadline).as("told: %s", loop.told).isNegative();
    return loop.next();
  }

  /** How often it was told within three looks that nothing happens any more. */
  private List<Fact> untilQuiet() {
    List<Fact> ends = new ArrayList<>();
    for (int states = 0; states < 7; ) {
      for (Fact fact : part().facts()) {
        states += fact.signal().equals("process.running") ? 1 : 0;
        if (fact.signal().equals("exit")) {
          ends.add(fact);
        }
      }
    }
    return ends;
  }

  @Test
  void aKilledContainerIsAnExitBySignalOnceAndRunsAgainAfterAStart() {
    podman.run("killed", "/bin/sh", "-c", "while :; do sleep 0.1; done");
    try (ContainerFeed feed = feed("killed")) {
      assertThat(next("process.running")).isEqualTo(running(1));
      Fact.Sample rss = (Fact.Sample) next("process.rss");
      assertThat(rss.value()).isBetween(100e3, 100e6);

      String unused = podman.podman("kill", "killed");

      assertThat(next("exit"))
          .isEqualTo(exit(Map.of("exit_code", "137", "exit_signal", "SIGKILL")));
      assertThat(next("process.running")).isEqualTo(running(0));
      assertThat(untilQuiet()).as("it is told once").isEmpty();

      String unusedStart = podman.podman("start", "killed");
      loop.next(fact -> Listened.timeless(fact).equals(running(1)));
      assertThat(feed.status())
          .extracting(SourceStatus::trouble)
          .containsOnly(java.util.Optional.empty());
    }
  }

  @Test
  void aSegfaultIsASignalAndAnExitHasItsCode() throws IOException {
    Path source = folder.resolve("victim.c");
    Files.writeString(source, "int main(void) { *(volatile int *)0 = 1; }");
    Path host = Files.createDirectories(folder.resolve("host"));
    int built =
        new ProcessBuilder(
                "gcc", "-static", "-o", host.resolve("victim").toString(), source.toString())
            .inheritIO()
            .start()
            .onExit()
            .join()
            .exitValue();
    assertThat(built).isZero();
    obedient("dies");
    try (ContainerFeed feed = feed("dies")) {
      assertThat(next("process.running")).isEqualTo(running(1));
      tell("dies", 3, "bye\n");
      assertThat(next("exit")).isEqualTo(exit(Map.of("exit_code", "3")));
      assertThat(untilQuiet()).isEmpty();
      // another one under the same name, which segfaults
      String unused = podman.podman("rm", "dies");
      podman.run("dies", List.of("-v", host + ":/host"), "/host/victim");
      assertThat(next("exit"))
          .isEqualTo(exit(Map.of("exit_code", "139", "exit_signal", "SIGSEGV")));
      assertThat(untilQuiet()).isEmpty();
    }
  }

  @Test
  void whatHappensWhileTheEngineIsAwayIsToldOnceWhenItIsBack() throws IOException {
    obedient("alone");
    try (ContainerFeed feed = feed("alone")) {
      assertThat(next("process.running")).isEqualTo(running(1));
      FakeMachine.await(() -> kept.of("log of container alone").size() == 2);

      podman.vanish();
      loop.awaitTold("containers: the container engine cannot be reached at");
      loop.awaitTold("log of container alone: the log of container `alone` cannot be read");
      assertThat(feed.status()).extracting(s -> s.trouble().isPresent()).containsOnly(true);
      loop.forget();
      tell("alone", 7, "it ends\nthe model llama is sick\n");
      FakeMachine.await(() -> "exited".equals(podman.inspect("alone", "{{.State.Status}}")));
      while (!loop.isSilent()) {
        assertThat(loop.next().facts()).as("nobody knows").isEmpty();
      }

      podman.comeBack();
      loop.awaitTold("containers: is heard again");
      List<Fact> facts = new ArrayList<>();
      for (int states = 0; states < 12; ) {
        for (Fact fact : part().facts()) {
          states += fact.signal().equals("process.running") ? 1 : 0;
          if (fact instanceof Fact.Event) {
            facts.add(Listened.timeless(fact));
          }
        }
      }
      assertThat(facts)
          .containsExactlyInAnyOrder(
              exit(Map.of("exit_code", "7")), log("it ends"), log("the model llama is sick"));
      loop.awaitTold("log of container alone: is heard again");
      assertThat(feed.status()).extracting(s -> s.trouble().isPresent()).containsOnly(false);
    }
  }

  private static Fact log(String line) {
    return new Fact.Event(0, LLM, "log", Map.of("line", line));
  }

  @Test
  void overRestartsOfBothEnginesNoLineIsLostOrDoubled() throws IOException {
    // nobody has seen it before: what it wrote then is old
    podman.run(
        "writes",
        List.of("-v", Files.createDirectories(folder.resolve("host")) + ":/host"),
        "/bin/sh",
        "-c",
        "echo old; until test -e /host/go; do sleep 0.02; done; i=0; while [ $i -lt 3000 ]; do"
            + " i=$((i+1)); if [ $((i % 2)) = 0 ]; then echo \"line $i\"; else echo \"line $i\" >&2; fi;"
            + " [ $((i % 20)) -ne 0 ] || sleep 0.02; done; sleep 1000");
    FakeMachine.await(() -> podman.podman("logs", "writes").contains("old"));
    List<Integer> heard = new ArrayList<>();
    try (ContainerFeed feed = feed("writes")) {
      FakeMachine.await(() -> kept.of("log of container writes").size() == 2);
      Files.writeString(folder.resolve("host/go"), "");
      hear(heard, LINES / 4);
      podman.vanish();
      loop.awaitTold("log of container writes: the log of container `writes` cannot be read");
      podman.comeBack();
      hear(heard, LINES / 2);
    }
    while (!loop.isSilent()) {
      lines(loop.next(), heard);
    }
    try (ContainerFeed feed = feed("writes")) {
      hear(heard, LINES);
      loop.forget();
      String unused = podman.podman("kill", "writes");
      next("exit");
    }
    List<Integer> odd = heard.stream().filter(i -> i % 2 == 1).toList();
    List<Integer> even = heard.stream().filter(i -> i % 2 == 0).toList();
    assertThat(odd)
        .isEqualTo(IntStream.rangeClosed(1, LINES).filter(i -> i % 2 == 1).boxed().toList());
    assertThat(even)
        .isEqualTo(IntStream.rangeClosed(1, LINES).filter(i -> i % 2 == 0).boxed().toList());
  }

  private void hear(List<Integer> heard, int upTo) {
    while (heard.size() < upTo) {
      lines(part(), heard);
    }
  }

  private static void lines(Listened.Part part, List<Integer> heard) {
    part.facts().stream()
        .filter(fact -> fact.signal().equals("log"))
        .map(fact -> ((Fact.Event) fact).fields().getOrDefault("line", ""))
        .forEach(line -> heard.add(Integer.parseInt(line.replace("line ", ""))));
  }

  @Test
  void linesOfATerminalAreItsLogAndOneThatAPolicyWaitsForIsAFault() throws IOException {
    obedient("terminal", "--tty");
    try (ContainerFeed feed = feed("terminal")) {
      FakeMachine.await(() -> kept.of("log of container terminal").size() == 2);
      tell("terminal", 0, "all is well\nthe model llama is sick\nhalf");

      List<Listened.Part> parts = new ArrayList<>();
      while (parts.size() < 3) {
        Listened.Part part = part();
        if (part.facts().stream().anyMatch(fact -> fact.signal().equals("log"))) {
          parts.add(part);
        }
      }
      assertThat(parts)
          .extracting(Listened.Part::importance, part -> Listened.timeless(part.facts().get(0)))
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(Importance.NOISE, log("all is well")),
              org.assertj.core.groups.Tuple.tuple(Importance.FAULT, log("the model llama is sick")),
              org.assertj.core.groups.Tuple.tuple(Importance.NOISE, log("half")));
    }
  }

  @Test
  void theEnginesOwnCheckDecidesWhereTheSiteHasNone() throws IOException {
    Files.createDirectories(folder.resolve("host"));
    podman.run(
        "checked",
        List.of(
            "--health-cmd",
            "/bin/cat /host/well",
            "--health-interval",
            "disable",
            "--health-retries",
            "1",
            "-v",
            folder.resolve("host") + ":/host"),
        "/bin/sh",
        "-c",
        "sleep 1000");
    try (ContainerFeed feed = feed("checked")) {
      assertThat(next("process.running")).isEqualTo(running(1));
      Files.writeString(folder.resolve("host/well"), "");
      String unused = podman.podman("healthcheck", "run", "checked");
      assertThat(next("healthy"))
          .as("nothing is said before the check")
          .isEqualTo(new Fact.Sample(0, LLM, "healthy", 1));
      assertThat(next("health.ok")).isEqualTo(new Fact.Sample(0, LLM, "health.ok", 1));

      Files.delete(folder.resolve("host/well"));
      assertThat(podman.fails("healthcheck", "run", "checked")).contains("unhealthy");
      loop.next(fact -> Listened.timeless(fact).equals(new Fact.Sample(0, LLM, "healthy", 0)));
    }
  }

  @Test
  void oneThatIsNotThereDoesNotRunUntilItIs() throws IOException {
    try (ContainerFeed feed = feed("later")) {
      assertThat(next("process.running")).isEqualTo(running(0));
      loop.awaitTold("containers: there is no container `later`");
      FakeMachine.await(() -> kept.of("log of container later").size() == 2);
      assertThat(feed.status()).extracting(s -> s.trouble().isPresent()).containsOnly(false);

      podman.run("later", "/bin/sh", "-c", "echo first; sleep 1000");

      assertThat(next("log")).as("all of it is new").isEqualTo(log("first"));
      loop.next(fact -> Listened.timeless(fact).equals(running(1)));
    }
  }

  @Test
  void aSiteWithoutContainersHasNoTrouble() {
    CheckedPolicy policies = Listened.policies("service llm on n1 { unit \"llm.service\" }");
    try (ContainerFeed feed =
        new ContainerFeed(folder.resolve("nobody.sock"), HostFiles.OF_THIS_HOST, loop, kept, loop)
            .of(
                policies.site(),
                "n1",
                new LogInterest(policies),
                service -> new ServiceFacts(service, false))) {
      feed.start();
      assertThat(feed.status()).isEmpty();
      assertThat(loop.told).isEmpty();
    }
  }
}
