package dev.heal.engine.cli;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.loop.Coverage;
import dev.heal.engine.loop.TestRun;
import dev.heal.engine.reload.PolicyTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal test}: the tests beside the rules, on virtual time. */
@Command(
    name = "test",
    description = {
      "Runs the test blocks of .heal files on virtual time, and lists what no test reaches.",
      "A test sees the policies of its own file and of its imports. A file that uses names of the"
          + " files beside it is tested together with them."
    })
final class TestCommand implements Subcommand {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})%?");

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "Files, or folders with the .heal files below them (default: this folder).")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also write the results as JUnit XML; the times in it are virtual.")
  private Optional<Path> junit = Optional.empty();

  @Option(
      names = "--min-coverage",
      paramLabel = "N%",
      description = "Exit with 5 where the tests reach less of the files' own policies.")
  private Optional<String> minCoverage = Optional.empty();

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Run only tests with this text in their title, in either case.")
  private Optional<String> only = Optional.empty();

  private final JunitReport report = new JunitReport();
  private int passed;
  private int failed;

  @Override
  public ExitCode run(Console console) throws IOException {
    OptionalInt least = leastCoverage();
    if (least.isPresent() && only.isPresent()) {
      throw new UsageException("`--only` leaves tests out: there is no coverage to compare");
    }
    if (junit.isPresent()) {
      requireWritable(junit.get());
    }
    List<PolicyFiles.FileSet> sets = PolicyFiles.read(paths);
    List<CheckedPolicy> wholes = new ArrayList<>();
    boolean sound = true;
    for (PolicyFiles.FileSet set : sets) {
      Optional<CheckedPolicy> checked = set.checked(console);
      checked.ifPresent(wholes::add);
      sound &= checked.isPresent();
    }
    if (!sound) {
      return ExitCode.POLICY_ERRORS;
    }
    Coverage coverage = new Coverage(sets.stream().flatMap(set -> set.sources().stream()).toList());
    for (int i = 0; i < sets.size(); i++) {
      coverage.declare(wholes.get(i));
      for (SourceFile file : sets.get(i).sources()) {
        testsOf(console, file, wholes.get(i), coverage);
      }
    }
    return conclude(console, coverage, least);
  }

  private OptionalInt leastCoverage() {
    if (minCoverage.isEmpty()) {
      return OptionalInt.empty();
    }
    Matcher matcher = PERCENT.matcher(minCoverage.get());
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > 100) {
      throw new UsageException(
          "`--min-coverage` is a share such as `80%`, not `" + minCoverage.get() + "`");
    }
    return OptionalInt.of(Integer.parseInt(matcher.group(1)));
  }

  /** Before anything runs: nobody waits for results that cannot be kept. */
  private static void requireWritable(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || file.toString().isEmpty() || folder == null) {
      throw new UsageException("`--junit` names a folder: `" + file + "`");
    }
    if (JunitReport.isWrittenTo(file)) {
      if (!Files.isWritable(file)) {
        throw new UsageException("no permission to write to `" + file + "`");
      }
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new UsageException("the folder of `" + file + "` does not exist");
    }
    Path real = Files.exists(file) ? file.toRealPath().getParent() : folder;
    if (real == null || !Files.isWritable(real)) {
      throw new UsageException("no permission to write in the folder of `" + file + "`");
    }
  }

  private void testsOf(Console console, SourceFile file, CheckedPolicy whole, Coverage coverage) {
    List<TestCase> tests = whole.tests().stream().filter(t -> isOf(t, file)).toList();
    if (tests.stream().noneMatch(this::wanted)) {
      return;
    }
    // alone it sees itself and its imports; where it leans on the files beside it, also those
    CheckedPolicy seen = PolicyTests.seenBy(file, whole, PolicyFiles.resolver());
    console.out().println(file.name());
    for (TestCase test : seen.tests()) {
      if (isOf(test, file) && wanted(test)) {
        TestRun.Result result = TestRun.run(seen, test);
        coverage.add(seen, result);
        report.add(result);
        tell(console, result);
      }
    }
  }

  private static boolean isOf(TestCase test, SourceFile file) {
    return test.span().file().name().equals(file.name());
  }

  private boolean wanted(TestCase test) {
    return only.isEmpty()
        || test.title().toLowerCase(Locale.ROOT).contains(only.get().toLowerCase(Locale.ROOT));
  }

  private void tell(Console console, TestRun.Result result) {
    if (result.passed()) {
      passed++;
    } else {
      failed++;
    }
    console
        .out()
        .println(
            (result.passed() ? "ok    " : "FAIL  ") + HumanRenderer.safe(result.test().title()));
    FailureText.of(result).forEach(line -> console.out().println("    " + line));
  }

  private ExitCode conclude(Console console, Coverage coverage, OptionalInt least)
      throws IOException {
    if (passed + failed == 0) {
      if (only.isPresent()) {
        throw new UsageException("no test has `" + only.get() + "` in its title");
      }
      console.err().println("heal: there is no test in these files");
      console.err().println("  = help: write one beside the policies: `test \"…\" { … }`");
      return ExitCode.TESTS_FAILED;
    }
    String reached = "";
    if (only.isEmpty()) {
      missed(console, coverage);
      reached =
          ", coverage %d%% (%d of %d policies, rungs and ends)"
              .formatted(coverage.percent(), coverage.covered(), coverage.total());
    }
    console.out().println("%d passed, %d failed%s".formatted(passed, failed, reached));
    if (junit.isPresent()) {
      report.write(junit.get());
    }
    if (least.isPresent() && coverage.percent() < least.getAsInt()) {
      console
          .err()
          .println(
              "heal: the tests reach %d%%, and `--min-coverage` asks for %d%%"
                  .formatted(coverage.percent(), least.getAsInt()));
      return ExitCode.TESTS_FAILED;
    }
    return failed == 0 ? ExitCode.FINE : ExitCode.TESTS_FAILED;
  }

  private static void missed(Console console, Coverage coverage) {
    List<Coverage.Item> missed = coverage.missed();
    if (!missed.isEmpty()) {
      console.out().println("no test reaches");
      missed.forEach(
          item ->
              console
                  .out()
                  .println(
                      "  %s:%d  %s"
                          .formatted(item.span().file().name(), item.span().line(), item.what())));
    }
  }
}
