package dev.heal.engine.parts;

import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An Alertmanager of the test's own, which tells a webhook of every alert at once. */
public final class RealAlertmanager implements AutoCloseable {
  private static final String PROGRAM = "/usr/bin/prometheus-alertmanager";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI uri;
  private final Process process;

  private RealAlertmanager(URI uri, Process process) {
    this.uri = uri;
    this.process = process;
  }

  /**
   * Starts it, or skips the test.
   *
   * @param webhook whom it tells
   */
  public static RealAlertmanager start(Path folder, URI webhook) {
    Part.need("a real Alertmanager", "prometheus-alertmanager", false, PROGRAM);
    String config =
        """
        route:
          receiver: hook
          group_by: ['...']
          group_wait: 0s
          group_interval: 1s
          repeat_interval: 1h
        receivers:
          - name: hook
            webhook_configs:
              - url: '%s'
                send_resolved: true
        """
            .formatted(webhook);
    try {
      Files.writeString(folder.resolve("alertmanager.yml"), config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String address = "127.0.0.1:" + Part.freePort();
    Process process =
        Part.start(
            folder.resolve("alertmanager.log"),
            Map.of(),
            List.of(
                PROGRAM,
                "--config.file=" + folder.resolve("alertmanager.yml"),
                "--storage.path=" + folder.resolve("alertmanager"),
                "--web.listen-address=" + address,
                "--cluster.listen-address="));
    RealAlertmanager started = new RealAlertmanager(URI.create("http://" + address), process);
    FakeMachine.await(started::isReady);
    return started;
  }

  private boolean isReady() {
    try {
      return ask("GET", "/-/ready", "").statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private HttpResponse<String> ask(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Where it stands: {@code http://127.0.0.1:9093}. */
  public URI uri() {
    return uri;
  }

  /** What fires now, as JSON. */
  public String alerts() {
    return ask("GET", "/api/v2/alerts", "").body();
  }

  /** Tells it of alerts, as Prometheus would: the JSON of {@code POST /api/v2/alerts}. */
  public int post(String alerts) {
    return ask("POST", "/api/v2/alerts", alerts).statusCode();
  }

  @Override
  public void close() {
    Part.end(process);
  }
}
