package dev.heal.engine.cli;

import dev.heal.engine.cli.control.EngineOptions;
import dev.heal.engine.cli.control.status.StatusJson;
import dev.heal.engine.cli.control.wire.ControlException;
import dev.heal.engine.cli.control.wire.Reply;
import dev.heal.engine.schedule.Answer;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** A command that is said to a running engine, and the engine's answer. */
final class ControlCommand implements Subcommand {
  private final EngineOptions options;

  ControlCommand(EngineOptions options) {
    this.options = options;
  }

  @Override
  public Object options() {
    return options;
  }

  @Override
  public ExitCode run(Console console) throws IOException {
    Optional<String> mistake = options.mistake();
    if (mistake.isPresent()) {
      throw new UsageException(mistake.get());
    }
    Reply reply = reply(console);
    ExitCode code = code(reply);
    if (code == ExitCode.USAGE) {
      throw new UsageException(reply.message());
    }
    if (code == ExitCode.FINE && options.asks()) {
      console.out().print(reply.body());
    } else if (options.isJson()) {
      console.out().println(StatusJson.answer(reply.outcome(), reply.message()));
    } else if (code == ExitCode.FINE) {
      console.out().println(reply.message());
    } else {
      console.err().print(reply.body());
      console.err().println("heal: " + reply.message());
    }
    return code;
  }

  private Reply reply(Console console) throws InputException {
    String claimed = Optional.ofNullable(System.getenv("SUDO_USER")).orElse("");
    try {
      return options.send(console.colourAllowed(), claimed);
    } catch (ControlException unanswered) {
      throw new InputException(unanswered.text(), unanswered.help());
    }
  }

  /** What the outcome is to a shell; what this version does not know is a failure. */
  private static ExitCode code(Reply reply) {
    for (Answer.Kind kind : Answer.Kind.values()) {
      if (kind.name().equals(reply.outcome().toUpperCase(Locale.ROOT))) {
        return switch (kind) {
          case DONE, ALREADY -> ExitCode.FINE;
          case NO_SUCH, REFUSED -> ExitCode.ENGINE_REFUSED;
          case MALFORMED -> ExitCode.USAGE;
        };
      }
    }
    return ExitCode.TOOL_FAILED;
  }
}
