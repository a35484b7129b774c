package dev.heal.engine.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code heal} itself: finds the command, has its options parsed, runs it, and turns whatever
 * happens into one message and one exit code.
 */
final class HealCommand {
  private static final int NAME_WIDTH = 15;

  private final Commands commands;
  private final Console console;
  private final Map<String, String> environment;

  HealCommand(Commands commands, Console console, Map<String, String> environment) {
    this.commands = commands;
    this.console = console;
    this.environment = Map.copyOf(environment);
  }

  /** Runs one command line. Throws nothing, whatever the command does. */
  ExitCode run(List<String> arguments) {
    try {
      ExitCode code = guarded(arguments);
      console.out().flush();
      return code;
    } catch (OutputException e) {
      return outputFailed(e);
    }
  }

  private ExitCode guarded(List<String> arguments) {
    try {
      return dispatch(arguments);
    } catch (OutputException e) {
      throw e;
    } catch (UsageException e) {
      return usage(e.explanation(), "heal --help");
    } catch (IOException e) {
      return failed(e);
    } catch (UncheckedIOException e) {
      return failed(Objects.requireNonNull(e.getCause()));
    } catch (OutOfMemoryError e) {
      return outOfMemory(e);
    } catch (StackOverflowError | RuntimeException | LinkageError e) {
      return internalError(e);
    } catch (AssertionError e) {
      return internalError(e);
    }
  }

  private ExitCode dispatch(List<String> arguments) throws IOException {
    if (arguments.isEmpty()) {
      help(console.err());
      return ExitCode.USAGE;
    }
    String first = arguments.get(0);
    List<String> rest = arguments.subList(1, arguments.size());
    switch (first) {
      case "-h", "--help" -> {
        help(console.out());
        return ExitCode.FINE;
      }
      case "-V", "--version" -> {
        console.out().println("heal " + version() + " (Java " + Runtime.version() + ")");
        return ExitCode.FINE;
      }
      case "help" -> {
        List<String> helped = new ArrayList<>(rest.subList(0, Math.min(rest.size(), 2)));
        helped.add("--help");
        return dispatch(helped);
      }
      default -> {
        if (!rest.isEmpty()) {
          Optional<Commands.Entry> pair = commands.find(first + " " + rest.get(0));
          if (pair.isPresent()) {
            return runCommand(pair.get(), rest.subList(1, rest.size()));
          }
        }
        Optional<Commands.Entry> entry = commands.find(first);
        return entry.isPresent() ? runCommand(entry.get(), rest) : unknown(first);
      }
    }
  }

  private ExitCode unknown(String first) {
    List<String> second = commands.after(first);
    if (!second.isEmpty()) {
      return usage(
          "`%s` takes one of: %s".formatted(first, String.join(", ", second)), "heal --help");
    }
    boolean option = first.startsWith("-");
    List<String> known = option ? List.of("--help", "--version") : commands.names();
    String what = option ? "unknown option `" : "unknown command `";
    String hint =
        Suggestion.closest(first, known).map(near -> "; did you mean `" + near + "`?").orElse("");
    return usage(what + first + "`" + hint, "heal --help");
  }

  private ExitCode runCommand(Commands.Entry entry, List<String> arguments) throws IOException {
    Subcommand subcommand = entry.create().get();
    CommandLine line = commandLine(entry, subcommand);
    String helpCommand = "heal " + entry.name() + " --help";
    CommandLine.ParseResult parsed;
    try {
      parsed = line.parseArgs(arguments.toArray(String[]::new));
    } catch (ParameterException e) {
      return usage(explain(e, line.getCommandSpec()), helpCommand);
    }
    if (parsed.isUsageHelpRequested()) {
      line.usage(console.out());
      return ExitCode.FINE;
    }
    try {
      return subcommand.run(console);
    } catch (UsageException e) {
      return usage(e.explanation(), helpCommand);
    }
  }

