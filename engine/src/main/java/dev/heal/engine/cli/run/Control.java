package dev.heal.engine.cli.run;

import dev.heal.engine.cli.control.status.PoliciesInForce;
import dev.heal.engine.cli.control.status.StatusJson;
import dev.heal.engine.cli.control.status.StatusPage;
import dev.heal.engine.cli.control.status.StatusText;
import dev.heal.engine.cli.control.wire.ControlServer;
import dev.heal.engine.cli.control.wire.Reply;
import dev.heal.engine.cli.control.wire.Request;
import dev.heal.engine.cli.run.feed.SourceStatus;
import dev.heal.engine.cli.run.policy.PolicyKeeper;
import dev.heal.engine.loop.live.LiveLoop;
import dev.heal.engine.loop.live.LoopView;
import dev.heal.engine.loop.live.SourceBook.SourceView;
import dev.heal.engine.schedule.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Answers those who ask and command a running engine. For any thread. */
final class Control implements ControlServer.Handler {
  /** An engine that takes longer is in trouble, and that is the answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String STATUS = "status";

  /** What may be said from outside. */
  private static final Set<String> COMMANDS =
      Set.of("approve", "reject", "clear", "pause", "resume", "breaker", "maintenance");

  private final LiveLoop loop;
  private final StatusPage.About about;
  private final PolicyCommands commands;
  private final Supplier<PoliciesInForce> policies;
  private final Supplier<List<SourceStatus>> sources;
  private volatile String line = "starting";

  /**
   * @param keeper loads others
   * @param policies those in force now
   * @param sources how they say that they are
   */
  Control(
      LiveLoop loop,
      StatusPage.About about,
      PolicyKeeper keeper,
      Supplier<PoliciesInForce> policies,
      Supplier<List<SourceStatus>> sources) {
    this.loop = loop;
    this.about = about;
    this.commands = new PolicyCommands(keeper);
    this.policies = policies;
    this.sources = sources;
  }

  @Override
  public Reply answer(Request request, String by) throws InterruptedException {
    String first = request.words().get(0);
    if (request.words().equals(List.of(STATUS))) {
      return status(request.form());
    }
    Optional<Reply> ofPolicies = commands.answer(request, by);
    if (ofPolicies.isPresent()) {
      return ofPolicies.get();
    }
    boolean forged = request.words().stream().anyMatch(word -> word.startsWith("by="));
    if (!COMMANDS.contains(first) || forged) {
      return reply(new Answer(Answer.Kind.MALFORMED, "there is no command `" + first + "`"));
    }
    List<String> words = new ArrayList<>(request.words());
    words.add("by=" + by);
    return within(loop.command(words)).map(Control::reply).orElseGet(Control::late);
  }

  private static Reply reply(Answer answer) {
    return new Reply(answer.kind().word(), answer.text(), "");
  }

  private static Reply late() {
    return new Reply(
        Reply.FAILED,
        "the engine's loop did not come to it within %d s: look at its log and its disk"
            .formatted(PATIENCE.toSeconds()),
        "");
  }

  private Reply status(Request.Form form) throws InterruptedException {
    Optional<StatusPage> page = within(page());
    if (page.isEmpty()) {
      return late();
    }
    String body =
        form.json()
            ? StatusJson.of(page.get()) + "\n"
            : StatusText.of(page.get(), form.all(), form.colour());
    return new Reply(Answer.Kind.DONE.word(), "", body);
  }

  /** How the engine stands now. */
  CompletableFuture<StatusPage> page() {
    return loop.view().thenApply(view -> new StatusPage(about, policies.get(), joined(view)));
  }

  /** What the sources say themselves, besides when they were heard. */
  private LoopView joined(LoopView view) {
    Map<String, SourceView> all = new TreeMap<>();
    view.sources().forEach(source -> all.put(source.name(), source));
    for (SourceStatus status : sources.get()) {
      SourceView known = all.computeIfAbsent(status.source(), name -> SourceView.unheard(name));
      all.put(status.source(), status.trouble().map(known::troubledBy).orElse(known));
    }
    return view.with(List.copyOf(all.values()));
  }

  /** One line, of a moment ago; never waits. */
  String line() {
    var unused = page().thenAccept(page -> line = page.line());
    return line;
  }

  private static <T> Optional<T> within(CompletableFuture<T> future) throws InterruptedException {
    try {
      return Optional.of(future.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException tooLate) {
      return Optional.empty();
    } catch (ExecutionException bug) {
      throw new IllegalStateException("no answer is ever completed so", bug.getCause());
    }
  }
}
