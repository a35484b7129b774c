package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This very host. */
class HostFeedTest {
  private static final EntityId N1 = EntityId.node("n1");
  private static final EntityId LLM = EntityId.service("n1", "llm");

  @TempDir private Path folder;
  private final Listened loop = new Listened();

  private HostFeed feed(String site, HostFiles files) {
    Site declared = Listened.policies(site).site();
    return new HostFeed(declared, "n1", files, Map::of, loop, loop);
  }

  @Test
  void theHostIsAliveAndSaysHowItIs() {
    try (HostFeed feed = feed("node n1 { heartbeat every 100ms }", HostFiles.OF_THIS_HOST)) {
      feed.start();
      Map<String, Double> heard = new TreeMap<>();
      int heartbeats = 0;
      Set<String> wanted = Set.of("memory.used", "disk.used", "cpu.used");
      while (heartbeats < 3 || !heard.keySet().containsAll(wanted)) {
        for (Fact fact : loop.next().facts()) {
          assertThat(fact.entity()).isEqualTo(N1);
          if (fact instanceof Fact.Sample sample) {
            assertThat(sample.value()).isBetween(0.0, 1.0);
            heard.put(fact.signal(), sample.value());
          } else {
            assertThat(fact.signal()).isEqualTo("heartbeat");
            heartbeats++;
          }
        }
      }
      assertThat(loop.told).isEmpty();
    }
  }

  @Test
  void whatCannotBeReadIsSilentAndTold() {
    try (HostFeed feed = feed("", new HostFiles(folder.resolve("nothing")))) {
      feed.start();
      loop.awaitTold("host: cannot be read: " + folder.resolve("nothing/meminfo"));
      loop.awaitTold("disks of the host: cannot be read: ");
      assertThat(loop.next().facts())
          .as("the engine is alive all the same")
          .singleElement()
          .extracting(Fact::signal)
          .isEqualTo("heartbeat");
    }
  }

  @Test
  @Tag("real")
  void aProcessThatTheKernelKillsForMemoryIsTheServices() throws IOException {
    Path group = limitedGroup();
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "echo $$ > %s/cgroup.procs && read go && exec tail /dev/zero".formatted(group))
            .start();
    AtomicLong running = new AtomicLong(process.pid());
    FakeMachine.await(() -> isIn(group, process.pid()));
    try (HostFeed feed =
        new HostFeed(
            Listened.policies("").site(),
            "n1",
            HostFiles.OF_THIS_HOST,
            () -> running.get() == 0 ? Map.of() : Map.of(LLM, running.get()),
            loop,
            loop)) {
      feed.start();
      loop.next(fact -> fact.signal().equals("heartbeat"));
      FakeMachine.await(() -> HostFiles.kills(group).isPresent());
      loop.forget();
      loop.next(fact -> fact.signal().equals("memory.used")); // by now it was looked at
      try (var go = process.outputWriter()) {
        go.write("\n");
      }
      assertThat(process.onExit().join().exitValue()).isEqualTo(128 + 9);
      running.set(0);

      Fact killed = loop.next(fact -> fact.signal().equals("oom_kill"));

      assertThat(Listened.timeless(killed))
          .isEqualTo(
              new Fact.Event(
                  0,
                  LLM,
                  "oom_kill",
                  Map.of("line", "the kernel killed a process of it for memory")));
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(group);
    }
  }

  private static boolean isIn(Path group, long pid) {
    try {
      return Files.readAllLines(group.resolve("cgroup.procs")).contains(Long.toString(pid));
    } catch (IOException e) {
      return false;
    }
  }

  /** A control group of 20 MiB below our own; skipped where none can be made. */
  private static Path limitedGroup() {
    Optional<Path> own = HostFiles.OF_THIS_HOST.memoryGroup(ProcessHandle.current().pid());
    Assumptions.assumeTrue(own.isPresent(), "SKIPPED: no control group counts memory here");
    Path group = own.get().resolve("heal-test-" + ProcessHandle.current().pid());
    try {
      Files.createDirectory(group);
      boolean unified = Files.exists(group.resolve("memory.max"));
      Files.writeString(
          group.resolve(unified ? "memory.max" : "memory.limit_in_bytes"), "20971520");
    } catch (IOException e) {
      Assumptions.abort("SKIPPED: a control group of our own takes root: " + e.getMessage());
    }
    return group;
  }
}