  private CommandLine commandLine(Commands.Entry entry, Subcommand subcommand) {
    CommandLine line = new CommandLine(subcommand.options());
    CommandSpec spec = line.getCommandSpec();
    spec.name("heal " + entry.name());
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    if (spec.usageMessage().description().length == 0) {
      spec.usageMessage().description(sentence(entry.summary()));
    }
    spec.usageMessage().abbreviateSynopsis(false).width(console.columns());
    return line.setColorScheme(
            CommandLine.Help.defaultColorScheme(
                console.colourAllowed() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static String explain(ParameterException problem, CommandSpec spec) {
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String typed = unmatched.getUnmatched().get(0);
      String name = typed.contains("=") ? typed.substring(0, typed.indexOf('=')) : typed;
      if (!name.startsWith("-")) {
        return "unexpected argument `" + typed + "`";
      }
      return "unknown option `"
          + name
          + "`"
          + Suggestion.closest(name, spec.optionsMap().keySet())
              .map(near -> "; did you mean `" + near + "`?")
              .orElse("");
    }
    String message = Objects.requireNonNullElse(problem.getMessage(), "wrong arguments");
    return Character.toLowerCase(message.charAt(0)) + message.substring(1).replace('\'', '`');
  }

  private ExitCode usage(String message, String helpCommand) {
    console.out().flush();
    console.err().println("heal: " + message);
    console.err().println("  = help: `" + helpCommand + "` lists what there is");
    return ExitCode.USAGE;
  }

  private ExitCode failed(IOException problem) {
    console.out().flush();
    console.err().println("heal: " + inWords(problem));
    if (problem instanceof InputException input) {
      console.err().println("  = help: " + input.help());
    }
    debug(problem);
    return ExitCode.TOOL_FAILED;
  }

  private static String inWords(IOException problem) {
    String message = Objects.requireNonNullElse(problem.getMessage(), "input/output error");
    if (problem instanceof NoSuchFileException) {
      return "`" + message + "` does not exist";
    }
    if (problem instanceof AccessDeniedException) {
      return "`" + message + "` may not be read or written by this user";
    }
    return problem instanceof FileNotFoundException || problem instanceof InputException
        ? message
        : "input or output failed: " + message;
  }

  private ExitCode outOfMemory(OutOfMemoryError problem) {
    console.out().flush();
    long most = Runtime.getRuntime().maxMemory() >> 20;
    console.err().println("heal: the memory of " + most + " MiB is used up");
    console
        .err()
        .println("  = help: allow more, as in `HEAL_JAVA_OPTS=-Xmx" + 2 * most + "m heal …`");
    debug(problem);
    return ExitCode.TOOL_FAILED;
  }

  private ExitCode internalError(Throwable problem) {
    console.out().flush();
    String message = problem.getMessage();
    String name = problem.getClass().getSimpleName();
    console
        .err()
        .println(
            "heal: internal error: "
                + (message == null ? name : name + ": " + message.lines().findFirst().orElse("")));
    if (!debug(problem)) {
      console
          .err()
          .println("  = help: run it again with HEAL_DEBUG=1 for the stack, and report it");
    }
    return ExitCode.TOOL_FAILED;
  }

  private boolean debug(Throwable problem) {
    boolean asked = !environment.getOrDefault("HEAL_DEBUG", "").isEmpty();
    if (asked) {
      problem.printStackTrace(console.err());
      console.err().flush();
    }
    return asked;
  }

  private ExitCode outputFailed(OutputException problem) {
    if (problem.readerIsGone()) {
      return ExitCode.READER_GONE;
    }
    try {
      console.err().println("heal: the output cannot be written: " + problem.reason());
    } catch (OutputException e) {
      return ExitCode.TOOL_FAILED; // standard error is gone too: the exit code has to do
    }
    return ExitCode.TOOL_FAILED;
  }

  private void help(PrintWriter target) {
    target.println("heal: self-healing policies for GPU inference and training hosts");
    target.println();
    target.println("Usage: heal COMMAND [OPTION…] [PATH…]");
    target.println();
    target.println("Commands:");
    for (Commands.Entry entry : commands.entries()) {
      target.println("  " + pad(entry.name(), NAME_WIDTH) + entry.summary());
    }
    target.println("  " + pad("help", NAME_WIDTH) + "show this, or the help of a command");
    target.println();
    target.println("Options:");
    target.println("  " + pad("-h, --help", 15) + "show this");
    target.println("  " + pad("-V, --version", 15) + "show the version");
    target.println();
    target.println("Exit codes:");
    for (ExitCode code : ExitCode.values()) {
      target.println("  " + pad(Integer.toString(code.number()), 5) + code.meaning());
    }
    target.println();
    target.println("`heal COMMAND --help` shows the options of a command.");
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static String sentence(String summary) {
    return Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
  }

  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream stream = HealCommand.class.getResourceAsStream("version.properties")) {
      if (stream != null) {
        properties.load(stream);
      }
    }
    return properties.getProperty("version", "unknown");
  }
}
