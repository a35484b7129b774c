package dev.heal.engine.cli;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.engine.loop.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heal test}: the tests beside the rules, on virtual time. */
@Command(name = "test", description = "Runs the test blocks of .heal files on virtual time.")
final class TestCommand implements Subcommand {
  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "Files, or folders with the .heal files below them (default: this folder).")
  private List<Path> paths = new ArrayList<>();

  @Override
  public ExitCode run(Console console) throws IOException {
    int passed = 0;
    int failed = 0;
    for (PolicyFiles.FileSet set :
        PolicyFiles.read(paths.isEmpty() ? List.of(Path.of("")) : paths)) {
      Optional<CheckedPolicy> checked = set.checked(console);
      if (checked.isEmpty()) {
        return ExitCode.POLICY_ERRORS;
      }
      for (TestCase test : checked.get().tests()) {
        TestRun.Result result = TestRun.run(checked.get(), test);
        tell(console, result);
        if (result.passed()) {
          passed++;
        } else {
          failed++;
        }
      }
    }
    console.out().println(passed + " passed, " + failed + " failed");
    return failed == 0 ? ExitCode.FINE : ExitCode.TESTS_FAILED;
  }

  private static void tell(Console console, TestRun.Result result) {
    console.out().println((result.passed() ? "ok    " : "FAIL  ") + result.test().title());
    if (result.passed()) {
      return;
    }
    console.out().println("      at " + result.test().span());
    result.failures().forEach(failure -> console.out().println("      " + failure));
    console.out().println("      what happened instead:");
    result
        .entries()
        .forEach(entry -> console.out().println("        " + Timeline.line(entry, TestRun.START)));
  }
}
