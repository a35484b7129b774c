package dev.heal.engine.source.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real commands are asked. */
class NodeWatchTest {
  private static final Duration HARDLY_EVER = Duration.ofHours(1);
  private static final String WORDS =
      ": it says `schedulable`, `cordoned`, `cordoned by NAME` or `down`, in one line";

  @TempDir private Path folder;
  private final BlockingQueue<StateAnswer> answers = new LinkedBlockingQueue<>();

  private NodeWatch watch(Duration every, String... argv) {
    return new NodeWatch(Question.command(List.of(argv), every), System.getenv(), answers::add);
  }

  private StateAnswer next() throws InterruptedException {
    StateAnswer answer = answers.poll(60, TimeUnit.SECONDS);
    assertThat(answer).as("nothing was told").isNotNull();
    return answer;
  }

  private StateAnswer said(String script) throws InterruptedException {
    try (NodeWatch watch = watch(HARDLY_EVER, "/bin/sh", "-c", script)) {
      assertThat(watch).isNotNull();
      return next();
    }
  }

  @Test
  void whatTheCommandSaysIsTheState() throws InterruptedException {
    assertThat(said("echo schedulable")).isEqualTo(new StateAnswer.Known(NodeState.SCHEDULABLE));
    assertThat(said("echo odd >&2; printf down")).isEqualTo(new StateAnswer.Known(NodeState.DOWN));
    assertThat(said("echo ' cordoned '"))
        .isEqualTo(new StateAnswer.Known(NodeState.cordoned(Optional.empty())));
    assertThat(said("echo cordoned by alice@example.org"))
        .isEqualTo(new StateAnswer.Known(NodeState.cordoned(Optional.of("alice@example.org"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true                            | has said nothing",
        "echo schedulable; echo cordoned | has said more than one line",
        "echo Schedulable                | has said `Schedulable`",
        "echo cordoned by a b            | has said `cordoned by a b`",
        "echo cordoned by a,b            | has said `cordoned by a,b`",
        "echo not schedulable            | has said `not schedulable`",
      })
  void whatItSaysOtherwiseIsTrouble(String script, String trouble) throws InterruptedException {
    assertThat(said(script)).isEqualTo(new StateAnswer.Trouble("`/bin/sh` " + trouble + WORDS));
  }

  @Test
  void aCommandThatFailsSaysNothing() throws InterruptedException {
    assertThat(said("echo schedulable; echo no connection >&2; exit 3"))
        .extracting(Object::toString)
        .asString()
        .contains("`/bin/sh`: exit code 3: ");
    try (NodeWatch watch = watch(HARDLY_EVER, folder.resolve("gone").toString())) {
      assertThat(watch).isNotNull();
      assertThat(next()).isInstanceOf(StateAnswer.Trouble.class);
    }
    try (NodeWatch watch =
        watch(Duration.ofMillis(200), "/bin/sh", "-c", "echo schedulable; sleep 600")) {
      assertThat(watch).isNotNull();
      assertThat(next()).isEqualTo(new StateAnswer.Trouble("`/bin/sh`: no answer in 200 ms"));
    }
  }

  @Test
  void afterAnActItIsAskedAtOnceAndAgain() throws InterruptedException {
    try (NodeWatch watch = watch(HARDLY_EVER, "/bin/echo", "schedulable")) {
      assertThat(next()).isInstanceOf(StateAnswer.Known.class);
      watch.acted();
      assertThat(next()).isInstanceOf(StateAnswer.Known.class);
      assertThat(next()).isInstanceOf(StateAnswer.Known.class);
    }
  }

  /** Else the end of a cordon would be followed by the news that the node is free. */
  @Test
  void whatWasAskedBeforeAnActIsNotToldAfterIt() throws IOException, InterruptedException {
    Path state = Files.writeString(folder.resolve("state"), "schedulable");
    Path asked = folder.resolve("asked");
    Path go = folder.resolve("go");
    String script =
        "said=$(cat %s); touch %s; while [ ! -e %s ]; do sleep 0.05; done; echo \"$said\""
            .formatted(state, asked, go);
    try (NodeWatch watch = watch(HARDLY_EVER, "/bin/sh", "-c", script)) {
      FakeMachine.await(() -> Files.exists(asked));
      Files.writeString(state, "cordoned by heal");
      watch.acted();
      Files.writeString(go, "");
      assertThat(next()).isEqualTo(new StateAnswer.Known(NodeState.cordoned(Optional.of("heal"))));
    }
  }
}
