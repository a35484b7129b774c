package dev.heal.engine.actuate.reach;

import dev.heal.engine.schedule.Outcome;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Runs commands: a program and its arguments, never a shell. */
public final class Commands {
  private static final String NULS = "\0";

  /**
   * How a command ended.
   *
   * @param exit as the JVM tells it: of one that a signal ended, 128 and the signal
   * @param said its last 4 KiB, both streams, in one line
   */
  public record End(How how, int exit, String said) {
    /** The ways to end. */
    public enum How {
      EXITED,
      /** Nothing of it ever ran. */
      NOT_STARTED,
      /** This thread was interrupted, so it and all that it had started were killed. */
      KILLED
    }

    /** 0 is done, anything else failed; what cannot be started is refused. */
    public Outcome outcome(String program) {
      return switch (how) {
        case NOT_STARTED ->
            new Outcome(Outcome.Kind.REFUSED, "`%s` cannot be run: %s".formatted(program, said));
        case KILLED ->
            new Outcome(
                Outcome.Kind.UNKNOWN,
                "`%s` was killed with all that it had started%s"
                    .formatted(program, Said.behindColon(said)));
        case EXITED ->
            new Outcome(
                exit == 0 ? Outcome.Kind.DONE : Outcome.Kind.FAILED,
                "`%s` ended with %d%s".formatted(program, exit, Said.behindColon(said)));
      };
    }
  }

  /**
   * Runs it to its end. When this thread is interrupted, the command and everything it has started
   * is killed, and the interrupt stays set.
   *
   * @param environment on top of the engine's own
   */
  public End run(List<String> argv, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder(argv).redirectErrorStream(true).redirectInput(new File("/dev/null"));
    environment.forEach((name, value) -> builder.environment().put(name, value.replace(NULS, "?")));
    Process process;
    try {
      process = builder.start();
    } catch (IOException notStarted) {
      return new End(End.How.NOT_STARTED, 0, String.valueOf(notStarted.getMessage()));
    }
    OutputTail tail = OutputTail.of(process);
    try {
      int exit = process.waitFor();
      return new End(End.How.EXITED, exit, tail.text());
    } catch (InterruptedException stop) {
      killTree(process.toHandle());
      Thread.currentThread().interrupt();
      return new End(End.How.KILLED, 0, tail.text());
    }
  }

  /**
   * Parents first, so that they start no others meanwhile; again for what was started while we
   * looked.
   */
  private static void killTree(ProcessHandle root) {
    List<ProcessHandle> tree = root.descendants().toList();
    root.destroyForcibly();
    while (!tree.isEmpty()) {
      List<ProcessHandle> younger =
          tree.stream().flatMap(ProcessHandle::descendants).distinct().toList();
      tree.forEach(ProcessHandle::destroyForcibly);
      List<ProcessHandle> known = tree;
      tree = younger.stream().filter(handle -> !known.contains(handle)).toList();
    }
  }
}
