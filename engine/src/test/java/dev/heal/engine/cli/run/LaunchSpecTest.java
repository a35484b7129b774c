package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.Means.Launch;
import dev.heal.engine.source.child.ChildEvent;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.child.Children;
import dev.heal.engine.source.child.ProcessId;
import dev.heal.nvml.fake.FakeMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Whom a service runs as, and with which environment. */
class LaunchSpecTest {
  private static final Map<String, String> ENGINE =
      Map.of("PATH", System.getenv("PATH"), "HOME", "/root", "A", "engine", "B", "engine");

  private static Launch.Argv launch(Optional<String> user, String... argv) {
    return new Launch.Argv(List.of(argv), Map.of("A", "site"), Optional.of("/tmp"), user);
  }

  @Test
  void withoutAUserItIsTheEngines() {
    ChildSpec expected =
        new ChildSpec(
            "llm",
            List.of("llm", "--port", "8000"),
            Map.of("PATH", System.getenv("PATH"), "HOME", "/root", "A", "site", "B", "engine"),
            Optional.of(Path.of("/tmp")));

    assertThat(
            LaunchSpec.of("llm", launch(Optional.empty(), "llm", "--port", "8000"), ENGINE, "root"))
        .isEqualTo(expected);
    assertThat(
            LaunchSpec.of(
                "llm", launch(Optional.of("root"), "llm", "--port", "8000"), ENGINE, "root"))
        .isEqualTo(expected);
  }

  private static List<String> run(ChildSpec spec) {
    List<String> lines = new CopyOnWriteArrayList<>();
    List<String> ended = new CopyOnWriteArrayList<>();
    Children children =
        new Children(
            "test",
            new Children.Ledger() {
              @Override
              public void started(String child, ProcessId process) {}

              @Override
              public void gone(String child, ProcessId process) {
                ended.add(child);
              }
            },
            event -> {
              if (event instanceof ChildEvent.Line line) {
                lines.add(line.text());
              }
            });
    children.start(spec);
    FakeMachine.await(() -> !ended.isEmpty() && children.running().isEmpty());
    return lines;
  }

  @Test
  void itRunsAsWhomTheSiteSaysAndIsNobodysChild() {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root")
            && Files.isExecutable(Path.of("/usr/bin/setpriv")),
        "SKIPPED: to run as another user takes root and setpriv (util-linux)");

    assertThat(
            run(
                LaunchSpec.of(
                    "llm",
                    launch(
                        Optional.of("nobody"),
                        "sh",
                        "-c",
                        "id -un; id -gn; id -G; echo $USER $HOME $A $B; cat /proc/$$/comm"),
                    ENGINE,
                    "root")))
        .containsExactly("nobody", "nogroup", "65534", "nobody /nonexistent site engine", "sh");
  }

  @Test
  void whoIsNotThereIsNamed() {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/setpriv")),
        "SKIPPED: setpriv (util-linux) is missing");

    assertThat(run(LaunchSpec.of("llm", launch(Optional.of("nosuchuser"), "true"), ENGINE, "root")))
        .anySatisfy(line -> assertThat(line).contains("setpriv", "nosuchuser"));
  }
}
