package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.ingest.ListenAddress;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strangers speak to a real server. */
@SuppressWarnings({"AddressSelection", "NullAway"}) // the loopback has one address
class IngestFeedTest {
  private static final CheckedPolicy SITE =
      Listened.policies(
          """
          node n1 { gpu 0..1, service web }
          node n2 { pool "spare", service web }
          service llm on n1 { run ["x"], heartbeat every 5s }
          job j7 { nodes [n1] }
          """);
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final EntityId JOB = EntityId.job("j7");

  private final Listened loop = new Listened();
  private final HttpClient client = HttpClient.newHttpClient();
  private IngestFeed feed;

  @BeforeEach
  void listen() throws IOException {
    feed =
        new IngestFeed(
            SITE.site(),
            "n1",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(),
            loop,
            loop);
    feed.start();
  }

  @AfterEach
  void close() {
    feed.close();
  }

  private String post(String path, String body) {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private HttpRequest.Builder request(String path) {
    int port = feed.address().orElseThrow().getPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private String send(HttpRequest request) {
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body().strip();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, Long> counts(String source) {
    return feed.status().stream()
        .filter(status -> status.source().equals(source))
        .findFirst()
        .orElseThrow()
        .counts();
  }

  @Test
  void heartbeatsComeOverHttp() {
    assertThat(post("/v1/heartbeat/service:n1/llm", "")).isEqualTo("200 {\"accepted\":1}");
    assertThat(loop.next())
        .isEqualTo(
            new Listened.Part(
                Importance.HEALTH,
                "heartbeats",
                List.of(new Fact.Event(1, LLM, "heartbeat", Map.of()))));
    assertThat(post("/v1/heartbeat/service:llm", "")).startsWith("200 ");
    assertThat(loop.next().facts()).extracting(Fact::entity).containsExactly(LLM);
    assertThat(post("/v1/heartbeat/job:j7", "")).startsWith("200 ");
    assertThat(loop.next().facts()).extracting(Fact::entity).containsExactly(JOB);
  }

  @Test
  void whoIsNotDeclaredIsCountedAndNamed() {
    assertThat(post("/v1/heartbeat/service:n1/lmm", ""))
        .isEqualTo(
            "404 {\"accepted\":0,\"problems\":[\"the site declares no `service:n1/lmm`; did you mean"
                + " `service:n1/llm`?\"]}");
    assertThat(post("/v1/heartbeat/service:n1/lmm", "")).startsWith("404 ");
    assertThat(post("/v1/heartbeat/llm", ""))
        .isEqualTo(
            "404 {\"accepted\":0,\"problems\":[\"`llm` is no entity: write node:n1, service:n1/llm or"
                + " job:j7\"]}");
    assertThat(post("/v1/heartbeat/service:web", ""))
        .isEqualTo(
            "404 {\"accepted\":0,\"problems\":[\"`service:web` is on several nodes: write"
                + " service:NODE/web\"]}");
    assertThat(post("/v1/heartbeat/gpu:n1/0", ""))
        .isEqualTo("422 {\"accepted\":0,\"problems\":[\"a gpu has no heartbeat\"]}");

    assertThat(counts("heartbeats"))
        .containsEntry("of unknown `service:n1/lmm`", 2L)
        .containsEntry("of unknown `llm`", 1L);
    assertThat(loop.told)
        .containsOnlyOnce(
            "heartbeats: the site declares no `service:n1/lmm`; did you mean `service:n1/llm`?");
    assertThat(loop.isSilent()).isTrue();
  }

  @Test
  void aFloodOfUnknownNamesFillsNoMemory() {
    for (int i = 0; i < 200; i++) {
      assertThat(post("/v1/heartbeat/node:x" + i, "")).startsWith("404 ");
    }
    assertThat(counts("heartbeats")).hasSize(65).containsEntry("of unknown others", 136L);
    assertThat(loop.told).hasSize(64);
  }

  @Test
  void heartbeatsComeAsDatagrams() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      for (String text :
          List.of(
              "heal 1 service:n1/lmm",
              "heal 2 service:n1/llm",
              "heal 1 " + "x".repeat(600),
              "heal 1 service:n1/llm\n")) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, feed.address().orElseThrow()));
      }
    }
    assertThat(loop.next().facts()).containsExactly(new Fact.Event(1, LLM, "heartbeat", Map.of()));
    assertThat(counts("heartbeats"))
        .containsEntry("of unknown `service:n1/lmm`", 1L)
        .containsEntry("heard", 1L);
    assertThat(counts("requests")).containsEntry("refused", 2L);
  }

  @Test
  void trainingMetricsAreSamples() {
    assertThat(
            post(
                "/v1/metrics/job/j7",
                "{\"step\":1,\"loss\":2.5,\"grad_norm\":\"NaN\"}\n"
                    + "{\"step\":2,\"loss\":NaN,\"step_time\":0.25,\"grad_norm\":null}"))
        .isEqualTo("200 {\"accepted\":2}");
    assertThat(loop.next())
        .isEqualTo(
            new Listened.Part(
                Importance.SAMPLE,
                "training metrics over HTTP",
                List.of(
                    new Fact.Sample(1, JOB, "train.grad_norm", Double.NaN),
                    new Fact.Sample(1, JOB, "train.loss", 2.5))));
    assertThat(loop.next().facts())
        .containsExactly(
            new Fact.Sample(2, JOB, "train.loss", Double.NaN),
            new Fact.Sample(2, JOB, "train.step_time", 0.25));
    assertThat(post("/v1/metrics/job/j7", "{\"loss\":-Infinity}")).startsWith("200 ");
    assertThat(loop.next().facts())
        .containsExactly(new Fact.Sample(3, JOB, "train.loss", Double.NaN));
  }

  @Test
  void wrongFiguresAreRefusedWithWhichAndWhere() {
    Map<String, String> wrong =
        Map.of(
            "{\"loss\":1}\n{\"losss\":2}",
            "line 2: `losss` is not known: the figures are grad_norm, loss, step_time",
            "{\"loss\":\"high\"}",
            "line 1: `loss` is `high`, not a number",
            "{\"loss\":[1]}",
            "line 1: `loss` is a structure, not a number",
            "{\"loss\":true}",
            "line 1: `loss` is `true`, not a number",
            "{\"loss\":1",
            "line 1: this is no JSON, or not all of it",
            "[1]",
            "line 1: a JSON object is expected",
            "{\"step\":1}",
            "there is no figure in it: loss, grad_norm or step_time",
            "{\"grad_norm\":-1}",
            "`grad_norm` is never negative: -1.0");
    wrong.forEach(
        (body, why) ->
            assertThat(post("/v1/metrics/job/j7", body))
                .isEqualTo("400 {\"accepted\":0,\"problems\":[\"" + why + "\"]}"));
    assertThat(post("/v1/metrics/job/j8", "{\"loss\":1}"))
        .startsWith("404 ")
        .contains("did you mean `job:j7`?");
    assertThat(post("/v1/metrics/service/n1/llm", "{\"loss\":1}"))
        .startsWith("404 ")
        .contains("only jobs");
    assertThat(loop.isSilent()).isTrue();
  }

  @Test
  void alertsAreEventsOfWhatTheirLabelsName() {
    assertThat(
            post(
                "/v1/alerts",
                notification(
                    alert("Hot", "\"instance\":\"n1:9400\",\"gpu\":\"1\",\"job\":\"dcgm\""),
                    alert("Down", "\"service\":\"llm\",\"severity\":\"critical\""),
                    alert("Slow", "\"job\":\"j7\",\"instance\":\"n1:9100\""),
                    alert("Disk", "\"instance\":\"n2.example.org:9100\",\"job\":\"node\""),
                    alert("Stranger", "\"instance\":\"n9:9100\""))))
        .isEqualTo(
            "200 {\"accepted\":4,\"problems\":[\"alert `Stranger` names nobody that the site"
                + " declares, by node, instance, gpu, service or job\"]}");
    assertThat(loop.next())
        .isEqualTo(
            new Listened.Part(
                Importance.FAULT,
                "alerts",
                List.of(
                    new Fact.Event(
                        1,
                        EntityId.gpu("n1", 1),
                        "alert",
                        Map.of("name", "Hot", "status", "firing", "line", "it is bad")))));
    assertThat(loop.next().facts())
        .containsExactly(
            new Fact.Event(
                2,
                LLM,
                "alert",
                Map.of(
                    "name",
                    "Down",
                    "status",
                    "firing",
                    "severity",
                    "critical",
                    "line",
                    "it is bad")));
    assertThat(loop.next().facts()).extracting(Fact::entity).containsExactly(JOB);
    assertThat(loop.next().facts()).extracting(Fact::entity).containsExactly(EntityId.node("n2"));
    assertThat(counts("alerts"))
        .containsEntry("heard", 4L)
        .containsEntry("of unknown `Stranger`", 1L)
        .containsEntry("left out by Alertmanager", 3L);
  }

  @Test
  void aNotificationOfStrangersOnlyIsRefusedSoThatAlertmanagerCountsIt() {
    assertThat(post("/v1/alerts", notification(alert("S", "\"instance\":\"n9\""))))
        .startsWith("422 ");
    assertThat(post("/v1/alerts", "{\"version\":\"3\",\"alerts\":[]}"))
        .contains("400 ", "`version` is `3`: only version 4 of the webhook is known");
    assertThat(post("/v1/alerts", "{\"alerts\":[]}")).contains("400 ", "`version` is missing");
    assertThat(post("/v1/alerts", "{\"version\":\"4\"}")).contains("400 ", "`alerts` is missing");
    assertThat(
            post(
                "/v1/alerts",
                "{\"version\":\"4\",\"alerts\":[{\"status\":\"sad\",\"labels\":{}}]}"))
        .contains("400 ", "`status` of alert 1 is `sad`: it is firing or resolved");
    assertThat(post("/v1/alerts", "{".repeat(100_000))).startsWith("400 ");
    assertThat(loop.isSilent()).isTrue();
  }

  private static String notification(String... alerts) {
    return """
        {"version":"4","groupKey":"{}:{}","truncatedAlerts":3,"status":"firing","receiver":"heal",
         "groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://x",
         "alerts":[%s]}
        """
        .formatted(String.join(",", alerts));
  }

  private static String alert(String name, String labels) {
    return """
        {"status":"firing","labels":{"alertname":"%s",%s},"annotations":{"summary":"it is bad"},
         "startsAt":"2026-01-05T00:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"",
         "fingerprint":"1"}
        """
        .formatted(name, labels);
  }

  @Test
  void otherRequestsAreRefusedWithAReason() {
    assertThat(post("/v2/alerts", ""))
        .contains(
            "404 ", "POST /v1/heartbeat/ENTITY, POST /v1/metrics/job/NAME and POST /v1/alerts");
    assertThat(send(request("/v1/alerts").GET().build())).contains("405 ", "only POST");
    assertThat(post("/v1/metrics/job", "{}")).contains("404 ");
    HttpRequest.Builder heartbeat =
        request("/v1/heartbeat/service:n1/llm").POST(HttpRequest.BodyPublishers.noBody());
    assertThat(send(heartbeat.copy().header("Origin", "http://evil.example").build()))
        .contains("403 ", "a page in a browser may not tell anything");
    assertThat(send(heartbeat.copy().header("Content-Encoding", "gzip").build())).contains("415 ");
    String large = "x".repeat((1 << 20) + 1);
    assertThat(refused(() -> post("/v1/alerts", large))).isTrue();
    assertThat(
            refused(
                () ->
                    send(
                        request("/v1/alerts")
                            .POST(
                                HttpRequest.BodyPublishers.fromPublisher(
                                    HttpRequest.BodyPublishers.ofString(large)))
                            .build())))
        .as("in chunks, without a length")
        .isTrue();
    assertThat(counts("requests")).containsEntry("refused", 7L);
    assertThat(loop.isSilent()).isTrue();
  }

  /** Told so, or cut off while it still sends: whoever sends too much may not read the answer. */
  private static boolean refused(Supplier<String> sending) {
    try {
      return sending.get().contains("413 ");
    } catch (IllegalStateException cut) {
      return cut.getCause() instanceof IOException;
    }
  }

  @Test
  void aTakenPortIsSaid() {
    InetSocketAddress taken = feed.address().orElseThrow();
    IngestFeed second = new IngestFeed(SITE.site(), "n1", taken, Map.of(), loop, loop);
    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot listen on 127.0.0.1 port %d: Address already in use"
                .formatted(taken.getPort()));
    second.close();
  }

  @Test
  void onlyTheLoopbackIsListenedOn() {
    assertThat(ListenAddress.parse("127.0.0.1:9818").address())
        .contains(new InetSocketAddress("127.0.0.1", 9818));
    assertThat(ListenAddress.parse("[::1]:0").address()).isPresent();
    assertThat(ListenAddress.parse("localhost:9818").address()).isPresent();
    assertThat(ListenAddress.parse("0.0.0.0:9818").problem())
        .isEqualTo(
            "`0.0.0.0:9818` can be reached from other hosts: that needs TLS and a token, which heal"
                + " does not have yet; listen on `127.0.0.1:9818` and put a proxy with both in front"
                + " of it");
    assertThat(ListenAddress.parse("[::]:9818").problem()).contains("TLS and a token");
    for (String wrong : List.of("9818", "127.0.0.1", "127.0.0.1:99999", "::1:9818", ":9818", "")) {
      assertThat(ListenAddress.parse(wrong).problem()).contains("write `127.0.0.1:9818`");
    }
    assertThat(ListenAddress.parse("no.such.host.invalid:1").problem()).contains("is not known");
  }

  @Test
  void manyAtOnceAreAllHeard() {
    List<String> answers =
        IntStream.range(0, 400)
            .parallel()
            .mapToObj(i -> post("/v1/heartbeat/node:n2", ""))
            .collect(Collectors.toList());
    assertThat(answers).hasSize(400).allMatch("200 {\"accepted\":1}"::equals);
    FakeMachine.await(() -> counts("heartbeats").get("heard") == 400);
  }

  /** In a process of its own: the JDK's server takes its limits once. */
  @Test
  void whoSendsTooSlowlyHoldsUpNobody() throws IOException {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                SlowlyServed.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader()) {
      int port = Integer.parseInt(lines.readLine());
      List<Socket> slow =
          IntStream.range(0, 16).mapToObj(i -> slowly(port, i)).collect(Collectors.toList());
      for (Socket socket : slow) {
        assertThat(isHungUp(socket)).isTrue();
        socket.close();
      }
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/heartbeat/node:n1"))
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(send(request)).startsWith("200 ");
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean isHungUp(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException stillThere) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  private static Socket slowly(int port, int i) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      String head = "POST /v1/alerts HTTP/1.1\r\nHost: x\r\n";
      String text = i % 2 == 0 ? head : head + "Content-Length: 100\r\n\r\n{\"version\"";
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return socket;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
