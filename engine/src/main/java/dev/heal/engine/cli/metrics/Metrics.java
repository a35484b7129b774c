package dev.heal.engine.cli.metrics;

import dev.heal.engine.cli.control.status.StatusPage;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.record.Entry;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The metrics of one engine, and where they are served: the door of this package. */
public final class Metrics implements AutoCloseable {
  private static final int THREADS = 2;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final LoopFigures loop = new LoopFigures(registry);
  private Optional<HTTPServer> server = Optional.empty();

  /** Begins to count. */
  public Metrics(String version) {
    Info.builder()
        .name("heal_build_info")
        .help("The version of heal and of its virtual machine.")
        .labelNames("version", "java")
        .register(registry)
        .setLabelValues(version, Runtime.version().toString());
    ProcessMetrics.builder().register(registry);
    JvmMemoryMetrics.builder().register(registry);
    JvmGarbageCollectorMetrics.builder().register(registry);
  }

  /** For the loop. */
  public LoopMeter meter() {
    return loop;
  }

  /** An entry was decided; always on the same thread. */
  public void entry(Entry entry) {
    loop.entry(entry);
  }

  /**
   * Serves them at {@code /metrics}.
   *
   * @param address on loopback
   * @param pages how the engine stands, asked at each scrape; empty where it does not answer in
   *     time
   * @return where it listens
   * @throws IOException where nothing can listen there
   */
  public InetSocketAddress serve(InetSocketAddress address, Supplier<Optional<StatusPage>> pages)
      throws IOException {
    registry.register(new ViewFigures(pages));
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread made = new Thread(work, "heal metrics");
              made.setDaemon(true);
              return made;
            });
    HTTPServer made =
        HTTPServer.builder()
            .inetAddress(address.getAddress())
            .port(address.getPort())
            .executorService(threads)
            .registry(registry)
            .buildAndStart();
    server = Optional.of(made);
    return new InetSocketAddress(address.getAddress(), made.getPort());
  }

  @Override
  public void close() {
    server.ifPresent(HTTPServer::close);
  }
}
