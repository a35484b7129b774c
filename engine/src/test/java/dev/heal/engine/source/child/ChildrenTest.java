package dev.heal.engine.source.child;

import static dev.heal.engine.source.child.Watched.LONG;
import static dev.heal.engine.source.child.Watched.exit;
import static dev.heal.engine.source.child.Watched.group;
import static dev.heal.engine.source.child.Watched.line;
import static dev.heal.engine.source.child.Watched.lines;
import static dev.heal.engine.source.child.Watched.shell;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, started, watched and stopped. */
class ChildrenTest {
  private final Watched watched = new Watched();
  private final Children children = watched.children;

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    for (String name : children.running().keySet()) {
      StopResult unused = children.stop(name, Duration.ZERO);
    }
  }

  @Test
  void anExitCodeAndASignalAreToldApart() throws InterruptedException {
    assertThat(exit(watched.run("exit 0")).ending()).isEqualTo(new Ending.Code(0));
    assertThat(exit(watched.run("exit 139")).ending()).isEqualTo(new Ending.Code(139));
    assertThat(exit(watched.run("ulimit -c 0; kill -SEGV $$")).ending())
        .isEqualTo(new Ending.Signal(11, "SIGSEGV", false));
    assertThat(exit(watched.run("kill -KILL $$")).ending())
        .isEqualTo(new Ending.Signal(9, "SIGKILL", false));
  }

  @Test
  void linesComeWithTheirOutputAndTheLastNeedsNoLineFeed() throws InterruptedException {
    List<ChildEvent> seen = watched.run("echo one; echo two; printf three; echo bad >&2");
    assertThat(lines(seen))
        .containsExactlyInAnyOrder("STDOUT one", "STDOUT two", "STDOUT three", "STDERR bad")
        .containsSubsequence("STDOUT one", "STDOUT two", "STDOUT three");
  }

  @Test
  void aLongLineIsCut() throws InterruptedException {
    List<ChildEvent.Line> seen =
        watched.run("head -c 300000 /dev/zero | tr '\\0' x; echo; echo next").stream()
            .filter(ChildEvent.Line.class::isInstance)
            .map(ChildEvent.Line.class::cast)
            .toList();
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0).text()).isEqualTo("x".repeat(64 * 1024));
    assertThat(seen.get(0).cut()).isTrue();
    assertThat(seen.get(1).text()).isEqualTo("next");
    assertThat(seen.get(1).cut()).isFalse();
  }

  @Test
  void aPoliteChildEndsWithinTheGrace() throws InterruptedException {
    ProcessId process =
        watched.start(shell("polite", "trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done"));
    watched.until(line("up"));
    assertThat(children.stop("polite", LONG))
        .isEqualTo(new StopResult.Gone(process, new Ending.Code(7), false));
    assertThat(exit(watched.until(ChildEvent.Exited.class::isInstance)))
        .isEqualTo(new ChildEvent.Exited("polite", process, new Ending.Code(7), true));
    assertThat(children.stop("polite", LONG)).isEqualTo(new StopResult.NotRunning());
    assertThat(watched.ledger).containsExactly("started polite", "gone polite");
  }

  @Test
  void whoIgnoresTheSigtermIsKilledWithItsGrandchildren() throws Exception {
    ProcessId process =
        watched.start(
            shell("deaf", "trap '' TERM; (sleep 1000 & sleep 1000) & sleep 1000 & echo up; wait"));
    watched.until(line("up"));
    assertThat(children.running()).isEqualTo(Map.of("deaf", process));
    assertThat(children.stop("deaf", Duration.ofMillis(50)))
        .isEqualTo(new StopResult.Gone(process, new Ending.Signal(9, "SIGKILL", false), true));
    assertThat(group(process)).allMatch(entry -> entry.ended());
    assertThat(children.running()).isEmpty();
  }

  @Test
  void aStoppedChildHearsTheSigterm() throws InterruptedException {
    ProcessId process = watched.start(shell("frozen", "echo up; kill -STOP $$"));
    watched.until(line("up"));
    assertThat(children.stop("frozen", LONG))
        .isEqualTo(new StopResult.Gone(process, new Ending.Signal(15, "SIGTERM", false), false));
  }

  @Test
  void whatACrashLeavesBehindIsKilled() throws Exception {
    ProcessId process = watched.start(shell("crash", "sleep 1000 & sleep 1000 & kill -ABRT $$"));
    ChildEvent.Exited exit = exit(watched.until(ChildEvent.Exited.class::isInstance));
    assertThat(exit.asked()).isFalse();
    watched.awaitGone("crash");
    assertThat(group(process)).allMatch(entry -> entry.ended());
  }

  @Test
  void aStartThatFailsSaysWhy(@TempDir Path directory) throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "no program\n");
    Path binary = Files.writeString(directory.resolve("binary"), "\0\1\2\3");
    assertThat(binary.toFile().setExecutable(true)).isTrue();
    assertThat(failure("/nowhere/program")).isEqualTo(StartResult.Reason.NOT_FOUND);
    assertThat(failure("program-that-is-not-there")).isEqualTo(StartResult.Reason.NOT_FOUND);
    assertThat(failure(text.toString())).isEqualTo(StartResult.Reason.NOT_PERMITTED);
    assertThat(failure(binary.toString())).isEqualTo(StartResult.Reason.NOT_EXECUTABLE);
    StartResult nowhere =
        children.start(
            new ChildSpec(
                "child",
                List.of("/bin/true"),
                Map.of(),
                Optional.of(directory.resolve("missing"))));
    assertThat(nowhere)
        .isEqualTo(
            new StartResult.Failed(
                StartResult.Reason.NO_DIRECTORY,
                "there is no working directory `" + directory + "/missing`"));
    assertThat(watched.ledger).isEmpty();
    assertThat(children.running()).isEmpty();
  }

  private StartResult.Reason failure(String program) {
    StartResult result =
        children.start(
            new ChildSpec(
                "child", List.of(program), Map.of("PATH", "/usr/bin:/bin"), Optional.empty()));
    assertThat(result).isInstanceOf(StartResult.Failed.class);
    return ((StartResult.Failed) result).reason();
  }

  @Test
  void aChildThatCannotBeRecordedDoesNotRun() throws Exception {
    assertThat(children.start(shell("unrecorded", "sleep 1000")))
        .isEqualTo(
            new StartResult.Failed(
                StartResult.Reason.NOT_RECORDED,
                "it was killed, as it could not be recorded: no space left on device"));
    ProcessId process = exit(watched.until(ChildEvent.Exited.class::isInstance)).process();
    StopResult unused = children.stop("unrecorded", LONG);
    assertThat(group(process)).allMatch(entry -> entry.ended());
  }

  @Test
  void environmentAndDirectoryAreThoseThatWereAskedFor(@TempDir Path directory)
      throws InterruptedException {
    ChildSpec spec =
        new ChildSpec(
            "child",
            List.of("sh", "-c", "env; pwd; echo up; exec sleep 1000"),
            Map.of("PATH", "/usr/bin:/bin", "MODEL", "big one"),
            Optional.of(directory));
    watched.start(spec);
    assertThat(lines(watched.until(line("up"))))
        .contains("STDOUT MODEL=big one", "STDOUT HEAL_CHILD=test:child", "STDOUT " + directory)
        .noneMatch(line -> line.contains("HOME="));
    StartResult again =
        children.restart(spec.with(Map.of("PATH", "/usr/bin:/bin", "MODEL", "small")), LONG);
    assertThat(again).isInstanceOf(StartResult.Running.class);
    assertThat(lines(watched.until(line("up")))).contains("STDOUT MODEL=small");
    children.stop("child", LONG);
  }

  @Test
  void twoRestartsAtOnceAreOne(@TempDir Path directory) throws Exception {
    Path go = directory.resolve("go");
    ChildSpec spec =
        shell(
            "child",
            "trap 'echo ending; while [ ! -e %s ]; do sleep 0.01; done; exit 0' TERM; echo up;"
                    .formatted(go)
                + " while :; do sleep 0.01; done");
    ProcessId before = watched.start(spec);
    watched.until(line("up"));
    CompletableFuture<StartResult> first = CompletableFuture.supplyAsync(() -> restart(spec));
    watched.until(line("ending"));
    StartResult.Busy busy = new StartResult.Busy("a restart is under way");
    assertThat(children.restart(spec, LONG)).isEqualTo(busy);
    assertThat(children.start(spec)).isEqualTo(busy);
    assertThat(children.stop("child", LONG))
        .isEqualTo(new StopResult.Busy("a restart is under way"));
    Files.createFile(go);
    ProcessId after = Watched.running(first.get(30, TimeUnit.SECONDS));
    assertThat(after).isNotEqualTo(before);
    assertThat(children.running()).isEqualTo(Map.of("child", after));
    assertThat(children.start(spec)).isEqualTo(new StartResult.Busy("runs already"));
  }

  private StartResult restart(ChildSpec spec) {
    try {
      return children.restart(spec, LONG);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void twoHundredRestartsLeaveNothingBehind() throws Exception {
    ChildSpec spec = shell("child", "echo up; exec sleep 1000");
    watched.start(spec);
    watched.until(line("up"));
    Set<ProcessId> processes = new java.util.HashSet<>(children.running().values());
    long before = openDescriptors();
    for (int i = 0; i < 200; i++) {
      processes.add(Watched.running(children.restart(spec, LONG)));
      if (i % 2 == 0) {
        watched.until(line("up")); // else it is stopped while it starts
      }
    }
    assertThat(openDescriptors()).isEqualTo(before);
    assertThat(processes).hasSize(201);
    children.stop("child", LONG);
    for (ProcessId process : processes) {
      assertThat(group(process)).isEmpty();
    }
  }

  /** What the supervisor opens; the virtual machine opens and closes files on its own account. */
  private static long openDescriptors() throws IOException {
    long open = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all) {
        String target = Files.readSymbolicLink(descriptor).toString();
        open += target.contains("pipe:") || target.contains("eventfd") ? 1 : 0;
      }
    }
    return open;
  }

  @Test
  void theChildHasNoDescriptorOfTheEngine() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      assertThat(socket.getLocalPort()).isPositive();
      assertThat(lines(watched.run("ls /proc/$$/fd")))
          .containsExactly("STDOUT 0", "STDOUT 1", "STDOUT 2");
    }
  }

  @Test
  void memoryOfTheWholeGroupIsTold() throws Exception {
    ProcessId process = watched.start(shell("child", "sleep 1000 & echo up; wait"));
    watched.until(line("up"));
    Children.Resident resident =
        Optional.ofNullable(children.resident().get("child")).orElseThrow();
    assertThat(resident.process()).isEqualTo(process);
    assertThat(resident.processes()).isEqualTo(2);
    assertThat(resident.bytes()).isBetween(200_000L, 50_000_000L);
    children.stop("child", LONG);
    assertThat(children.resident()).isEmpty();
  }

  /** The engine is killed; the child lives on, and the next engine hears its lines and stops it. */
  @Test
  void aChildOfADeadEngineIsAdopted() throws Exception {
    String script = "i=0; while :; do echo $i; i=$((i+1)); sleep 0.002; done";
    Process engine =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FormerEngine.class.getName(),
                script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = engine.inputReader().readLine();
    assertThat(said).isNotNull();
    List<String> words = List.of(said.split(" ", -1));
    ProcessId process = new ProcessId(Integer.parseInt(words.get(0)), Long.parseLong(words.get(1)));
    assertThat(engine.destroyForcibly().waitFor()).isNotZero();

    assertThat(children.strays("survivor")).contains(process);
    ChildSpec spec = shell("survivor", script);
    assertThat(children.adopt(spec, new ProcessId(process.pid(), process.startTicks() + 1)))
        .isEqualTo(
            new StartResult.Failed(
                StartResult.Reason.NOT_FOUND, "process " + process.pid() + " is gone"));
    assertThat(children.adopt(spec, process)).isEqualTo(new StartResult.Running(process));
    List<ChildEvent> seen = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      seen.addAll(watched.until(event -> true));
    }
    assertThat(seen.get(0)).isEqualTo(new ChildEvent.Started("survivor", process, true));
    int first = Integer.parseInt(((ChildEvent.Line) seen.get(2)).text());
    List<String> expected = new ArrayList<>();
    for (int i = first; i < first + 98; i++) {
      expected.add("STDOUT " + i);
    }
    assertThat(lines(seen.subList(2, 100))).isEqualTo(expected);
    assertThat(children.stop("survivor", LONG))
        .isEqualTo(new StopResult.Gone(process, new Ending.Unknown(), false));
    assertThat(group(process)).allMatch(entry -> entry.ended());
  }
}
