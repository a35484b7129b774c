package dev.heal.engine.reload;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Tune;
import dev.heal.engine.loop.TestRun;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.reload.files.TakingException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * From texts to policies that may be in force: the stages that need no engine. An engine that
 * starts takes the same way as one that runs. Not for several threads.
 */
public final class PolicyLoader {
  private final Signatures signatures;
  private final Optional<PolicyTests> tests;
  private final LongSupplier nanoTime;

  /** Where texts come from. */
  @FunctionalInterface
  public interface Source {
    /** Takes them as they are at one moment. */
    PolicyTexts take() throws TakingException, InterruptedException;
  }

  /** Whether somebody who may has signed them. */
  @FunctionalInterface
  public interface Signatures {
    /** Where no keys are trusted, nothing is asked. */
    Signatures NOT_ASKED = texts -> texts;

    /**
     * The same texts, with what is verified of them.
     *
     * @throws RefusedException where nobody has signed them who may
     */
    PolicyTexts verify(PolicyTexts texts) throws RefusedException;
  }

  /**
   * What loading came to: policies, or why there are none.
   *
   * @param texts empty where they could not be taken
   * @param policies as the texts say; empty where they were refused
   * @param tunes the numbers that may be set while an engine runs
   * @param failedAt the stage that refused them
   */
  public record Loaded(
      Optional<PolicyTexts> texts,
      Optional<CheckedPolicy> policies,
      List<Tune> tunes,
      Optional<Stage> failedAt,
      String because,
      String help,
      List<Diagnostic> diagnostics,
      List<TestRun.Result> failedTests,
      Map<Stage, Duration> times) {
    public Loaded {
      tunes = List.copyOf(tunes);
      diagnostics = List.copyOf(diagnostics);
      failedTests = List.copyOf(failedTests);
      times = Map.copyOf(times);
    }

    /** Of the texts; empty where there are none. */
    public String digest() {
      return texts.map(PolicyTexts::digest).orElse("");
    }
  }

  /**
   * @param runTests whether the tests beside the policies are run
   * @param nanoTime measures how long stages take
   */
  public PolicyLoader(Signatures signatures, boolean runTests, LongSupplier nanoTime) {
    this.signatures = signatures;
    this.tests = runTests ? Optional.of(new PolicyTests()) : Optional.empty();
    this.nanoTime = nanoTime;
  }

  /** Takes the texts of a source, and loads them. */
  public Loaded load(Source source) throws InterruptedException {
    Attempt attempt = new Attempt();
    PolicyTexts texts;
    try {
      texts = attempt.timed(Stage.SNAPSHOT, source);
    } catch (TakingException failed) {
      return attempt.refused(Stage.SNAPSHOT, String.valueOf(failed.getMessage()), failed.help());
    }
    return attempt.load(texts);
  }

  /** One attempt, stage by stage. */
  private final class Attempt {
    private final Map<Stage, Duration> times = new EnumMap<>(Stage.class);
    private Optional<PolicyTexts> taken = Optional.empty();
    private List<Diagnostic> diagnostics = List.of();
    private List<TestRun.Result> failedTests = List.of();

    PolicyTexts timed(Stage stage, Source source) throws TakingException, InterruptedException {
      long before = nanoTime.getAsLong();
      try {
        return source.take();
      } finally {
        took(stage, before);
      }
    }

    private void took(Stage stage, long since) {
      times.put(stage, Duration.ofNanos(nanoTime.getAsLong() - since));
    }

    Loaded load(PolicyTexts found) {
      taken = Optional.of(found);
      long before = nanoTime.getAsLong();
      PolicyTexts texts;
      try {
        texts = signatures.verify(found);
      } catch (RefusedException unsigned) {
        took(Stage.SIGNATURE, before);
        return refused(Stage.SIGNATURE, unsigned.refusal().text(), unsigned.refusal().help());
      }
      took(Stage.SIGNATURE, before);
      taken = Optional.of(texts);
      before = nanoTime.getAsLong();
      CheckResult checked = texts.check();
      took(Stage.CHECK, before);
      diagnostics = checked.diagnostics();
      if (checked.policy().isEmpty()) {
        return refused(Stage.CHECK, errors(diagnostics), "`heal check` shows them all");
      }
      CheckedPolicy policies = checked.policy().get();
      if (tests.isPresent()) {
        before = nanoTime.getAsLong();
        failedTests = tests.get().failures(texts, policies);
        took(Stage.TESTS, before);
        if (!failedTests.isEmpty()) {
          return refused(Stage.TESTS, failures(failedTests), "`heal test` shows why");
        }
      }
      return new Loaded(
          taken,
          Optional.of(policies),
          checked.tunes(),
          Optional.empty(),
          "",
          "",
          diagnostics,
          List.of(),
          times);
    }

    Loaded refused(Stage stage, String because, String help) {
      return new Loaded(
          taken,
          Optional.empty(),
          List.of(),
          Optional.of(stage),
          because,
          help,
          diagnostics,
          failedTests,
          times);
    }
  }

  /** The first error, and how many more there are. */
  static String errors(List<Diagnostic> diagnostics) {
    List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
    Diagnostic first = errors.get(0);
    String more = errors.size() == 1 ? "" : " (and %d more)".formatted(errors.size() - 1);
    return "error[%s] in %s: %s%s".formatted(first.code(), first.span(), first.message(), more);
  }

  private static String failures(List<TestRun.Result> failed) {
    TestRun.Result first = failed.get(0);
    String more = failed.size() == 1 ? "" : " (and %d more)".formatted(failed.size() - 1);
    return "test \"%s\" fails: %s%s"
        .formatted(first.test().title(), first.failures().get(0).headline(), more);
  }
}
