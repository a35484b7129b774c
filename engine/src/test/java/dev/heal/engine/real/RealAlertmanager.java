package dev.heal.engine.real;

import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A real Alertmanager, which posts its webhook. Without its package the test is skipped. */
public final class RealAlertmanager implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/prometheus-alertmanager");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  private RealAlertmanager(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param webhook where it posts, a tenth of a second after something has changed
   */
  public static RealAlertmanager posting(URI webhook, Path folder) throws IOException {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM),
        "SKIPPED: a real Alertmanager takes `apt-get install prometheus-alertmanager`");
    Path config = folder.resolve("alertmanager.yml");
    Files.writeString(
        config,
        """
        route: {receiver: heal, group_by: [alertname], group_wait: 100ms, group_interval: 100ms}
        receivers: [{name: heal, webhook_configs: [{url: '%s'}]}]
        """
            .formatted(webhook));
    int port = freePort();
    Process process =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--config.file=" + config,
                "--storage.path=" + folder.resolve("alertmanager"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("alertmanager.log").toFile())
            .start();
    RealAlertmanager alertmanager = new RealAlertmanager(process, port);
    FakeMachine.await(() -> alertmanager.status("/-/ready") == 200);
    return alertmanager;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** An address of it. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private int status(String path) {
    try {
      return client
          .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException notYet) {
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Gives it alerts, as a Prometheus does: a JSON array. */
  public void alert(String json) {
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(uri("/api/v2/alerts"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(json))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalArgumentException(answer.body());
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
