package dev.heal.engine.bench;

import dev.heal.engine.cli.demo.InferenceServer;
import dev.heal.engine.record.EntryType;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The time from a breakage to the service answering again: with heal, and with what the field does
 * without it: look into the log every second for {@code panic|fatal|segfault} and restart; where
 * nothing stands there, restart what has not been healthy for 120 s.
 */
final class Repair {
  private static final Pattern BAD = Pattern.compile("(?i)panic|fatal|segfault");
  private static final Duration HEALTH_TIMEOUT = Duration.ofMinutes(2);
  private static final List<String> BREAKAGES = List.of("segfault", "hang");
  private static final int TIMES = 3;

  private static final String POLICIES =
      """
      heal 1
      node n1 { gpu 0 }
      service llm on n1 {
        run     [@ARGV@]
        gpus    0..0
        health  "http://127.0.0.1:@PORT@/health" every 500ms
        restart via supervised
      }
      pager oncall { command ["/bin/true"] }
      fault crashed on service "Its process was killed by a signal" {
        when  process exits with signal in [SIGSEGV, SIGABRT, SIGBUS, SIGKILL]
        suppresses [hung] same service
        clear after 10m
      }
      fault hung on service "It does not answer" {
        when       (not health.ok) for 4s
        clear when health.ok for 4s
        missing    freeze
        settle     1s
      }
      policy revive {
        mode enforce
        on [crashed, hung], within 30s, priority 50, attempts 100 over 10m
        try     { restart service { fresh }, takes 1s, confirm service.healthy for 4s, timeout 30s }
        give up { page oncall }
      }
      """;

  private final int port;

  private Repair(int port) {
    this.port = port;
  }

  static void compare(Path folder) throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Repair repair = new Repair(port);
    for (String breakage : BREAKAGES) {
      Figures heal = repair.withHeal(Files.createTempDirectory(folder, "heal"), breakage);
      LiveBenchmark.say("mttr     %-8s with heal:            %s", breakage, heal);
      Figures naive = repair.naive(Files.createTempDirectory(folder, "naive"), breakage);
      LiveBenchmark.say("mttr     %-8s log poll and restart: %s", breakage, naive);
    }
  }

  private List<String> argv() {
    return List.of(
        ProcessHandle.current().info().command().orElseThrow(),
        "-XX:TieredStopAtLevel=1",
        "-XX:-CreateCoredumpOnCrash",
        "-Xmx128m",
        "-cp",
        System.getProperty("java.class.path"),
        InferenceServer.class.getName(),
        Integer.toString(port));
  }

  private Figures withHeal(Path folder, String breakage) throws IOException, InterruptedException {
    String words = argv().stream().map(w -> '"' + w + '"').collect(Collectors.joining(", "));
    String policies = POLICIES.replace("@ARGV@", words).replace("@PORT@", Integer.toString(port));
    try (Rig rig = new Rig(policies, folder, Optional.empty())) {
      Figures figures = new Figures();
      for (int i = 0; i < TIMES; i++) {
        awaitHealthy();
        rig.forget();
        figures.add(downTime(breakage));
        // it is healthy for the engine, too, and its repair is over
        rig.await(EntryType.FAULT_CLEARED, breakage.equals("hang") ? "hung" : "crashed");
      }
      return figures;
    }
  }

  private Figures naive(Path folder, String breakage) throws IOException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Path log = Files.createFile(folder.resolve("log"));
    Thread watch = new Thread(() -> keep(log, over), "naive");
    watch.start();
    try {
      Figures figures = new Figures();
      int times = breakage.equals("hang") ? 1 : TIMES; // it takes two minutes
      for (int i = 0; i < times; i++) {
        awaitHealthy();
        figures.add(downTime(breakage));
      }
      return figures;
    } finally {
      over.set(true);
      watch.join();
    }
  }

  /** What is found in many places: a loop around a log and a health check. */
  private void keep(Path log, AtomicBoolean over) {
    try {
      Process process = start(log);
      long read = 0;
      long healthyAt = System.nanoTime();
      while (!over.get()) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        String text = Files.readString(log);
        boolean bad = BAD.matcher(text.substring((int) Math.min(read, text.length()))).find();
        read = text.length();
        if (isHealthy()) {
          healthyAt = System.nanoTime();
        }
        if (bad || System.nanoTime() - healthyAt > HEALTH_TIMEOUT.toNanos()) {
          process.destroyForcibly().waitFor();
          process = start(log);
          healthyAt = System.nanoTime();
        }
      }
      process.destroyForcibly().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process start(Path log) throws IOException {
    return new ProcessBuilder(argv())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Breaks it, and waits until it answers again. */
  private long downTime(String breakage) throws InterruptedException {
    long start = System.nanoTime();
    try {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/generate".formatted(port)))
                  .timeout(Duration.ofMillis(500))
                  .POST(HttpRequest.BodyPublishers.ofString(breakage))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
    } catch (IOException asIntended) {
      // it died over the prompt, or hangs
    }
    FakeMachine.await(() -> !isHealthy());
    while (!isHealthy()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return System.nanoTime() - start;
  }

  private void awaitHealthy() {
    FakeMachine.await(this::isHealthy);
  }

  private boolean isHealthy() {
    try {
      return HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/health".formatted(port)))
                      .timeout(Duration.ofMillis(500))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notNow) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
