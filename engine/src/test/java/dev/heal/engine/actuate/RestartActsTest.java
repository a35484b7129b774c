package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.LLM;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart, step by step: what is called in which order, and what stops it. */
class RestartActsTest {
  private static final String RESTART = "restart service { from snapshot }";

  @TempDir private Path folder;
  private final List<String> called = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    gates.values().forEach(CountDownLatch::countDown);
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.equals("/health")) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String verb = body.replaceFirst(".*\"verb\":\"(\\w+)\".*", "$1");
      called.add(
          path + " " + verb + " " + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    }
    CountDownLatch gate = gates.get(path);
    if (gate != null) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.sendResponseHeaders(answers.getOrDefault(path, 204), -1);
    exchange.close();
  }

  private String site(String more) {
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    return """
    node n1 { gpu 0..1 }
    service llm on n1 {
      run      ["llm"]
      health   "BASE/health" every 2s
      hold     via http "BASE/hold" { timeout 10s }
      resume   via http "BASE/resume"
      snapshot via http "PUT BASE/snapshot" { timeout 500ms }
      MORE
    }
    """
        .replace("MORE", more)
        .replace("BASE", base);
  }

  private static Outcome outcome(Kind kind, String because) {
    return new Outcome(kind, because);
  }

  @Test
  void itHoldsSavesStopsStartsAndLetsIn() {
    try (Desk desk = Desk.of(site(""), folder)) {
      assertThat(desk.act(RESTART, LLM).outcome())
          .isEqualTo(
              outcome(
                  Kind.DONE,
                  "new requests are held; snapshot taken; stopped; runs as 4711; healthy;"
                      + " new requests are let in; not bound: queue"));
      assertThat(called)
          .containsExactly(
              "/hold hold r1-1-hold",
              "/snapshot snapshot r1-1-snapshot",
              "/resume resume r1-1-resume");
      assertThat(desk.starts)
          .containsExactly(
              new Supervisor.Start(
                  LLM, Optional.empty(), Map.of("HEAL_START", "snapshot", "HEAL_SNAPSHOT", "now")));
    }
  }

  @Test
  void whatIsSickIsNotSaved() {
    answers.put("/health", 503);
    gates.put("/hold", new CountDownLatch(1));
    try (Desk desk = Desk.of(site(""), folder)) {
      BlockingQueue<Report> ended = desk.start(Assignment.of(desk.order(RESTART, LLM)));
      FakeMachine.await(() -> called.size() == 1);
      gates.get("/hold").countDown();
      FakeMachine.await(() -> !desk.starts.isEmpty());
      answers.put("/health", 200);

      assertThat(Desk.await(ended).outcome())
          .isEqualTo(
              outcome(
                  Kind.DONE,
                  "new requests are held; no snapshot: it is not healthy (status 503), its last one"
                      + " stands; stopped; runs as 4711; healthy; new requests are let in;"
                      + " not bound: queue"));
      assertThat(desk.starts.get(0).told()).containsEntry("HEAL_SNAPSHOT", "last");
    }
  }

  @Test
  void aHookThatFailsOrHangsHoldsNothingUp() {
    answers.put("/hold", 500);
    gates.put("/snapshot", new CountDownLatch(1));
    try (Desk desk = Desk.of(site(""), folder)) {
      Outcome outcome = desk.act(RESTART, LLM).outcome();

      assertThat(outcome.kind()).isEqualTo(Kind.DONE);
      assertThat(outcome.because())
          .contains("`hold` failed: `POST http://127.0.0.1:", "/hold` answered 500")
          .contains("`snapshot` failed: it did not end within 500 ms; stopped; runs as 4711");
      assertThat(called).as("perhaps it did hold").anyMatch(call -> call.startsWith("/resume"));
    }
  }

  @Test
  void requestsThatNobodyLetsInAreAFailure() {
    answers.put("/resume", 409);
    try (Desk desk = Desk.of(site(""), folder)) {
      Outcome outcome = desk.act(RESTART, LLM).outcome();

      assertThat(outcome.kind()).isEqualTo(Kind.REFUSED);
      assertThat(outcome.because()).contains("healthy; `resume` failed: ");
    }
  }

  @Test
  void whatDoesNotBecomeHealthyHasFailedAndStaysHeld() {
    try (Desk desk =
        Desk.of(
            site("restart via supervised { timeout 700ms }")
                .replace("/health\" every", "/sick\" every"),
            folder)) {
      answers.put("/sick", 500);

      assertThat(desk.act(RESTART, LLM).outcome())
          .isEqualTo(
              outcome(
                  Kind.FAILED,
                  "new requests are held; no snapshot: it is not healthy (status 500), its last one"
                      + " stands; stopped; runs as 4711; not healthy within 700 ms: status 500;"
                      + " new requests are still held; not bound: queue"));
      assertThat(called).noneMatch(call -> call.startsWith("/resume"));
    }
  }

  @Test
  void beforeTheStopItCanBeCancelledAndNothingHasChanged() {
    gates.put("/hold", new CountDownLatch(1));
    try (Desk desk = Desk.of(site(""), folder)) {
      Order order = desk.order(RESTART, LLM);
      BlockingQueue<Report> ended = desk.start(Assignment.of(order));
      FakeMachine.await(() -> called.size() == 1);

      assertThat(desk.cancel(order.id())).isTrue();

      assertThat(Desk.await(ended).outcome())
          .isEqualTo(
              outcome(
                  Kind.FAILED,
                  "new requests are let in; it was interrupted before the service was stopped;"
                      + " not bound: queue"));
      assertThat(desk.starts).isEmpty();
      assertThat(desk.running).containsExactly(4710L);
    }
  }

  @Test
  void withoutItsQueueNothingIsTouched() {
    try (Desk desk =
        Desk.of(site("queue \"redis://127.0.0.1:1/requests?group=workers\""), folder)) {
      assertThat(desk.act("restart service { skip poison }", LLM).outcome())
          .isEqualTo(
              outcome(
                  Kind.FAILED,
                  "redis://127.0.0.1:1 cannot be reached, nobody listens there: what is pending"
                      + " stays where it is; nothing was touched"));
      assertThat(called).isEmpty();
      assertThat(desk.running).containsExactly(4710L);
      assertThat(desk.act("requeue service", LLM).outcome())
          .isEqualTo(
              outcome(
                  Kind.REFUSED,
                  "service:n1/llm runs, and what is pending with it is at work: `restart service`"
                      + " hands it back"));
      desk.running.clear();
      assertThat(desk.act("requeue service", LLM).outcome().kind()).isEqualTo(Kind.FAILED);
    }
  }

  @Test
  void aRequeueOfTheSitesOwnIsCalledWhereAStepSaysSo() {
    String own = "requeue via http \"BASE/requeue\"";
    try (Desk desk = Desk.of(site(own), folder)) {
      assertThat(desk.act("restart service { fresh }", LLM).outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(called).noneMatch(call -> call.startsWith("/requeue"));
      assertThat(desk.act("restart service { fresh, skip poison }", LLM).outcome().because())
          .contains("healthy; pending requests handed back; new requests are let in");
      assertThat(called).endsWith("/requeue requeue r1-2-requeue", "/resume resume r1-2-resume");
    }
  }

  /** A process that only its GPU knows of. */
  private static Process sleeper() throws IOException {
    return new ProcessBuilder("sleep", "600").start();
  }

  private interface OnGpus {
    void test(FakeMachine machine, Desk desk) throws IOException;
  }

  private void onGpus(String site, OnGpus test) throws IOException {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        NvmlBridge bridge =
            NvmlBridge.open(NvmlOptions.ofThisHost().withLibrary(machine.library()));
        Desk desk = Desk.of(site, folder, bridge)) {
      test.test(machine, desk);
    }
  }

  @Test
  void whatItLeftOnItsGpuIsKilledBeforeItStarts() throws IOException {
    Process left = sleeper();
    onGpus(
        site("gpus 0..1"),
        (machine, desk) -> {
          desk.leftBehind.add(left.pid());
          machine.set("gpu 1 process %d 1GiB".formatted(left.pid()));
          BlockingQueue<Report> ended = desk.start(Assignment.of(desk.order(RESTART, LLM)));
          left.onExit().join();
          assertThat(desk.starts).as("not beside what holds the GPU").isEmpty();
          machine.set("gpu 1 process %d gone".formatted(left.pid()));

          Outcome outcome = Desk.await(ended).outcome();

          assertThat(outcome.kind()).isEqualTo(Kind.DONE);
          assertThat(outcome.because())
              .contains(
                  "stopped; left behind, and killed: process %d (`sleep`) holds gpu:n1/1; runs as 4711"
                      .formatted(left.pid()));
        });
  }

  @Test
  void aStrangerOnItsGpuIsNamedAndNothingIsTouched() throws IOException {
    Process stranger = sleeper();
    onGpus(
        site("gpus 0"),
        (machine, desk) -> {
          machine.set("gpu 0 process %d 1GiB".formatted(stranger.pid()));

          assertThat(desk.act(RESTART, LLM).outcome())
              .isEqualTo(
                  outcome(
                      Kind.REFUSED,
                      "process %d (`sleep`) holds gpu:n1/0 and is not of this service: nothing was touched"
                          .formatted(stranger.pid())));
          assertThat(called).isEmpty();
          assertThat(desk.running).containsExactly(4710L);
        });
    assertThat(stranger.isAlive()).isTrue();
    stranger.destroyForcibly();
  }

  @Test
  void whereOthersHaveARightToItsGpuTheyAreLeftAlone() throws IOException {
    Process other = sleeper();
    onGpus(
        site("gpus 0") + "service embed on n1 { run [\"embed\"], gpus 0..1 }\n",
        (machine, desk) -> {
          machine.set("gpu 0 process %d 1GiB".formatted(other.pid()));

          assertThat(desk.act(RESTART, LLM).outcome().kind()).isEqualTo(Kind.DONE);
        });
    assertThat(other.isAlive()).isTrue();
    other.destroyForcibly();
  }

  @Test
  void whatNvmlCannotTellIsSaid() {
    try (Desk desk = Desk.of(site("gpus 0"), folder)) {
      assertThat(desk.act(RESTART, LLM).outcome().because())
          .startsWith("who holds its GPUs is not known: this engine has no NVML; ");
    }
  }
}
