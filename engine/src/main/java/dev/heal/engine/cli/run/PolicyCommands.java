package dev.heal.engine.cli.run;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.engine.cli.bundle.RollbackRequest;
import dev.heal.engine.cli.control.ReloadOptions;
import dev.heal.engine.cli.control.wire.Reply;
import dev.heal.engine.cli.control.wire.Request;
import dev.heal.engine.cli.run.policy.PolicyKeeper;
import dev.heal.engine.loop.SpanText;
import dev.heal.engine.reload.ReloadRequest;
import dev.heal.engine.reload.ReloadRequest.Staging;
import dev.heal.engine.reload.ReloadResult;
import dev.heal.engine.reload.Stage;
import dev.heal.engine.reload.TuneRequest;
import dev.heal.engine.schedule.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What operators say of policies:
 *
 * <pre>{@code
 * reload [wait=yes] [dry=yes] [observe=1h [most=3]]
 * rollback [generation=7] [cancel=yes]
 * tune NAME [value=90C [for=2h]]
 * }</pre>
 */
final class PolicyCommands {
  /** Ten thousand files take some seconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final PolicyKeeper policies;

  PolicyCommands(PolicyKeeper policies) {
    this.policies = policies;
  }

  /** Empty where it says nothing of policies. */
  Optional<Reply> answer(Request request, String by) throws InterruptedException {
    List<String> words = request.words();
    return switch (words.get(0)) {
      case "reload" -> Optional.of(reload(request, by));
      case RollbackRequest.WORD -> Optional.of(rollback(request, by));
      case "tune" -> Optional.of(tune(request, by));
      default -> Optional.empty();
    };
  }

  private static Optional<String> option(List<String> words, String name) {
    return words.stream()
        .filter(word -> word.startsWith(name + "="))
        .map(word -> word.substring(name.length() + 1))
        .findFirst();
  }

  private static String reason(List<String> words) {
    return option(words, "because").map(String::strip).orElse("");
  }

  private static String trigger(String command, String by, List<String> words) {
    String because = reason(words);
    return "heal %s by %s%s".formatted(command, by, because.isEmpty() ? "" : ": " + because);
  }

  private Reply reload(Request request, String by) throws InterruptedException {
    List<String> words = request.words();
    ReloadRequest wanted = ReloadRequest.because(trigger("reload", by, words));
    Optional<String> observe = option(words, "observe");
    if (observe.isPresent()) {
      Optional<Duration> length = SpanText.parse(observe.get());
      if (length.isEmpty()) {
        return malformed("`%s` is not a time, such as 90m or 4h".formatted(observe.get()));
      }
      Optional<String> most = option(words, "most");
      if (most.filter(m -> !m.matches("\\d{1,6}")).isPresent()) {
        return malformed("`%s` is no number of repairs".formatted(most.get()));
      }
      wanted =
          wanted.staged(
              new Staging(
                  length.get(), most.map(Integer::parseInt).orElse(ReloadOptions.USUAL_MOST)));
    }
    boolean dry = option(words, "dry").isPresent();
    CompletableFuture<ReloadResult> asked = policies.reload(dry ? wanted.dry() : wanted);
    return dry || option(words, "wait").isPresent()
        ? reply(asked, request)
        : new Reply(
            Answer.Kind.DONE.word(), "asked for; `heal status` shows what becomes of it", "");
  }

  private Reply rollback(Request request, String by) throws InterruptedException {
    Optional<RollbackRequest> wanted = RollbackRequest.parse(request.words());
    if (wanted.isEmpty()) {
      return malformed("`rollback` takes the number of a generation, as `heal generations` shows");
    }
    try {
      return reply(
          policies.rollback(wanted.get(), trigger("rollback", by, request.words())), request);
    } catch (PolicyKeeper.NothingThere nothing) {
      return new Reply(
          Answer.Kind.NO_SUCH.word(),
          "there is nothing to go back to: " + nothing.getMessage(),
          "");
    }
  }

  private Reply tune(Request request, String by) throws InterruptedException {
    List<String> words = request.words();
    if (words.size() < 2 || words.get(1).indexOf('=') >= 0) {
      return malformed("`tune` takes the name of a tune");
    }
    Optional<Duration> length = Optional.empty();
    Optional<String> span = option(words, "for");
    if (span.isPresent()) {
      length = SpanText.parse(span.get());
      if (length.isEmpty()) {
        return malformed("`%s` is not a time, such as 90m or 4h".formatted(span.get()));
      }
    }
    TuneRequest wanted =
        new TuneRequest(words.get(1), option(words, "value"), length, by, reason(words));
    return reply(policies.tune(wanted), request);
  }

  private static Reply malformed(String text) {
    return new Reply(Answer.Kind.MALFORMED.word(), text, "");
  }

  private static Reply reply(CompletableFuture<ReloadResult> asked, Request request)
      throws InterruptedException {
    ReloadResult result;
    try {
      result = asked.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return new Reply(
          Reply.FAILED,
          "it is not done after %d min: `heal status` shows what becomes of it"
              .formatted(PATIENCE.toMinutes()),
          "");
    } catch (ExecutionException bug) {
      throw new IllegalStateException("no reload is ever completed so", bug.getCause());
    }
    return new Reply(kind(result).word(), message(result), body(result, request));
  }

  private static Answer.Kind kind(ReloadResult result) {
    return switch (result.outcome()) {
      case IN_FORCE, TRIED -> Answer.Kind.DONE;
      case NOTHING_NEW -> Answer.Kind.ALREADY;
      case REFUSED -> Answer.Kind.REFUSED;
    };
  }

  private static String message(ReloadResult result) {
    if (!result.isRefused()) {
      return result.because();
    }
    String at = result.failedAt().map(stage -> " at " + stage.words()).orElse("");
    String help = result.help().isEmpty() ? "" : "; " + result.help();
    return "refused%s: %s; %s stays in force%s"
        .formatted(at, result.because(), result.inForce().id(), help);
  }

  private static String body(ReloadResult result, Request request) {
    return request.form().json() || !result.failedAt().equals(Optional.of(Stage.CHECK))
        ? ""
        : new HumanRenderer(request.form().colour())
            .render(result.diagnostics().stream().filter(d -> d.isError()).toList());
  }
}
