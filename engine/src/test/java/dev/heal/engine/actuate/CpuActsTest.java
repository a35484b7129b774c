package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.LLM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CPU time of services, limited and let go. */
class CpuActsTest {
  private static final String SITE = "service llm on n1 { run [\"llm\"] }\n";
  private static final String THROTTLE = "throttle service { cpu 25%, undo after 1h }";
  private static final Path FIRST = Path.of("/sys/fs/cgroup/cpu");

  @TempDir private Path folder;

  private static String read(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  private static String group(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
        .filter(line -> line.contains(":cpu:") || line.contains(":cpu,"))
        .findFirst()
        .orElse("");
  }

  /** A busy process, in the control groups of version 1 of this very kernel. */
  @Test
  @Tag("real")
  void aChildIsSlowedDownAndLetGoAgain() throws IOException {
    Assumptions.assumeTrue(
        Files.isWritable(FIRST.resolve("cpu.cfs_quota_us"))
            || Files.isWritable(FIRST.resolve("cgroup.procs")),
        "SKIPPED: control groups of version 1 for CPU time take root and " + FIRST);
    Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    try (Desk desk = Desk.of(SITE, folder)) {
      desk.running.clear();
      desk.running.add(busy.pid());
      String before = group(busy.pid());
      Order order = desk.order(THROTTLE, LLM);

      Report done = desk.end(Assignment.of(order));

      assertThat(done.outcome().kind()).as(done.toString()).isEqualTo(Kind.DONE);
      assertThat(desk.kept).containsExactly(done.memento().orElseThrow());
      assertThat(group(busy.pid())).endsWith("/heal-llm");
      Path own = Path.of(FIRST + group(busy.pid()).replaceFirst(".*:", ""));
      long cpus =
          Files.readAllLines(Path.of("/proc/stat")).stream()
              .filter(l -> l.matches("cpu\\d.*"))
              .count();
      assertThat(read(own.resolve("cpu.cfs_quota_us"))).isEqualTo(Long.toString(25_000 * cpus));
      FakeMachine.await(() -> throttled(own));
      assertThat(desk.act("restart service", LLM).outcome().because()).contains("runs as 4711");

      Report undone = desk.end(new Assignment(desk.undo(order), done.memento()));

      assertThat(undone.outcome()).isEqualTo(new Outcome(Kind.DONE, "CPU time as it was"));
      assertThat(group(busy.pid())).isEqualTo(before);
      assertThat(own).doesNotExist();
      assertThat(desk.end(new Assignment(desk.undo(order), done.memento())).outcome().kind())
          .as("twice is as good as once")
          .isEqualTo(Kind.DONE);
    } finally {
      busy.destroyForcibly();
    }
  }

  private static boolean throttled(Path group) {
    try {
      return Files.readAllLines(group.resolve("cpu.stat")).stream()
          .anyMatch(line -> line.matches("nr_throttled [1-9]\\d*"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The files of version 2, as the kernel documents them: this host may have version 1 only. */
  private Desk second() throws IOException {
    Path proc = folder.resolve("proc");
    Path slice = folder.resolve("cgroup/system.slice/heal.service");
    Files.createDirectories(proc.resolve("self"));
    Files.createDirectories(slice.resolve("engine"));
    Files.createDirectories(slice.resolve("heal-llm"));
    Files.writeString(proc.resolve("stat"), "cpu  1 2\ncpu0 1\ncpu1 1\ncpu2 1\ncpu3 1\nintr 5\n");
    Files.writeString(proc.resolve("self/cgroup"), "0::/system.slice/heal.service/engine\n");
    Files.writeString(
        proc.resolve("self/mountinfo"),
        "30 22 0:27 / %s rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
            .formatted(folder.resolve("cgroup")));
    Files.writeString(slice.resolve("engine/cgroup.procs"), "");
    Files.writeString(slice.resolve("cgroup.subtree_control"), "");
    Files.writeString(slice.resolve("heal-llm/cpu.max"), "max 100000\n");
    Files.writeString(slice.resolve("heal-llm/cgroup.procs"), "");
    return Desk.of(
        SITE,
        folder,
        new Hands.Tools(
            Duration.ofSeconds(30),
            "unix:path=" + folder.resolve("bus"),
            folder,
            folder.resolve("docker.sock"),
            "scontrol",
            proc));
  }

  @Test
  void withVersionTwoItGetsAGroupBesideTheEngine() throws IOException {
    try (Desk desk = second()) {
      Path slice = folder.resolve("cgroup/system.slice/heal.service");

      Report done = desk.act(THROTTLE, LLM);

      assertThat(done.outcome())
          .isEqualTo(new Outcome(Kind.DONE, "CPU time of 1 CPUs at the most"));
      assertThat(slice.resolve("cgroup.subtree_control")).hasContent("+cpu");
      assertThat(slice.resolve("heal-llm/cpu.max")).hasContent("100000 100000");
      assertThat(slice.resolve("heal-llm/cgroup.procs")).hasContent("4710");
    }
  }

  @Test
  void withoutADelegatedGroupItIsRefusedWithWhatToWrite() throws IOException {
    try (Desk desk = second()) {
      Path control = folder.resolve("cgroup/system.slice/heal.service/cgroup.subtree_control");
      Files.delete(control);
      Files.createDirectory(control);

      Outcome outcome = desk.act(THROTTLE, LLM).outcome();

      assertThat(outcome.kind()).isEqualTo(Kind.REFUSED);
      assertThat(outcome.because())
          .startsWith("no control group can be made for it (`" + control)
          .endsWith(
              "give the engine's unit `Delegate=cpu` and `DelegateSubgroup=engine`, or run the"
                  + " service as a unit");
      assertThat(desk.kept).isEmpty();
    }
  }

  @Test
  void whatCannotBeWrittenDownIsNotChanged() throws IOException {
    try (Desk desk = second()) {
      desk.journalIsFull = true;

      assertThat(desk.act(THROTTLE, LLM).outcome().kind()).isEqualTo(Kind.FAILED);
      assertThat(folder.resolve("cgroup/system.slice/heal.service/heal-llm/cpu.max"))
          .hasContent("max 100000");
    }
  }

  @Test
  void whatNobodyCanLimitIsRefused() throws IOException {
    try (Desk desk = Desk.of("service llm on n1 { slurm 4711 }\nservice a on n1 { }\n", folder)) {
      assertThat(desk.act("throttle service { power 300W, undo after 1h }", LLM).outcome())
          .isEqualTo(
              new Outcome(
                  Kind.REFUSED, "nothing says how far: write `throttle service { cpu 50% }`"));
    }
    try (Desk desk = second()) {
      desk.running.clear();
      assertThat(desk.act(THROTTLE, LLM).outcome())
          .isEqualTo(new Outcome(Kind.FAILED, "service:n1/llm does not run"));
      assertThat(
              desk.end(new Assignment(desk.undo(desk.order(THROTTLE, LLM)), Optional.empty()))
                  .outcome()
                  .kind())
          .isEqualTo(Kind.DONE);
    }
  }
}
