package dev.heal.engine.cli.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.source.posix.DatagramReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, over a real socket. */
class ServiceManagerTest {
  private static final int PATIENCE = 10_000;

  @TempDir private Path folder;
  private final List<String> troubles = new CopyOnWriteArrayList<>();

  private ServiceManager manager(String socket, String... more) {
    Map<String, String> environment = new java.util.HashMap<>(Map.of("NOTIFY_SOCKET", socket));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return ServiceManager.of(environment, 42, troubles::add).orElseThrow();
  }

  @Test
  void itIsToldOverAPathAndOverTheAbstractNamespace() throws IOException {
    String name = "@heal-test-" + ProcessHandle.current().pid();
    for (String socket : List.of(folder.resolve("notify").toString(), name)) {
      try (DatagramReceiver systemd = new DatagramReceiver(socket)) {
        ServiceManager manager = manager(socket);
        manager.ready("watching `n1`\nreally");
        manager.status("paused; faults: 1");
        manager.alive();
        manager.stopping(Duration.ofSeconds(25));

        assertThat(systemd.next(PATIENCE)).hasValue("READY=1\nSTATUS=watching `n1` really");
        assertThat(systemd.next(PATIENCE)).hasValue("STATUS=paused; faults: 1");
        assertThat(systemd.next(PATIENCE)).hasValue("WATCHDOG=1");
        assertThat(systemd.next(PATIENCE))
            .hasValue(
                "STOPPING=1\nSTATUS=ending: what runs is finished or handed over\n"
                    + "EXTEND_TIMEOUT_USEC=25000000");
      }
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void whereNobodyListensThatIsSaidOnce() {
    ServiceManager manager = manager(folder.resolve("nobody").toString());
    manager.alive();
    manager.alive();
    assertThat(troubles)
        .containsExactly("the service manager cannot be told: sendto: No such file or directory");
  }

  @Test
  void theWatchdogIsOurs() {
    assertThat(ServiceManager.of(Map.of(), 42, troubles::add)).isEmpty();
    assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", "vsock:2:1"), 42, troubles::add))
        .isEmpty();
    assertThat(manager("/x").watchdog()).isEmpty();
    assertThat(manager("/x", "WATCHDOG_USEC", "30000000").watchdog())
        .hasValue(Duration.ofSeconds(30));
    assertThat(manager("/x", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "42").watchdog())
        .hasValue(Duration.ofSeconds(30));
    assertThat(manager("/x", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "43").watchdog())
        .isEmpty();
    assertThat(manager("/x", "WATCHDOG_USEC", "soon").watchdog()).isEmpty();
  }

  @Test
  void aLoopThatHangsGivesNoSignOfLife() throws IOException {
    String socket = folder.resolve("notify").toString();
    AtomicLong rounds = new AtomicLong();
    try (DatagramReceiver systemd = new DatagramReceiver(socket);
        Watchdog watchdog =
            new Watchdog(Optional.of(manager(socket, "WATCHDOG_USEC", "60000")), rounds::get)) {
      watchdog.start(() -> "as usual");
      assertThat(systemd.next(500)).as("nothing has gone round yet").isEmpty();
      for (int sign = 1; sign <= 3; sign++) {
        rounds.incrementAndGet();
        assertThat(systemd.next(PATIENCE)).hasValue("WATCHDOG=1");
      }
      assertThat(systemd.next(500)).as("it hangs").isEmpty();
    }
    assertThat(Optional.of(troubles)).hasValue(List.of());
  }
}
