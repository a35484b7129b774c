package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.LLM;
import static dev.heal.engine.actuate.Desk.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders carried out by requests to a real server, and pages. */
class HttpActsTest {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch hang = new CountDownLatch(1);
  private HttpServer server;
  private volatile int status = 200;

  @TempDir private Path folder;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    hang.countDown();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        "%s %s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                body));
    if (status == 0) {
      exchange.close();
      return;
    }
    if (status < 0) {
      try {
        hang.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    byte[] said = "as you\nwish\u001b[31m".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(Math.max(status, 200), said.length);
    exchange.getResponseBody().write(said);
    exchange.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Desk snapshot(String more) {
    return Desk.of(
        "service llm on n1 { snapshot via http \"PUT %s\" %s }\n"
            .formatted(url("/snapshot?token=secret"), more),
        folder);
  }

  @Test
  void aRequestCarriesTheOrderAndItsKey() {
    try (Desk desk = snapshot("")) {
      Report report =
          desk.end(
              new Assignment(
                  desk.order("snapshot service", LLM).capturing(Map.of("rank", "3")),
                  Optional.empty()));

      assertThat(report)
          .isEqualTo(
              new Report(
                  new Outcome(
                      Kind.DONE,
                      "`PUT %s` answered 200: as you / wish [31m".formatted(url("/snapshot"))),
                  Optional.empty()));
      assertThat(requests)
          .containsExactly(
              "PUT /snapshot?token=secret r1-1 {\"order\":\"r1-1\",\"verb\":\"snapshot\","
                  + "\"target\":\"service:n1/llm\",\"fault\":\"broken\",\"entity\":\"service:n1/llm\","
                  + "\"policy\":\"mend\",\"purpose\":\"step\",\"settings\":{},\"captures\":{\"rank\":\"3\"}}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "202, DONE",
    "302, FAILED",
    "400, REFUSED",
    "404, REFUSED",
    "409, REFUSED",
    "408, FAILED",
    "429, FAILED",
    "500, FAILED",
    "502, UNKNOWN",
    "503, FAILED",
    "504, UNKNOWN"
  })
  void whatAnAnswerMeans(int answered, Kind kind) {
    status = answered;
    try (Desk desk = snapshot("")) {
      assertThat(desk.act("snapshot service", LLM).outcome().kind()).isEqualTo(kind);
      assertThat(requests).as("sent once").hasSize(1);
    }
  }

  @Test
  void noAnswerIsUnknownAndNobodyThereIsFailed() throws IOException {
    status = 0;
    try (Desk desk = snapshot("")) {
      Outcome lost = desk.act("snapshot service", LLM).outcome();
      assertThat(lost.kind()).isEqualTo(Kind.UNKNOWN);
      assertThat(lost.because()).startsWith("`PUT " + url("/snapshot") + "`: sent, and no answer");
    }
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    try (Desk desk =
        Desk.of(
            "service llm on n1 { snapshot via http \"http://127.0.0.1:%d/x\" }\n".formatted(nobody),
            folder)) {
      assertThat(desk.act("snapshot service", LLM).outcome())
          .isEqualTo(
              new Outcome(
                  Kind.FAILED,
                  "`POST http://127.0.0.1:%d/x`: nobody answers there: nothing was sent"
                      .formatted(nobody)));
    }
  }

  @Test
  void aServerThatHangsIsUnknown() {
    status = -1;
    try (Desk desk = snapshot("{ timeout 400ms }")) {
      assertThat(desk.act("snapshot service", LLM).outcome())
          .isEqualTo(new Outcome(Kind.UNKNOWN, "it did not end within 400 ms: it was interrupted"));
    }
  }

  @Test
  void aPagerTellsInEveryWayAndIsDoneWhereOneIs() {
    try (Desk desk =
        Desk.of(
            """
            pager ops {
              webhook      "%s"
              alertmanager "%s/"
              command      ["/bin/sh", "-c", "exit 1"]
            }
            """
                .formatted(url("/page"), url("/am")),
            folder)) {
      Report report =
          desk.end(
              new Assignment(
                  desk.order("page ops", NODE).capturing(Map.of("rank", "3")), Optional.empty()));

      assertThat(report.outcome())
          .isEqualTo(
              new Outcome(
                  Kind.DONE,
                  "`POST %s` answered 200: as you / wish [31m; `POST %s` answered 200: as you / wish [31m; `/bin/sh` ended with 1"
                      .formatted(url("/page"), url("/am/api/v2/alerts"))));
      assertThat(requests)
          .containsExactly(
              "POST /page r1-1 {\"order\":\"r1-1\",\"pager\":\"ops\",\"summary\":\"node:n1: broken."
                  + " Policy mend asks for a human\",\"fault\":\"broken\",\"entity\":\"node:n1\","
                  + "\"severity\":\"error\",\"policy\":\"mend\",\"captures\":{\"rank\":\"3\"}}",
              "POST /am/api/v2/alerts r1-1 [{\"labels\":{\"alertname\":\"HealPage\","
                  + "\"entity\":\"node:n1\",\"fault\":\"broken\",\"policy\":\"mend\",\"severity\":\"error\"},"
                  + "\"annotations\":{\"order\":\"r1-1\",\"rank\":\"3\",\"summary\":\"node:n1: broken."
                  + " Policy mend asks for a human\"}}]");
    }
  }

  private String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void whatIsThrottledByARequestIsLetGoByItsUndo() {
    try (Desk desk =
        Desk.of(
            """
            service llm on n1 {
              throttle via http "BASE/slow" { undo http "DELETE BASE/slow" }
              degrade  via http "BASE/lean"
            }
            """
                .replace("BASE", uri()),
            folder)) {
      Order slow = desk.order("throttle service { cpu 50%, undo after 1h }", LLM);
      assertThat(desk.end(Assignment.of(slow)).outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(desk.end(Assignment.of(desk.undo(slow))).outcome().kind()).isEqualTo(Kind.DONE);
      Order lean = desk.order("degrade service { to profile \"lean\", undo after 1h }", LLM);
      assertThat(desk.end(Assignment.of(lean)).outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(desk.end(Assignment.of(desk.undo(lean))).outcome().kind()).isEqualTo(Kind.DONE);

      assertThat(requests)
          .extracting(request -> request.replaceFirst("\\{.*\"purpose\":\"(\\w+)\".*", "$1"))
          .containsExactly(
              "POST /slow r1-1 step",
              "DELETE /slow r1-2 undo",
              "POST /lean r1-3 step",
              "POST /lean r1-4 undo");
    }
  }

  @Test
  void aConnectionIsTriedAsOftenAsTheStepSays() {
    status = 500;
    try (Desk desk =
        Desk.of(
            "service llm on n1 { reconnect via http \"%s/again\" }\n".formatted(uri()), folder)) {
      Outcome outcome = desk.act("reconnect service { attempts 3 }", LLM).outcome();

      assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
      assertThat(outcome.because()).startsWith("attempt 3: `POST http://127.0.0.1:");
      assertThat(requests)
          .extracting(request -> request.split(" ", -1)[2])
          .as("a key for each")
          .containsExactly("r1-1", "r1-1-2", "r1-1-3");
      status = 200;
      assertThat(desk.act("reconnect service { attempts 3 }", LLM).outcome().because())
          .startsWith("`POST http://127.0.0.1:");
      status = 403;
      assertThat(desk.act("reconnect service { attempts 3 }", LLM).outcome().kind())
          .as("no is no")
          .isEqualTo(Kind.REFUSED);
      assertThat(requests).hasSize(5);
    }
  }

  @Test
  void aContainerIsStoppedAndStartedThroughItsSocket() throws IOException, InterruptedException {
    try (Desk desk = Desk.of("service llm on n1 { container \"llm/1\" }\n", folder)) {
      assertThat(desk.act("restart service", LLM).outcome().kind())
          .as("no engine there")
          .isEqualTo(Kind.FAILED);
      String done = "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";
      assertThat(restarted(desk, done, done))
          .isEqualTo(
              new Outcome(
                  Kind.DONE,
                  "container `llm/1` stopped; container `llm/1` started;"
                      + " not bound: queue, hold, snapshot, health"));
      assertThat(requests)
          .containsExactly(
              "POST /containers/llm%2F1/stop?t=10 HTTP/1.0",
              "POST /containers/llm%2F1/start HTTP/1.0");
      assertThat(
              restarted(desk, "HTTP/1.1 404 Not Found\r\n\r\n{\"message\":\"No such container\"}"))
          .isEqualTo(
              new Outcome(
                  Kind.REFUSED,
                  "`stop of container llm/1` answered 404: {\"message\":\"No such container\"};"
                      + " not started again; not bound: queue, hold, snapshot"));
      assertThat(restarted(desk, "").kind()).isEqualTo(Kind.UNKNOWN);
    }
  }

  /** A server behind the socket, with these answers. */
  private Outcome restarted(Desk desk, String... answers) throws IOException, InterruptedException {
    Path socket = folder.resolve("docker.sock");
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(socket));
      Thread server =
          new Thread(
              () -> {
                for (String answer : answers) {
                  try (SocketChannel channel = listening.accept()) {
                    ByteBuffer request = ByteBuffer.allocate(4096);
                    channel.read(request);
                    String text = new String(request.array(), StandardCharsets.UTF_8);
                    requests.add(text.substring(0, text.indexOf('\r')));
                    channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
              });
      server.start();
      Outcome outcome = desk.act("restart service", LLM).outcome();
      server.join();
      return outcome;
    } finally {
      java.nio.file.Files.deleteIfExists(socket);
    }
  }
}
