package dev.heal.engine.source.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Listens for what others tell: the door of this package. A request has a bounded size and must
 * come whole within a few seconds; the threads and connections are bounded, too.
 */
public final class IngestServer implements AutoCloseable {
  /** Of a body; more is refused. */
  public static final int MOST_BYTES = 1 << 20;

  private static final int THREADS = 4;
  private static final int BACKLOG = 128;
  private static final long IDLE_SECONDS = 30;

  /** The JDK's server has these limits for the whole process, and only from properties. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "5", // seconds until a request is read whole
          "sun.net.httpserver.maxRspTime", "10", // seconds until an answer is written
          "sun.net.httpserver.maxIdleConnections", "32",
          "sun.net.httpserver.nodelay", "true",
          "jdk.httpserver.maxConnections", "128");

  private final HttpServer server;
  private final ThreadPoolExecutor threads;

  /**
   * Starts to listen.
   *
   * @param address of the loopback
   * @throws IOException where that port is taken or not allowed, in an operator's words
   */
  public IngestServer(InetSocketAddress address, IngestSink sink) throws IOException {
    this(address, sink, Map.of());
  }

  /**
   * The same, which gives something else besides.
   *
   * @param gives by paths
   */
  public IngestServer(InetSocketAddress address, IngestSink sink, Map<String, HttpHandler> gives)
      throws IOException {
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(address + " can be reached from other hosts");
    }
    LIMITS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (BindException e) {
      throw new IOException(
          "cannot listen on %s port %d: %s"
              .formatted(address.getAddress().getHostAddress(), address.getPort(), e.getMessage()),
          e);
    }
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // bounded by the number of connections
            task -> {
              Thread thread = new Thread(task, "heal-ingest");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    Routes routes = new Routes(sink);
    server.createContext("/", exchange -> handle(exchange, routes, sink));
    gives.forEach(server::createContext);
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens: with the port that was found where any was asked for. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    List<Runnable> unused = threads.shutdownNow();
  }

  private static void handle(HttpExchange exchange, Routes routes, IngestSink sink)
      throws IOException {
    try (exchange) {
      Request request = Request.of(exchange);
      Optional<Reply> refused = Routes.refused(request);
      if (refused.isEmpty()) {
        Optional<byte[]> body = body(exchange, request);
        refused =
            body.isEmpty()
                ? Optional.of(Reply.refused(413, "the body is larger than 1 MiB"))
                : Optional.empty();
        if (body.isPresent()) {
          answer(exchange, routes.reply(request, body.get()));
          return;
        }
      }
      Reply reply = refused.get();
      sink.refused(String.join("; ", reply.problems()));
      answer(exchange, reply);
    }
  }

  /** Empty where it is too large; the rest of it is not read. */
  private static Optional<byte[]> body(HttpExchange exchange, Request request) throws IOException {
    if (request.length().orElse(0) > MOST_BYTES) {
      return Optional.empty();
    }
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(MOST_BYTES + 1);
    return body.length > MOST_BYTES ? Optional.empty() : Optional.of(body);
  }

  private static void answer(HttpExchange exchange, Reply reply) throws IOException {
    byte[] text = ReplyJson.of(reply);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (reply.status() == 405) {
      exchange.getResponseHeaders().set("Allow", "POST");
    }
    if (reply.status() == 413) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    exchange.sendResponseHeaders(reply.status(), text.length);
    exchange.getResponseBody().write(text);
  }
}
