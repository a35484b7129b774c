package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.parts.RealSystemd;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units of a real systemd: one that segfaults, one that exits, one that is not there. */
@SuppressWarnings("try") // a feed is only there
@Tag("real")
class RealUnitsTest {
  private static final String SEGFAULT =
      """
      #include <unistd.h>
      int main(void) {
        while (access("/run/die", F_OK) != 0) usleep(10000);
        unlink("/run/die");
        *(volatile int *)0 = 1;
      }
      """;
  private static final String VICTIM =
      """
      [Service]
      ExecStart=/etc/systemd/system/victim
      Restart=always
      RestartSec=50ms
      """;
  private static final String LEAVER =
      """
      [Service]
      ExecStart=/bin/sh -c 'until test -e /run/leave; do sleep 0.05; done; exit 3'
      """;
  private static final String SITE =
      """
      service llm on n1 { unit "victim.service" }
      service web on n1 { unit "leaver.service" }
      service lost on n1 { unit "nothing.service" }
      service other on n2 { unit "victim.service" }
      """;
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final EntityId WEB = EntityId.service("n1", "web");
  private static final EntityId LOST = EntityId.service("n1", "lost");

  @TempDir private static Path folder;
  private static RealSystemd systemd;

  private final Listened loop = new Listened();

  @BeforeAll
  static void boot() throws IOException {
    Path own = Files.createDirectories(folder.resolve("own"));
    Path source = folder.resolve("victim.c");
    Files.writeString(source, SEGFAULT);
    int built =
        new ProcessBuilder("gcc", "-o", own.resolve("victim").toString(), source.toString())
            .inheritIO()
            .start()
            .onExit()
            .join()
            .exitValue();
    assertThat(built).isZero();
    systemd = RealSystemd.with(Map.of("victim.service", VICTIM, "leaver.service", LEAVER), folder);
  }

  @AfterAll
  static void halt() {
    if (systemd != null) {
      systemd.close();
    }
  }

  private UnitFeed feed() {
    Site site = Listened.policies(SITE).site();
    UnitFeed feed =
        new UnitFeed(
            site,
            "n1",
            systemd.bus(),
            new HostFiles(systemd.inside("/proc")),
            entity -> new ServiceFacts(entity, false),
            loop,
            loop);
    feed.start();
    return feed;
  }

  /** The next fact of an entity and signal, past all others. */
  private Fact next(EntityId entity, String signal) {
    return Listened.timeless(
        loop.next(fact -> fact.entity().equals(entity) && fact.signal().equals(signal)));
  }

  @Test
  void aSegfaultIsAnExitBySignalAndARestart() throws IOException {
    systemd.run("systemctl", "restart", "victim.service");
    try (UnitFeed feed = feed()) {
      assertThat(next(LLM, "process.running")).isEqualTo(running(LLM, 1));
      Fact.Sample rss = (Fact.Sample) next(LLM, "process.rss");
      assertThat(rss.value()).isBetween(100e3, 100e6);

      Files.writeString(systemd.inside("/run/die"), "");

      assertThat(next(LLM, "exit"))
          .isEqualTo(new Fact.Event(0, LLM, "exit", Map.of("exit_signal", "SIGSEGV")));
      Fact.Sample restarts =
          (Fact.Sample)
              loop.next(
                  fact ->
                      fact.entity().equals(LLM)
                          && fact.signal().equals("process.restarts")
                          && ((Fact.Sample) fact).value() > 0);
      assertThat(restarts.value()).isEqualTo(1);
      loop.next(fact -> Listened.timeless(fact).equals(running(LLM, 1)));
    }
  }

  @Test
  void anExitHasItsCodeAndStaysDown() throws IOException {
    systemd.run("systemctl", "start", "leaver.service");
    try (UnitFeed feed = feed()) {
      assertThat(next(WEB, "process.running")).isEqualTo(running(WEB, 1));
      Files.writeString(systemd.inside("/run/leave"), "");
      assertThat(next(WEB, "exit"))
          .isEqualTo(new Fact.Event(0, WEB, "exit", Map.of("exit_code", "3")));
      List<Fact> after = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        after.add(next(WEB, "process.running"));
      }
      assertThat(after).containsOnly(running(WEB, 0));
    }
  }

  @Test
  void aUnitThatIsNotThereDoesNotRunAndIsTold() {
    try (UnitFeed feed = feed()) {
      assertThat(next(LOST, "process.running")).isEqualTo(running(LOST, 0));
      loop.awaitTold("systemd: unit `nothing.service` cannot run: it is not-found");
    }
  }

  @Test
  void aBusThatIsLostIsSilentUntilItIsBack() throws IOException {
    systemd.run("systemctl", "restart", "victim.service");
    try (UnitFeed feed = feed()) {
      assertThat(next(LLM, "process.running")).isEqualTo(running(LLM, 1));

      systemd.run("systemctl", "stop", "dbus.socket", "dbus.service");
      loop.awaitTold("systemd: systemd cannot be reached at");
      assertThat(feed.status().get(0).trouble()).isPresent();
      loop.forget();
      // it ends while nobody listens
      Files.writeString(systemd.inside("/run/die"), "");
      FakeMachine.await(() -> !Files.exists(systemd.inside("/run/die")));
      assertThat(loop.isSilent()).isTrue();

      systemd.run("systemctl", "start", "dbus.socket");
      loop.awaitTold("systemd: is heard again");
      assertThat(next(LLM, "exit").entity()).as("it is told afterwards").isEqualTo(LLM);
      assertThat(next(LLM, "process.running")).isEqualTo(running(LLM, 1));
    }
  }

  private static Fact running(EntityId entity, double value) {
    return new Fact.Sample(0, entity, "process.running", value);
  }
}
