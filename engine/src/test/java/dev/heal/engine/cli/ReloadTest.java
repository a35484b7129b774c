package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.cli.run.Watched;
import dev.heal.engine.cli.run.policy.PolicySettings;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.reload.ReloadRequest.Staging;
import dev.heal.engine.reload.origin.Address;
import dev.heal.engine.reload.origin.Fetcher;
import dev.heal.engine.reload.origin.Origin;
import dev.heal.engine.reload.origin.RemoteOrigin;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other policies come into force in a running engine, as an operator has it. */
@SuppressWarnings("try") // an engine runs for what it does, not for what it is asked
final class ReloadTest {
  private static final String SITE =
      """
      heal 1
      node n1 { gpu 0 }
      service worker on n1 {
        run     ["sleep", "600"]
        log     "@FOLDER@/worker.log"
        restart via supervised
      }
      pager oncall { command ["touch", "@FOLDER@/paged"] }
      """;
  private static final String RULES =
      """
      heal 1
      tune hot = 88C range 80C..92C "where throttling begins"
      fault odd on service "It says so" {
        when   log matches `I am odd`
        sample "I am odd"
        clear  after 10m
      }
      fault hot on gpu {
        when       nvml.temperature >= hot
        clear when nvml.temperature < 80C for 2s
        missing    freeze
      }
      policy note {
        mode observe
        on odd, within 30s, attempts 3 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      policy cool {
        mode enforce
        on hot, within 30s, attempts 3 over 10m
        try     { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;
  private final Watched watched = new Watched();
  private Operator operator = new Operator(Path.of(""));
  private Optional<Path> trust = Optional.empty();
  private List<Origin> peers = List.of();
  private Optional<Origin> centre = Optional.empty();
  private Optional<InetSocketAddress> listen = Optional.empty();

  @BeforeEach
  void files() throws IOException {
    operator = new Operator(state());
    Files.createDirectory(policies());
    Files.writeString(folder.resolve("worker.log"), "");
    Files.writeString(folder.resolve("clerk.log"), "");
    save("site.heal", SITE);
    save("rules.heal", RULES);
  }

  private Path policies() {
    return folder.resolve("policies");
  }

  private Path state() {
    return folder.resolve("state");
  }

  /** As an editor saves: elsewhere, and then moved into its place. */
  private void save(String name, String text) throws IOException {
    Path beside = folder.resolve(name + ".new");
    Files.writeString(beside, text.replace("@FOLDER@", folder.toString()));
    Files.move(beside, policies().resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private Daemon daemon(FakeMachine machine) throws IOException {
    return daemon(machine, state());
  }

  private Daemon daemon(FakeMachine machine, Path state) throws IOException {
    Daemon daemon =
        new Daemon(
            new Daemon.Settings(
                new PolicySettings(
                    List.of(policies()),
                    Optional.empty(),
                    true,
                    Staging.NONE,
                    trust,
                    peers,
                    centre),
                state,
                "n1",
                NvmlOptions.ofThisHost().withLibrary(machine.library()),
                Optional.empty(),
                listen,
                true),
            watched,
            LoopMeter.NONE);
    daemon.start();
    return daemon;
  }

  private void log(String file, String line) {
    try {
      Files.writeString(folder.resolve(file), line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private long count(EntryType type) {
    return watched.entries.stream().filter(e -> e.type() == type).count();
  }

  private boolean raised(String fault, String entity) {
    return watched.entries.stream()
        .anyMatch(
            e ->
                e.type() == EntryType.FAULT_RAISED
                    && e.instance()
                        .filter(i -> i.toString().contains(fault) && i.toString().contains(entity))
                        .isPresent());
  }

  private String status() {
    assertThat(operator.heal("status")).as(operator.err()).isEqualTo(ExitCode.FINE);
    return operator.out();
  }

  @Test
  void aSavedFileIsInForceAndABrokenOneIsNot() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = daemon(machine)) {
      machine.set("gpu 0 temperature 85");
      assertThat(status()).contains("generation 1, sha256:", "from `" + policies() + "`");

      save("rules.heal", RULES.replace("tune hot = 88C", "tune hot = 84C"));
      FakeMachine.await(() -> raised("hot", "gpu:n1/0"));
      FakeMachine.await(() -> status().contains("generation 2, sha256:"));
      assertThat(count(EntryType.RELOADED)).isEqualTo(1);

      save("rules.heal", RULES.replace("within 30s", "within 30 parsecs"));
      FakeMachine.await(() -> count(EntryType.RELOAD_FAILED) == 1);
      assertThat(status())
          .contains("generation 2, sha256:", "what lies in the files is refused since", "at check");
      assertThat(operator.heal("reload", "--wait")).isEqualTo(ExitCode.ENGINE_REFUSED);
      assertThat(operator.err())
          .contains(
              "error[", "rules.heal:", "heal: refused at check: ", "generation 2 stays in force");

      save("rules.heal", RULES);
      FakeMachine.await(() -> status().contains("generation 3, sha256:"));
      assertThat(status()).doesNotContain("refused since");
      assertThat(operator.heal("reload", "--wait")).isEqualTo(ExitCode.FINE);
      assertThat(operator.out()).isEqualTo("the same texts are in force already\n");
      assertThat(operator.heal("generations")).isEqualTo(ExitCode.FINE);
      assertThat(operator.out()).hasLineCount(4);
    }
  }

  @Test
  void whatASiteDeclaresAnewIsWatchedAndWhatItDropsIsNot() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = daemon(machine)) {
      FakeMachine.await(() -> daemon.running().size() == 1);
      save(
          "site.heal",
          SITE
              + """
              service clerk on n1 {
                run     ["sleep", "601"]
                log     "@FOLDER@/clerk.log"
                restart via supervised
              }
              """);
      FakeMachine.await(() -> daemon.running().size() == 2);
      FakeMachine.await(
          () -> {
            log("clerk.log", "I am odd");
            return raised("odd", "service:n1/clerk");
          });
      log("worker.log", "I am odd");
      FakeMachine.await(() -> raised("odd", "service:n1/worker"));
      assertThat(status()).contains("child clerk", "log clerk");

      save("site.heal", SITE);
      FakeMachine.await(() -> status().contains("generation 3,"));
      FakeMachine.await(() -> !status().contains("child clerk"));
      assertThat(status()).doesNotContain("log clerk").contains("child worker", "log worker");
      assertThat(watched.told)
          .anyMatch(text -> text.startsWith("child clerk: is declared no longer: process "));
      ProcessHandle.allProcesses()
          .filter(p -> p.info().commandLine().filter(l -> l.endsWith("sleep 601")).isPresent())
          .forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void aRollbackHoldsOverARestartUntilTheFilesAreOthers() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      String bad = RULES.replace("tune hot = 88C", "tune hot = 84C");
      try (Daemon daemon = daemon(machine)) {
        save("rules.heal", bad);
        FakeMachine.await(() -> status().contains("generation 2,"));
        assertThat(operator.heal("rollback", "--because", "too eager"))
            .as(operator.err())
            .isEqualTo(ExitCode.FINE);
        assertThat(operator.out())
            .contains("generation 3 (sha256:", "from generation 1 of the state directory");
        save("rules.heal", bad); // touched, and the same as before
        save("site.heal", SITE);
        assertThat(operator.heal("rollback", "77")).isEqualTo(ExitCode.ENGINE_REFUSED);
        assertThat(operator.err()).contains("there is nothing to go back to", "generation 77");
      }
      try (Daemon daemon = daemon(machine)) {
        assertThat(status())
            .contains("generation 3,", "the files are those of before the rollback");
        save("rules.heal", bad + "# again\n");
        FakeMachine.await(() -> status().contains("generation 4,"));
        assertThat(operator.heal("rollback", "3")).isEqualTo(ExitCode.FINE);
        assertThat(operator.heal("reload", "--wait")).isEqualTo(ExitCode.FINE);
        assertThat(operator.out()).startsWith("generation 6 (sha256:");
      }
    }
  }

  @Test
  void brokenFilesAtTheStartLeaveTheLastGenerationInForce() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      daemon(machine).close();
      save("rules.heal", RULES.replace("within 30s", "within 30 parsecs"));
      try (Daemon daemon = daemon(machine)) {
        assertThat(status())
            .contains("generation 1,", "the files are refused: error[", "1 enforce, 0 ask");
        machine.set("gpu 0 temperature 90");
        FakeMachine.await(() -> raised("hot", "gpu:n1/0"));
        save("rules.heal", RULES + "# mended\n");
        FakeMachine.await(() -> status().contains("generation 2,"));
        assertThat(status()).doesNotContain("the files are refused");
      }
    }
  }

  @Test
  void aTuneCountsWithinItsRangeUntilItIsReset() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = daemon(machine)) {
      machine.set("gpu 0 temperature 85");
      assertThat(operator.heal("tune", "hot", "95C")).isEqualTo(ExitCode.ENGINE_REFUSED);
      assertThat(operator.err()).contains("80C..92C");
      assertThat(operator.heal("tune", "warm", "84C")).isEqualTo(ExitCode.ENGINE_REFUSED);
      assertThat(operator.err()).contains("there is no tune `warm`");

      assertThat(operator.heal("tune", "hot", "84C", "--for", "2h"))
          .as(operator.err())
          .isEqualTo(ExitCode.FINE);
      FakeMachine.await(() -> raised("hot", "gpu:n1/0"));
      assertThat(status()).contains("tuned: `hot` = 84C until ");
      assertThat(operator.heal("tune", "hot", "--reset")).isEqualTo(ExitCode.FINE);
      assertThat(status()).doesNotContain("tuned:");
    }
  }

  @Test
  void whereKeysAreTrustedOnlyWhatTheySignedComesIntoForce() throws Exception {
    Path key = folder.resolve("key");
    assertThat(operator.run(List.of("keygen", key.toString()))).isEqualTo(ExitCode.FINE);
    sign(key);
    trust = Optional.of(Path.of(key + ".pub"));
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      try (Daemon daemon = daemon(machine)) {
        assertThat(status()).contains("generation 1,", "signed by ");
        save("rules.heal", RULES.replace("tune hot = 88C", "tune hot = 84C"));
        FakeMachine.await(() -> count(EntryType.RELOAD_FAILED) == 1);
        assertThat(status())
            .contains("generation 1,", "at signature", "is not what the manifest says");
        sign(key);
        FakeMachine.await(() -> status().contains("generation 2,"));
      }
      save("rules.heal", RULES + "# by nobody\n");
      try (Daemon daemon = daemon(machine)) {
        assertThat(status()).contains("generation 2,", "the files are refused:", "signed by ");
      }
    }
  }

  private static InetSocketAddress free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }

  private static Address at(InetSocketAddress server, String path) {
    return Address.parse("http://127.0.0.1:%d%s".formatted(server.getPort(), path), true)
        .address()
        .orElseThrow();
  }

  private static Fetcher fetcher() {
    return new Fetcher(
        Duration.ofSeconds(5), Duration.ofSeconds(20), Optional.empty(), Optional.empty());
  }

  @Test
  void whereNothingOfItsOwnCanBeUsedAPeerIsAsked() throws Exception {
    Path key = folder.resolve("key");
    assertThat(operator.run(List.of("keygen", key.toString()))).isEqualTo(ExitCode.FINE);
    sign(key);
    trust = Optional.of(Path.of(key + ".pub"));
    listen = Optional.of(free());
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon peer = daemon(machine)) {
      Operator ofPeer = operator;
      assertThat(status()).contains("generation 1,");
      save("rules.heal", RULES + "# signed by nobody\n");
      FakeMachine.await(() -> count(EntryType.RELOAD_FAILED) == 1);

      Path other = folder.resolve("other");
      operator = new Operator(other);
      peers = List.of(RemoteOrigin.peer(at(listen.orElseThrow(), ""), fetcher()));
      listen = Optional.empty();
      try (Daemon second = daemon(machine, other)) {
        assertThat(status())
            .contains(
                "generation 1,",
                "the files are refused: ",
                "taken from the peer http",
                "signed by ");
        machine.set("gpu 0 temperature 90");
        FakeMachine.await(() -> status().contains("hot on gpu:n1/0"));
      }
      operator = ofPeer;
    }
  }

  @Test
  void whereNobodyHasPoliciesThatMayBeUsedItOnlyObserves() throws Exception {
    Path key = folder.resolve("key");
    assertThat(operator.run(List.of("keygen", key.toString()))).isEqualTo(ExitCode.FINE);
    trust = Optional.of(Path.of(key + ".pub"));
    peers = List.of(RemoteOrigin.peer(at(free(), ""), fetcher()));
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = daemon(machine)) {
      assertThat(status())
          .contains(
              "mode      observing",
              "the folder is not signed",
              "no policy is in force: only observing");
      sign(key);
      FakeMachine.await(() -> status().contains("mode      enforcing"));
      assertThat(status()).contains("generation 2,", "signed by ").doesNotContain("only observing");
    }
    assertThat(operator.run(List.of("simulate", "--from-recording", state().toString())))
        .as(operator.err())
        .isEqualTo(ExitCode.FINE);
  }

  @Test
  void aCentreDeliversWhatATrustedKeySigned() throws Exception {
    Path key = folder.resolve("key");
    assertThat(operator.run(List.of("keygen", key.toString()))).isEqualTo(ExitCode.FINE);
    sign(key);
    trust = Optional.of(Path.of(key + ".pub"));
    Path next = folder.resolve("next.bundle");
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Files.copy(policies().resolve("site.heal"), copy.resolve("site.heal"));
    Files.writeString(
        copy.resolve("rules.heal"), RULES.replace("tune hot = 88C", "tune hot = 84C"));
    assertThat(
            operator.run(
                List.of(
                    "bundle",
                    "build",
                    copy.toString(),
                    "--parent",
                    policies().toString(),
                    "--key",
                    key.toString(),
                    "-o",
                    next.toString())))
        .as(operator.err())
        .isEqualTo(ExitCode.FINE);
    byte[] bundle = Files.readAllBytes(next);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext(
        "/heal.bundle",
        exchange -> {
          exchange.sendResponseHeaders(200, bundle.length);
          exchange.getResponseBody().write(bundle);
          exchange.close();
        });
    server.start();
    centre = Optional.of(RemoteOrigin.centre(at(server.getAddress(), "/heal.bundle"), fetcher()));
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = daemon(machine)) {
      machine.set("gpu 0 temperature 85");
      FakeMachine.await(() -> raised("hot", "gpu:n1/0"));
      FakeMachine.await(() -> status().contains("generation 2,"));
      assertThat(status()).contains("from the configuration centre", "revision 2");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aFileThatIsImportedFromElsewhereIsWatchedToo() throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    String heat =
        """
        heal 1
        fault warm on gpu {
          when       nvml.temperature >= 88C
          clear when nvml.temperature < 80C for 2s
          missing    freeze
        }
        """;
    Files.writeString(shared.resolve("heat.heal"), heat);
    save(
        "rules.heal",
        RULES
            .replace("heal 1\n", "heal 1\nimport \"../shared/heat\" as heat\n")
            .replace("on hot,", "on [hot, heat.warm],"));
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = daemon(machine)) {
      machine.set("gpu 0 temperature 85");
      assertThat(status()).contains("generation 1,");
      Files.writeString(shared.resolve("heat.heal"), heat.replace("88C", "84C"));
      FakeMachine.await(() -> raised("warm", "gpu:n1/0"));
    }
  }

  private void sign(Path key) {
    assertThat(
            operator.run(List.of("bundle", "sign", policies().toString(), "--key", key.toString())))
        .as(operator.err())
        .isEqualTo(ExitCode.FINE);
  }
}
