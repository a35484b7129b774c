package dev.heal.engine.source.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.heal.engine.source.child.ChildSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real servers and commands are asked. */
class ProberTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration TICK = Duration.ofNanos(7); // of a clock that counts who looks
  private static final Duration NEVER_AGAIN = Duration.ofDays(1);

  private final BlockingQueue<ProbeResult> results = new LinkedBlockingQueue<>();
  private final AtomicLong clock = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Prober> probers = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    answer("/ok", 200, "fine");
    answer("/sick", 503, "no");
    answer(
        "/metrics",
        200,
        "# HELP temp x\n# TYPE temp gauge\ntemp{gpu=\"0\"} 81\ntemp{gpu=\"1\"} NaN\nother 1\ntemp x\n"
            + "# TYPE vllm:seconds summary\nvllm:seconds{quantile=\"0.5\"} 2\n"
            + "vllm:seconds_sum{m=\"a\"} 3\n# TYPE done counter\ndone_total 4\nx_total 5\n");
    server.createContext(
        "/half",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          await();
        });
    server.createContext("/hang", exchange -> await());
    server.start();
  }

  @AfterEach
  void stop() {
    probers.forEach(Prober::close);
    over.countDown();
    server.stop(0);
  }

  @Test
  void webServersAreHealthyOrSayWhyNot() throws InterruptedException {
    assertThat(ask(new Check.Http(uri("/ok")), LONG)).isEmpty();
    assertThat(ask(new Check.Http(uri("/sick")), LONG)).contains("status 503");
    assertThat(ask(new Check.Http(uri("/hang")), Duration.ofMillis(100)))
        .contains("request timed out");
    assertThat(ask(new Check.Http(uri("/half")), Duration.ofMillis(100)))
        .contains("no answer in 100 ms");
  }

  @Test
  void portsAreOpenOrNot() throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      assertThat(ask(new Check.Tcp("127.0.0.1", port), LONG)).isEmpty();
    }
    assertThat(ask(new Check.Tcp("127.0.0.1", port), LONG)).contains("Connection refused");
    assertThat(ask(new Check.Http(URI.create("http://127.0.0.1:" + port + "/")), LONG))
        .contains("no connection");
  }

  @Test
  void aRoundTripIsToldByWhoeverAnswers() throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      ProbeResult open = run(new Check.RoundTrip("127.0.0.1", port), LONG);
      assertThat(open.why()).isEmpty();
      assertThat(open.latency()).as("from connecting to connected").isEqualTo(TICK);
    }
    ProbeResult closed = run(new Check.RoundTrip("127.0.0.1", port), LONG);
    assertThat(closed.why()).as("whoever refuses was there").isEmpty();
    assertThat(closed.latency()).isEqualTo(TICK);
    assertThat(ask(new Check.RoundTrip("no-such-host.invalid", 443), LONG))
        .contains("the name `no-such-host.invalid` cannot be resolved");
    assertThat(ask(new Check.RoundTrip("[::1]", port), LONG).orElse("")).doesNotContain("resolved");
  }

  @Test
  void whoDoesNotAnswerInTimeHasNotAnswered() throws IOException, InterruptedException {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> waiting = new ArrayList<>();
      try {
        for (int i = 0; i < 2; i++) { // as many as the kernel takes before it leaves some waiting
          waiting.add(new Socket(full.getInetAddress(), full.getLocalPort()));
        }
        Check check = new Check.RoundTrip("127.0.0.1", full.getLocalPort());
        assertThat(ask(check, Duration.ofMillis(100))).contains("no answer in 100 ms");
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }

  @Test
  void commandsAnswerWithTheirExitCode() throws InterruptedException {
    assertThat(ask(command("exit 0"), LONG)).isEmpty();
    assertThat(ask(command("echo sick >&2; exit 3"), LONG)).contains("exit code 3: sick");
    assertThat(ask(command("kill -SEGV $$"), LONG)).contains("ended by SIGSEGV");
    assertThat(ask(command("sleep 1000 & sleep 1000"), Duration.ofMillis(100)))
        .contains("no answer in 100 ms");
    ChildSpec nothing = new ChildSpec("x", List.of("/nowhere"), Map.of(), Optional.empty());
    assertThat(ask(new Check.Command(nothing), LONG).orElse("")).contains("No such file");
  }

  @Test
  void metricsInUseAreTaken() throws InterruptedException {
    Set<String> names = Set.of("temp", "vllm_seconds", "vllm_seconds_sum", "done_total", "x_total");
    ProbeResult result = run(new Check.Scrape(uri("/metrics"), names), LONG);
    assertThat(result)
        .isEqualTo(
            new ProbeResult(
                "probe",
                TICK,
                Optional.empty(),
                List.of(
                    new MetricSample("temp", Map.of("gpu", "0"), 81, false),
                    new MetricSample("temp", Map.of("gpu", "1"), Double.NaN, false),
                    new MetricSample("vllm:seconds", Map.of("quantile", "0.5"), 2, false),
                    new MetricSample("vllm:seconds_sum", Map.of("m", "a"), 3, true),
                    new MetricSample("done_total", Map.of(), 4, true),
                    new MetricSample("x_total", Map.of(), 5, true)),
                1));
    assertThat(ask(new Check.Scrape(uri("/sick"), Set.of("temp")), LONG)).contains("status 503");
  }

  @Test
  void aProbeThatHangsHoldsUpNoOther() throws InterruptedException {
    Duration soon = Duration.ofMillis(1);
    start(
        new ProbeSpec("hangs", new Check.Http(uri("/hang")), soon, Duration.ofHours(1)),
        new ProbeSpec("asks", new Check.Http(uri("/ok")), soon, LONG));
    for (int i = 0; i < 20; i++) {
      ProbeResult result = results.poll(30, TimeUnit.SECONDS);
      assertThat(result).isNotNull();
      assertThat(result.probe()).isEqualTo("asks");
      assertThat(result.ok()).isTrue();
    }
  }

  private Optional<String> ask(Check check, Duration timeout) throws InterruptedException {
    return run(check, timeout).why();
  }

  private ProbeResult run(Check check, Duration timeout) throws InterruptedException {
    start(new ProbeSpec("probe", check, NEVER_AGAIN, timeout));
    ProbeResult result = results.poll(30, TimeUnit.SECONDS);
    assertThat(result).isNotNull();
    return result;
  }

  private void start(ProbeSpec... probes) {
    probers.add(new Prober(List.of(probes), () -> clock.getAndAdd(TICK.toNanos()), results::add));
  }

  private static Check command(String script) {
    return new Check.Command(
        new ChildSpec(
            "x", List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"), Optional.empty()));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void answer(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
