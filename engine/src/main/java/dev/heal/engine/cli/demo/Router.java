package dev.heal.engine.cli.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What stands in front of the server: it keeps the queue of prompts and sends one after the other.
 * A prompt that was in flight when the server died waits until {@code POST /requeue} hands it back;
 * one in flight at two deaths goes to the dead letters.
 */
final class Router implements AutoCloseable {
  private static final int DEADLY = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final HttpServer http;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI server;
  private final BlockingDeque<String> queue = new LinkedBlockingDeque<>();
  private final Map<String, Integer> deaths = new HashMap<>();
  private final List<String> deadLetters = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private Optional<String> lost = Optional.empty();
  private volatile boolean closed;

  Router(int serverPort) throws IOException {
    this.server = URI.create("http://127.0.0.1:%d/generate".formatted(serverPort));
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    http.createContext(
        "/requeue",
        exchange -> {
          handBack();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
  }

  int port() {
    return http.getAddress().getPort();
  }

  void start() {
    http.start();
    Thread sender = new Thread(this::send, "demo router");
    sender.setDaemon(true);
    sender.start();
  }

  /** Puts a prompt at the end of the queue. */
  void add(String prompt) {
    queue.add(prompt);
  }

  long answered() {
    return answered.get();
  }

  synchronized List<String> deadLetters() {
    return List.copyOf(deadLetters);
  }

  private synchronized void handBack() {
    lost.ifPresent(
        prompt -> {
          if (deaths.getOrDefault(prompt, 0) >= DEADLY) {
            deadLetters.add(prompt);
          } else {
            queue.addFirst(prompt);
          }
        });
    lost = Optional.empty();
  }

  private void send() {
    try {
      while (!closed) {
        String prompt = queue.poll(1, TimeUnit.SECONDS);
        if (prompt != null) {
          send(prompt);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(String prompt) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server)
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(prompt))
            .build();
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status == 200) {
        answered.incrementAndGet();
      } else {
        awaitHandBack(prompt, false);
      }
    } catch (HttpTimeoutException hangs) {
      awaitHandBack(prompt, false);
    } catch (IOException died) {
      awaitHandBack(prompt, true);
    }
  }

  private synchronized void awaitHandBack(String prompt, boolean deadly)
      throws InterruptedException {
    if (deadly) {
      deaths.merge(prompt, 1, Integer::sum);
    }
    lost = Optional.of(prompt);
    while (lost.isPresent() && !closed) {
      wait(200);
    }
  }

  @Override
  public void close() {
    closed = true;
    http.stop(0);
  }
}
