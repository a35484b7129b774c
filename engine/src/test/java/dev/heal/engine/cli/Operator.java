package dev.heal.engine.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gives commands to the engine on a state folder, and sees what they print. */
final class Operator {
  private final Path state;
  private String out = "";
  private String err = "";

  Operator(Path state) {
    this.state = state;
  }

  /** A command, with its state folder behind it. */
  ExitCode heal(String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.add("--state");
    line.add(state.toString());
    return run(line);
  }

  /** A command that asks no engine. */
  ExitCode run(List<String> line) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    ExitCode code =
        new HealCommand(
                Commands.all(),
                Console.of(InputStream.nullInputStream(), outBytes, errBytes),
                Map.of())
            .run(line);
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  /** What the last command wrote to standard output. */
  String out() {
    return out;
  }

  /** What it wrote to standard error. */
  String err() {
    return err;
  }
}
