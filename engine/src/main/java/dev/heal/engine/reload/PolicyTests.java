package dev.heal.engine.reload;

import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.loop.TestRun;
import dev.heal.engine.reload.files.PolicyTexts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tests beside the policies. Those of a file that passed are not run again while nothing has
 * changed that it sees. Not for several threads.
 */
public final class PolicyTests {
  private Set<String> passed = new HashSet<>();

  /** The tests of a file, and all that they see. */
  private record Seen(CheckedPolicy policies, String texts) {}

  /**
   * What the tests of a file see: alone it sees itself and its imports; where it leans on the files
   * beside it, also those.
   *
   * @param whole the set that the file belongs to
   */
  public static CheckedPolicy seenBy(SourceFile file, CheckedPolicy whole, ImportResolver imports) {
    return Checker.check(List.of(file), imports).policy().orElse(whole);
  }

  /**
   * Runs them.
   *
   * @param whole what the texts mean
   * @return those that failed; empty: all is well
   */
  public List<TestRun.Result> failures(PolicyTexts texts, CheckedPolicy whole) {
    List<TestRun.Result> failures = new ArrayList<>();
    Set<String> fine = new HashSet<>();
    for (SourceFile file : texts.sources()) {
      List<TestCase> own = whole.tests().stream().filter(test -> isOf(test, file)).toList();
      if (own.isEmpty()) {
        continue;
      }
      Seen seen = seen(file, texts, whole);
      List<TestRun.Result> failed =
          passed.contains(seen.texts()) ? List.of() : failed(file, seen.policies());
      failures.addAll(failed);
      if (failed.isEmpty()) {
        fine.add(seen.texts());
      }
    }
    passed = fine;
    return failures;
  }

  @SuppressWarnings("ReferenceEquality") // the very file, not one that reads the same
  private static Seen seen(SourceFile file, PolicyTexts texts, CheckedPolicy whole) {
    TreeSet<String> imported = new TreeSet<>();
    ImportResolver listening =
        (path, importer) -> {
          var source = texts.imports().resolve(path, importer);
          source.ifPresent(s -> imported.add(s.name() + "\n" + s.text()));
          return source;
        };
    CheckedPolicy seen = seenBy(file, whole, listening);
    // the texts themselves, not a digest: equal ones are the same
    String own = file.name() + "\n" + file.text() + "\n" + String.join("\n", imported);
    return new Seen(seen, seen == whole ? texts.digest() + "\n" + own : own);
  }

  private static List<TestRun.Result> failed(SourceFile file, CheckedPolicy seen) {
    List<TestRun.Result> failed = new ArrayList<>();
    for (TestCase test : seen.tests()) {
      if (isOf(test, file)) {
        TestRun.Result result = TestRun.run(seen, test);
        if (!result.passed()) {
          failed.add(result);
        }
      }
    }
    return failed;
  }

  private static boolean isOf(TestCase test, SourceFile file) {
    return test.span().file().name().equals(file.name());
  }
}
