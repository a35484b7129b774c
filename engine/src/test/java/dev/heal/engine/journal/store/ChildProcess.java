package dev.heal.engine.journal.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A virtual machine of its own that runs {@link JournalChild}. */
final class ChildProcess implements AutoCloseable {
  final Process process;
  final BufferedReader out;

  ChildProcess(Path state, Object... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                JournalChild.class.getName(),
                state.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** SIGKILL, and what it had still said. */
  List<String> kill() throws IOException {
    process.toHandle().destroyForcibly(); // Process itself would close its streams
    List<String> rest = out.lines().toList();
    process.onExit().join();
    return rest;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
