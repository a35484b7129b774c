package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Statement.ConditionWord;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code try { … } then { … } or else { … } give up { … }}. */
final class RungLowering {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration DEFAULT_TAKES = Duration.ofSeconds(10);

  private final Findings findings;
  private final Workshop workshop;
  private final ActLowering acts;
  private final Names names;
  private boolean failed;

  RungLowering(Findings findings, Workshop workshop, Names names) {
    this.names = names;
    this.findings = findings;
    this.workshop = workshop;
    this.acts = new ActLowering(findings, workshop, names);
  }

  /** Whether a step could not be understood; it has a message. */
  boolean failed() {
    return failed;
  }

  List<Policy.Rung> rungs(Body body, Optional<EntityKind> entity) {
    body.all("try");
    body.all("then");
    body.all("or else");
    List<Policy.Rung> rungs = new ArrayList<>();
    List<Policy.Step> steps = new ArrayList<>();
    Optional<Statement.Setting> opener = Optional.empty();
    for (Statement statement : body.statements()) {
      if (!(statement instanceof Statement.Setting setting)
          || !Set.of("try", "then", "or else").contains(setting.word())) {
        continue;
      }
      boolean opens = !setting.word().equals("then");
      if (opens) {
        close(rungs, steps, opener);
        steps = new ArrayList<>();
        opener = Optional.of(setting);
      } else if (opener.isEmpty()) {
        findings.add(CheckCode.H0213, setting.wordSpan(), "`then` follows a `try`");
        failed = true;
      }
      Optional<Policy.Step> step = step(setting, entity);
      step.ifPresent(steps::add);
      failed |= step.isEmpty();
    }
    close(rungs, steps, opener);
    return rungs;
  }

  private static void close(
      List<Policy.Rung> rungs, List<Policy.Step> steps, Optional<Statement.Setting> opener) {
    if (opener.isPresent() && !steps.isEmpty()) {
      rungs.add(new Policy.Rung(steps, opener.get().span()));
    }
  }

  List<Policy.Act> giveUp(Body body) {
    List<Policy.Act> last = new ArrayList<>();
    Optional<Statement.Setting> setting = body.one("give up");
    if (setting.isPresent()) {
      List<Statement> statements = setting.get().block().orElse(List.of());
      Body inner = new Body("`give up`", setting.get().wordSpan(), statements, findings);
      for (Statement statement : statements) {
        if (statement instanceof Statement.Setting act) {
          inner.use(act);
          acts.act(act, Optional.empty()).ifPresent(last::add);
        }
      }
      inner.done();
    }
    return last;
  }

  private Optional<Policy.Step> step(Statement.Setting rung, Optional<EntityKind> entity) {
    if (rung.block().isEmpty() || rung.block().get().isEmpty()) {
      findings.add(CheckCode.H0213, rung.span(), "this step does nothing");
      return Optional.empty();
    }
    List<Statement> statements = rung.block().get();
    if (!(statements.get(0) instanceof Statement.Setting first)) {
      findings.add(CheckCode.H0213, rung.span(), "a step begins with its verb");
      return Optional.empty();
    }
    Optional<Policy.Act> act = acts.act(first, entity);
    Body body = new Body("a step", rung.wordSpan(), statements, findings);
    body.use(first);
    Optional<dev.heal.dsl.tree.Condition> confirm = body.condition(ConditionWord.CONFIRM);
    Optional<Estimate> takes = takes(body);
    Optional<Duration> timeout = body.value("timeout").flatMap(workshop.quantities()::duration);
    Optional<Policy.Repeat> repeat = repeat(body);
    body.done();
    if (confirm.isEmpty()) {
      findings.add(
          CheckCode.H0606,
          first.span(),
          "this step has no `confirm`: nobody would know whether it helped",
          "write `confirm service.healthy for 10s`, or what else shows it");
      return Optional.empty();
    }
    // where nothing says on what it is read, a message has said that already
    Optional<Condition> condition =
        on(act, first, entity).flatMap(on -> workshop.conditions().lower(confirm.get(), on));
    if (act.isEmpty() || condition.isEmpty()) {
      return Optional.empty();
    }
    Duration limit = timeout.orElse(DEFAULT_TIMEOUT);
    Duration held = ConditionFacts.heldFor(condition.get());
    if (held.compareTo(limit) > 0) {
      findings.add(
          CheckCode.H0403,
          confirm.get().span(),
          "it must hold for %s, but the timeout is %s"
              .formatted(Durations.words(held), Durations.words(limit)),
          "give it a longer `timeout`");
      return Optional.empty();
    }
    return Optional.of(
        new Policy.Step(
            act.get(),
            takes.map(Estimate::span).or(() -> declared(first)).orElse(DEFAULT_TAKES),
            takes.filter(Estimate::learned).isPresent(),
            condition.get(),
            limit,
            repeat,
            rung.span()));
  }

  /** The kind of entity on which a confirmation is read: the target, else what the policy is on. */
  private static Optional<EntityKind> on(
      Optional<Policy.Act> act, Statement.Setting first, Optional<EntityKind> entity) {
    Optional<EntityKind> named =
        first.values().size() == 1
            ? EntityKind.of(first.values().get(0).span().text())
            : Optional.empty();
    return act.flatMap(Policy.Act::target).or(() -> entity).or(() -> named);
  }

  /** How long a step takes, and whether what is observed may replace that. */
  private record Estimate(Duration span, boolean learned) {}

  /** {@code takes 12s}, {@code takes 12s learned}. */
  private Optional<Estimate> takes(Body body) {
    Optional<Statement.Setting> setting = body.one("takes");
    if (setting.isEmpty()) {
      return Optional.empty();
    }
    List<Value> values = setting.get().values();
    boolean learned = values.size() == 2 && PolicyLowering.isWord(values.get(1), "learned");
    if (values.size() != 1 && !learned) {
      findings.add(
          CheckCode.H0305, setting.get().span(), "write `takes 12s` or `takes 12s learned`");
      return Optional.empty();
    }
    return workshop.quantities().duration(values.get(0)).map(span -> new Estimate(span, learned));
  }

  /** What the declaration of a site's own action says that it takes. */
  private Optional<Duration> declared(Statement.Setting act) {
    return Optional.ofNullable(names.of(BlockKind.ACTION).get(act.word()))
        .flatMap(action -> OperationsLowering.takes(action, workshop.quantities()));
  }

  /** {@code repeat 2 backoff 15s..2m}. */
  private Optional<Policy.Repeat> repeat(Body body) {
    return body.one("repeat")
        .flatMap(
            setting -> {
              List<Value> values = setting.values();
              if (values.size() != 3
                  || !PolicyLowering.isWord(values.get(1), "backoff")
                  || !(values.get(2) instanceof Value.Range range)) {
                findings.add(CheckCode.H0305, setting.span(), "write `repeat 2 backoff 15s..2m`");
                return Optional.empty();
              }
              OptionalInt times = workshop.quantities().count(values.get(0), 1, 100);
              Optional<Duration> from = workshop.quantities().duration(range.from());
              Optional<Duration> to = workshop.quantities().duration(range.to());
              if (times.isEmpty() || from.isEmpty() || to.isEmpty()) {
                return Optional.empty();
              }
              if (from.get().compareTo(to.get()) > 0) {
                findings.add(
                    CheckCode.H0404,
                    range.span(),
                    "the backoff grows from its first to its second value",
                    "write `" + range.to().span().text() + ".." + range.from().span().text() + "`");
                return Optional.empty();
              }
              return Optional.of(new Policy.Repeat(times.getAsInt(), from.get(), to.get()));
            });
  }
}
