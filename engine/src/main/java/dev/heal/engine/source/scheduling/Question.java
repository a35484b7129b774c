package dev.heal.engine.source.scheduling;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Who is asked for the state of a node, and how often. */
public final class Question {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration OF_SLURM = Duration.ofSeconds(10);

  private final List<String> argv;
  private final Duration every;
  private final Function<List<String>, StateAnswer> reading;

  private Question(List<String> argv, Duration every, Function<List<String>, StateAnswer> reading) {
    this.argv = List.copyOf(argv);
    this.every = every;
    this.reading = reading;
  }

  /**
   * Slurm is asked, every 10 s.
   *
   * @param scontrol a name on the PATH, or a path
   * @param node what Slurm calls it
   */
  public static Question slurm(String scontrol, String node) {
    return new Question(
        List.of(scontrol, "show", "node", node, "--oneliner"),
        OF_SLURM,
        said -> SlurmNode.read(node, said));
  }

  /** A command of the site is asked. */
  public static Question command(List<String> argv, Duration every) {
    return new Question(argv, every, said -> StateLine.read(argv.get(0), said));
  }

  List<String> argv() {
    return argv;
  }

  /** From the end of one time to the start of the next. */
  public Duration every() {
    return every;
  }

  /** An answer that does not come before it is asked again is none. */
  Duration patience() {
    return every.compareTo(LONGEST) < 0 ? every : LONGEST;
  }

  StateAnswer read(List<String> said) {
    return reading.apply(said);
  }
}
