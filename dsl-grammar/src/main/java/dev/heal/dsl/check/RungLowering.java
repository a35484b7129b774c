package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Statement.ConditionWord;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code try { … } then { … } or else { … } give up { … }}. */
final class RungLowering {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration DEFAULT_TAKES = Duration.ofSeconds(10);

  private final Findings findings;
  private final Workshop workshop;
  private final Names names;
  private boolean failed;

  RungLowering(Findings findings, Workshop workshop, Names names) {
    this.findings = findings;
    this.workshop = workshop;
    this.names = names;
  }

  /** Whether a step could not be understood; it has a message. */
  boolean failed() {
    return failed;
  }

  List<Policy.Rung> rungs(Body body, EntityKind entity) {
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
    List<Policy.Act> acts = new ArrayList<>();
    for (Statement.Setting setting : body.all("give up")) {
      for (Statement statement : setting.block().orElse(List.of())) {
        if (statement instanceof Statement.Setting act) {
          act(act, EntityKind.NODE).ifPresent(acts::add);
        }
      }
    }
    return acts;
  }

  private Optional<Policy.Step> step(Statement.Setting rung, EntityKind entity) {
    if (rung.block().isEmpty() || rung.block().get().isEmpty()) {
      findings.add(CheckCode.H0213, rung.span(), "this step does nothing");
      return Optional.empty();
    }
    List<Statement> statements = rung.block().get();
    if (!(statements.get(0) instanceof Statement.Setting first)) {
      findings.add(CheckCode.H0213, rung.span(), "a step begins with its verb");
      return Optional.empty();
    }
    Optional<Policy.Act> act = act(first, entity);
    Body body = new Body("a step", rung.wordSpan(), statements, findings);
    body.use(first);
    Optional<dev.heal.dsl.tree.Condition> confirm = body.condition(ConditionWord.CONFIRM);
    boolean learned = false;
    Optional<Duration> takes = Optional.empty();
    Optional<Statement.Setting> takesSetting = body.one("takes");
    if (takesSetting.isPresent() && !takesSetting.get().values().isEmpty()) {
      takes = workshop.quantities().duration(takesSetting.get().values().get(0));
      learned =
          takesSetting.get().values().size() == 2
              && PolicyLowering.isWord(takesSetting.get().values().get(1), "learned");
    }
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
    EntityKind on = act.flatMap(Policy.Act::target).orElse(entity);
    Optional<Condition> condition = workshop.conditions().lower(confirm.get(), on);
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
            takes.orElse(DEFAULT_TAKES),
            learned,
            condition.get(),
            limit,
            repeat,
            rung.span()));
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

  private Optional<Policy.Act> act(Statement.Setting setting, EntityKind entity) {
    Optional<Verb> verb = workshop.vocabulary().verb(setting.word());
    if (verb.isEmpty()) {
      return siteAction(setting);
    }
    if (verb.get().targets().isEmpty()) {
      return page(setting, verb.get());
    }
    if (setting.values().size() != 1) {
      findings.add(
          CheckCode.H0205,
          setting.span(),
          "`" + setting.word() + "` names what it acts on",
          "write `" + setting.word() + " " + entity.word() + "`");
      return Optional.empty();
    }
    Optional<EntityKind> target = Entities.kind(setting.values().get(0), findings);
    if (target.isEmpty()) {
      return Optional.empty();
    }
    if (!verb.get().targets().contains(target.get())) {
      findings.add(
          CheckCode.H0205,
          setting.values().get(0).span(),
          "`%s` does not act on a %s".formatted(setting.word(), target.get().word()),
          "it acts on "
              + verb.get().targets().stream()
                  .sorted()
                  .map(EntityKind::word)
                  .collect(java.util.stream.Collectors.joining(", ")));
      return Optional.empty();
    }
    return Optional.of(withSettings(setting, verb.get(), target.get()));
  }

  private Policy.Act withSettings(Statement.Setting setting, Verb verb, EntityKind target) {
    Body body =
        new Body(
            "`" + setting.word() + " " + target.word() + "`",
            setting.wordSpan(),
            setting.block().orElse(List.of()),
            findings);
    Map<String, List<Value>> settings = new LinkedHashMap<>();
    for (Verb.Setting known : verb.settings()) {
      Optional<Statement.Setting> given = body.one(known.word());
      given.ifPresent(g -> settings.put(known.word(), g.values()));
      if (given.isEmpty() && known.required()) {
        findings.add(
            CheckCode.H0213,
            setting.span(),
            "`" + setting.word() + "` needs `" + known.word() + "`");
      }
    }
    boolean waits = body.one("waits").isPresent();
    body.done();
    List<Value> undo = settings.getOrDefault("undo", List.of());
    Optional<Duration> undoAfter =
        undo.size() == 2 && PolicyLowering.isWord(undo.get(0), "after")
            ? workshop.quantities().duration(undo.get(1))
            : Optional.empty();
    boolean undoOnReset =
        undo.size() == 2
            && PolicyLowering.isWord(undo.get(0), "on")
            && PolicyLowering.isWord(undo.get(1), "reset");
    return new Policy.Act(
        verb.name(),
        Optional.of(target),
        Optional.empty(),
        waits,
        settings,
        verb.reversible(),
        verb.destructive().contains(target),
        undoAfter,
        undoOnReset,
        setting.span());
  }

  private Optional<Policy.Act> page(Statement.Setting setting, Verb verb) {
    if (setting.values().size() != 1) {
      findings.add(CheckCode.H0305, setting.span(), "`page` names a pager: `page oncall-gpu`");
      return Optional.empty();
    }
    Value value = workshop.conditions().resolved(setting.values().get(0));
    Optional<String> pager =
        value instanceof Value.Text text
            ? Optional.of(text.text())
            : value instanceof Value.Word word ? Optional.of(word.name().text()) : Optional.empty();
    return pager.map(p -> plain(verb.name(), Optional.empty(), Optional.of(p), false, setting));
  }

  private Optional<Policy.Act> siteAction(Statement.Setting setting) {
    Map<String, dev.heal.dsl.tree.Declaration.Block> actions = names.of(BlockKind.ACTION);
    if (actions.containsKey(setting.word())) {
      names.use(BlockKind.ACTION, setting.word());
      Optional<EntityKind> target =
          java.util.Objects.requireNonNull(actions.get(setting.word()))
              .subject()
              .flatMap(s -> EntityKind.of(s.text()));
      return Optional.of(
          plain(names.qualified(setting.word()), target, Optional.empty(), false, setting));
    }
    List<String> known = new ArrayList<>(actions.keySet());
    workshop.vocabulary().verbs().forEach(v -> known.add(v.name()));
    findings.add(
        CheckCode.H0204,
        setting.wordSpan(),
        "`" + setting.word() + "` is not a verb",
        Findings.near(setting.word(), known));
    return Optional.empty();
  }

  private static Policy.Act plain(
      String verb,
      Optional<EntityKind> target,
      Optional<String> object,
      boolean waits,
      Statement.Setting setting) {
    return new Policy.Act(
        verb,
        target,
        object,
        waits,
        Map.of(),
        false,
        false,
        Optional.empty(),
        false,
        setting.span());
  }
}
