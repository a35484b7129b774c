package dev.heal.engine.cli.demo;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stand-in for an inference server: it answers prompts in its own process, keeps a cache that
 * grows, and can be made to fail as such servers fail. {@code POST /generate} takes a prompt;
 * {@code GET /health} goes through the same worker as prompts, so that a server that hangs looks
 * so.
 *
 * <p>Prompts that break it: {@code segfault} (a bad address in native code), {@code hang} (the
 * worker never comes back), {@code long} (the cache grows past its limit: CUDA out of memory).
 */
public final class InferenceServer {
  private static final int SIGSEGV = 11;
  private static final int BLOCK_MIB = 4;

  private final Semaphore worker = new Semaphore(1);
  private final AtomicLong served = new AtomicLong();
  private final List<byte[]> cache = new ArrayList<>();
  private final int cacheLimitMib;
  private volatile boolean outOfMemory;

  private InferenceServer(int cacheLimitMib) {
    this.cacheLimitMib = cacheLimitMib;
  }

  /** Listens on a port of the loopback interface: {@code PORT}. */
  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    int limit = Integer.parseInt(System.getenv().getOrDefault("CACHE_MIB", "64"));
    InferenceServer server = new InferenceServer(limit);
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    ExecutorService threads = Executors.newCachedThreadPool();
    http.setExecutor(threads);
    http.createContext("/health", server::health);
    http.createContext("/generate", server::generate);
    http.start();
    say("serving on port %d, cache of %d MiB", port, limit);
  }

  private void health(HttpExchange exchange) throws IOException {
    worker.acquireUninterruptibly();
    worker.release();
    answer(exchange, outOfMemory ? 503 : 200, outOfMemory ? "out of memory" : "ok");
  }

  private void generate(HttpExchange exchange) throws IOException {
    String prompt = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    worker.acquireUninterruptibly();
    try {
      switch (prompt) {
        case "segfault" -> segfault();
        case "hang" -> new Semaphore(0).acquireUninterruptibly();
        case "long" -> grow(cacheLimitMib);
        default -> {}
      }
      if (outOfMemory) {
        say("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate %d.00 MiB", BLOCK_MIB);
        answer(exchange, 500, "out of memory");
        return;
      }
      answer(exchange, 200, "answer %d".formatted(served.incrementAndGet()));
    } finally {
      worker.release();
    }
  }

  private void grow(int mib) {
    for (int grown = 0; grown < mib && !outOfMemory; grown += BLOCK_MIB) {
      cache.add(new byte[BLOCK_MIB << 20]);
      outOfMemory = cache.size() * BLOCK_MIB >= cacheLimitMib;
    }
  }

  /**
   * A real one: the virtual machine's own handler is taken off first, so that the kernel ends it.
   */
  private static void segfault() {
    Function signal = NativeLibrary.getInstance("c").getFunction("signal");
    signal.invokePointer(new Object[] {SIGSEGV, Pointer.NULL});
    new Pointer(8).setInt(0, 1);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void say(String format, Object... values) {
    System.err.println(String.format(Locale.ROOT, format, values));
  }
}
