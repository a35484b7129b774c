package dev.heal.engine.cli.demo;

import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The server, the load on it, the ways in which it is broken, and the watch with which one looks.
 */
public final class Demo implements AutoCloseable {
  public static final String NODE = "demo";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double SECOND = 1e9;

  /** A way to break it. */
  private record Breakage(String name, String fault, Consumer<Demo> how) {}

  /**
   * How one breakage went.
   *
   * @param found seconds from the breakage to its fault; empty where it was not found
   * @param acted to the first action
   * @param confirmed to the end, where its last step was confirmed
   */
  public record Healing(
      String name, Optional<Double> found, Optional<Double> acted, Optional<Double> confirmed) {
    /** Whether its repair was confirmed. */
    public boolean healed() {
      return confirmed.isPresent();
    }

    /** One line of the summary. */
    public String line() {
      return "%-16s found after %s, acted after %s, %s"
          .formatted(
              name,
              seconds(found),
              seconds(acted),
              confirmed.map(s -> "healed after " + seconds(Optional.of(s))).orElse("NOT HEALED"));
    }

    private static String seconds(Optional<Double> time) {
      return time.map(s -> String.format(Locale.ROOT, "%.2f s", s)).orElse("-");
    }
  }

  private final Path folder;
  private final Path library;
  private final int port;
  private final Router router;
  private final Plant plant;
  private final BlockingQueue<Entry> heard = new LinkedBlockingQueue<>();

  private Demo(Path folder, Path library, int port) throws IOException {
    this.folder = folder;
    this.library = library;
    this.port = port;
    this.router = new Router(port);
    this.plant = new Plant(library, library.resolveSibling("machine"));
  }

  /**
   * Makes a folder with all that it needs.
   *
   * @param built the fake library, where there is one; it is copied
   */
  public static Demo prepare(Optional<Path> built) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("heal-demo");
    Path library = folder.resolve("libnvidia-ml.so.1");
    Path from = built.isPresent() ? built.get() : build(folder);
    Files.copy(from, library);
    Files.copy(from.resolveSibling("machine"), folder.resolve("machine"));
    return new Demo(folder, library, freePort());
  }

  /** Compiles the fake NVML of this repository. */
  private static Path build(Path folder) throws IOException, InterruptedException {
    Path script =
        Path.of(Objects.requireNonNullElse(System.getProperty("heal.root"), "."))
            .resolve("nvml-bridge/fake/build");
    Path log = folder.resolve("build.log");
    Process process =
        new ProcessBuilder("bash", script.toString(), folder.resolve("fake").toString(), "h100x8")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("the fake NVML was not built: " + Files.readString(log).strip());
    }
    return folder.resolve("fake/h100x8/libnvidia-ml.so.1");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The site and policies, written for this host. */
  public Path site() throws IOException {
    String template;
    try (InputStream in = Objects.requireNonNull(Demo.class.getResourceAsStream("demo.heal"))) {
      template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String java =
        ProcessHandle.current().info().command().orElseThrow(() -> new IOException("no java"));
    List<String> argv =
        List.of(
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            InferenceServer.class.getName(),
            Integer.toString(port));
    String text =
        template
            .replace("@PORT@", Integer.toString(port))
            .replace("@ROUTER@", Integer.toString(router.port()))
            .replace(
                "@ARGV@",
                argv.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", ")));
    return Files.writeString(folder.resolve("demo.heal"), text);
  }

  /** Where the journal goes. */
  public Path state() {
    return folder.resolve("state");
  }

  public Path library() {
    return library;
  }

  /** Takes note of an entry of the engine. */
  public void hear(Entry entry) {
    heard.add(entry);
  }

  /** Breaks it in every way, one after the other, and waits for each repair. */
  public List<Healing> run(Consumer<String> say) throws InterruptedException {
    router.start();
    awaitHealthy();
    List<Healing> healings = new ArrayList<>();
    for (Breakage breakage :
        List.of(
            new Breakage("segfault", "crashed", demo -> demo.ask("segfault")),
            new Breakage("out of memory", "out_of_memory", demo -> demo.exhaust()),
            new Breakage("hang", "hung", demo -> demo.ask("hang")),
            new Breakage("poison request", "crashed", demo -> demo.router.add("segfault")),
            new Breakage("heat", "hot", demo -> demo.plant.heatUp()))) {
      load();
      say.accept("\n--- " + breakage.name());
      healings.add(heal(breakage));
    }
    say.accept(
        "\n%d prompts were answered; dead letters: %s"
            .formatted(router.answered(), router.deadLetters()));
    return healings;
  }

  private void load() {
    for (int i = 0; i < 20; i++) {
      router.add("prompt " + i);
    }
  }

  private void exhaust() {
    ask("long");
    ask("another"); // it says so in its log
  }

  private Healing heal(Breakage breakage) throws InterruptedException {
    heard.clear();
    long start = System.nanoTime();
    breakage.how().accept(this);
    Optional<Double> found = Optional.empty();
    Optional<Double> acted = Optional.empty();
    long deadline = start + PATIENCE.toNanos();
    while (true) {
      Entry entry = heard.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      double after = (System.nanoTime() - start) / SECOND;
      if (entry == null) {
        return new Healing(breakage.name(), found, acted, Optional.empty());
      }
      if (entry.instance().filter(i -> i.fault().equals(breakage.fault())).isEmpty()) {
        continue;
      }
      if (entry.type() == EntryType.FAULT_RAISED && found.isEmpty()) {
        found = Optional.of(after);
      } else if (entry.type() == EntryType.ACTION_STARTED && acted.isEmpty()) {
        acted = Optional.of(after);
      } else if (entry.type() == EntryType.ENDED) {
        boolean proven = entry.because().equals(Entry.LAST_STEP_CONFIRMED);
        return new Healing(
            breakage.name(), found, acted, proven ? Optional.of(after) : Optional.empty());
      } else if (entry.type() == EntryType.GAVE_UP) {
        return new Healing(breakage.name(), found, acted, Optional.empty());
      }
    }
  }

  /** Straight to the server, past the queue: what kills it there is not handed back. */
  private void ask(String prompt) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/generate".formatted(port)))
            .timeout(Duration.ofSeconds(2))
            .POST(HttpRequest.BodyPublishers.ofString(prompt))
            .build();
    try {
      HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException asIntended) {
      // it died over the prompt, or hangs
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitHealthy() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/health".formatted(port)))
            .timeout(Duration.ofSeconds(1))
            .build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try {
        if (HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode()
            == 200) {
          return;
        }
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  @Override
  public void close() throws IOException {
    router.close();
    plant.close();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
