package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class HealCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aCommandWritesItsResultInUtf8WithLineFeeds() {
    ExitCode code = heal("greet", "--loud", "wörld");

    assertThat(code).isEqualTo(ExitCode.FINE);
    assertThat(out()).isEqualTo("HELLO wörld\n");
    assertThat(err()).isEmpty();
  }

  @Test
  void withoutACommandTheHelpGoesToStandardErrorAndTheExitIsUsage() {
    assertThat(heal()).isEqualTo(ExitCode.USAGE);
    assertThat(out()).isEmpty();
    assertThat(err()).contains("Usage: heal COMMAND").contains("greet", "says hello");
  }

  @Test
  void helpListsCommandsAndEveryExitCode() {
    assertThat(heal("--help")).isEqualTo(ExitCode.FINE);
    for (ExitCode code : ExitCode.values()) {
      assertThat(out()).contains(code.meaning());
    }
    assertThat(err()).isEmpty();
  }

  @Test
  void everyCommandHasHelpOfItsOwn() {
    assertThat(heal("greet", "--help")).isEqualTo(ExitCode.FINE);
    assertThat(out()).contains("Usage: heal greet", "--loud", "Show this help.");
    out.reset();
    assertThat(heal("help", "greet")).isEqualTo(ExitCode.FINE);
    assertThat(out()).contains("Usage: heal greet");
  }

  @Test
  void theShippedCommandsAllHaveHelpAndNamesOfTheirOwn() {
    List<String> names = Commands.all().names();
    assertThat(names).doesNotHaveDuplicates();
    for (String name : names) {
      out.reset();
      ExitCode code =
          new HealCommand(Commands.all(), console(out), Map.of()).run(List.of(name, "--help"));
      assertThat(code).as(name).isEqualTo(ExitCode.FINE);
      assertThat(out()).as(name).startsWith("Usage: heal " + name);
    }
  }

  @Test
  void theVersionIsOneLine() {
    assertThat(heal("--version")).isEqualTo(ExitCode.FINE);
    assertThat(out()).matches("heal \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)\n");
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheOneThatWasMeant() {
    assertThat(heal("gret")).isEqualTo(ExitCode.USAGE);
    assertThat(err())
        .isEqualTo(
            """
            heal: unknown command `gret`; did you mean `greet`?
              = help: `heal --help` lists what there is
            """);
    assertThat(out()).isEmpty();
  }

  @Test
  void aWordLikeNoCommandGetsNoGuess() {
    assertThat(heal("xylophone")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).startsWith("heal: unknown command `xylophone`\n");
  }

  @Test
  void aMistypedOptionIsAnsweredWithTheOneThatWasMeant() {
    assertThat(heal("greet", "--luod", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(err())
        .isEqualTo(
            """
            heal: unknown option `--luod`; did you mean `--loud`?
              = help: `heal greet --help` lists what there is
            """);
  }

  @Test
  void tooManyArgumentsMissingOnesAndWrongValuesAreUsageErrors() {
    assertThat(heal("greet", "a", "b")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).startsWith("heal: unexpected argument `b`\n");
    err.reset();
    assertThat(heal("greet")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).startsWith("heal: missing required parameter");
    err.reset();
    assertThat(heal("greet", "--times", "many", "a")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).startsWith("heal: invalid value for option `--times`").contains("`many`");
  }

  @Test
  void whatAppearsInAMessageNeverNamesJava() {
    heal("greet", "--times", "many", "a");
    heal("gret");
    heal("greet", "no-such-file");
    assertThat(err()).doesNotContain("java", "picocli", "Exception");
  }

  @Test
  void aFileThatIsNotThereIsTheToolsFailureInWords() {
    assertThat(heal("greet", "no-such-file")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(err()).isEqualTo("heal: `no-such-file` does not exist\n");
  }

  @Test
  void aContradictionThatTheCommandFindsIsAUsageError() {
    assertThat(heal("greet", "nobody")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).startsWith("heal: there is nobody to greet\n").contains("heal greet --help");
  }

  @Test
  void aBugIsOneLineAndTheStackOnlyWhenAskedFor() {
    assertThat(heal("greet", "bug")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(err())
        .isEqualTo(
            """
            heal: internal error: IllegalStateException: broken
              = help: run it again with HEAL_DEBUG=1 for the stack, and report it
            """);

    err.reset();
    new HealCommand(commands(), console(out), Map.of("HEAL_DEBUG", "1"))
        .run(List.of("greet", "bug"));
    assertThat(err()).contains("at dev.heal.engine.cli.HealCommandTest");
  }

  @Test
  void endlessRecursionIsABugTooAndEndsInOneLine() {
    assertThat(heal("greet", "deep")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(err()).startsWith("heal: internal error: StackOverflowError\n");
  }

  @Test
  void memoryThatIsUsedUpIsSaidWithTheOptionThatAllowsMore() {
    assertThat(heal("greet", "huge")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(err())
        .matches(
            "heal: the memory of \\d+ MiB is used up\n"
                + "  = help: allow more, as in `HEAL_JAVA_OPTS=-Xmx\\d+m heal …`\n");
  }

  @Test
  void aReaderThatWentAwayEndsTheCommandQuietly() {
    ExitCode code =
        new HealCommand(commands(), console(failing("Broken pipe")), Map.of())
            .run(List.of("greet", "endless"));
    assertThat(code).isEqualTo(ExitCode.READER_GONE);
    assertThat(err()).isEmpty();
  }

  @Test
  void aFullDiskIsSaid() {
    ExitCode code =
        new HealCommand(commands(), console(failing("No space left on device")), Map.of())
            .run(List.of("greet", "world"));
    assertThat(code).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(err()).isEqualTo("heal: the output cannot be written: No space left on device\n");
  }

  private ExitCode heal(String... arguments) {
    return new HealCommand(commands(), console(out), Map.of()).run(List.of(arguments));
  }

  private Console console(OutputStream target) {
    return Console.of(InputStream.nullInputStream(), target, err);
  }

  private static Commands commands() {
    return new Commands(List.of(new Commands.Entry("greet", "says hello", Greet::new)));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @Command
  static final class Greet implements Subcommand {
    @Option(names = "--loud", description = "In capitals.")
    private boolean loud;

    @Option(names = "--times", defaultValue = "1", description = "How often.")
    private int times;

    @Parameters(paramLabel = "NAME", description = "Whom.")
    private String name = "";

    @Override
    public ExitCode run(Console console) throws IOException {
      switch (name) {
        case "nobody" -> throw new UsageException("there is nobody to greet");
        case "no-such-file" -> throw new NoSuchFileException(name);
        case "bug" -> throw new IllegalStateException("broken\nsecond line");
        case "deep" -> times = deeper(0);
        case "huge" -> throw new OutOfMemoryError("Java heap space");
        case "endless" -> times = Integer.MAX_VALUE;
        default -> {}
      }
      for (int i = 0; i < times; i++) {
        console.out().println((loud ? "HELLO " : "hello ") + name);
      }
      return ExitCode.FINE;
    }

    private static int deeper(int depth) {
      return depth == Integer.MAX_VALUE ? depth : deeper(depth + 1) + 1;
    }
  }
}
