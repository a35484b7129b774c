package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Statement.ConditionWord;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code fault NAME on ENTITY "…" { … }}. */
final class FaultLowering {
  private static final Duration DEFAULT_SETTLE = Duration.ofSeconds(10);

  private final Findings findings;
  private final Workshop workshop;
  private final Names names;

  FaultLowering(Findings findings, Workshop workshop, Names names) {
    this.findings = findings;
    this.workshop = workshop;
    this.names = names;
  }

  Optional<Fault> lower(Declaration.Block block) {
    Optional<EntityKind> entity = Entities.subject(block, findings);
    Body body = new Body("a fault", block.head(), block.statements(), findings);
    Optional<dev.heal.dsl.tree.Condition> written = body.condition(ConditionWord.WHEN);
    if (written.isEmpty()) {
      findings.add(CheckCode.H0213, block.head(), "this fault has no `when`");
    }
    Optional<dev.heal.dsl.tree.Condition> clear = body.condition(ConditionWord.CLEAR_WHEN);
    Optional<dev.heal.dsl.tree.Condition> cured = body.condition(ConditionWord.CURED_WHEN);
    Optional<Fault.Missing> missing =
        body.value("missing").flatMap(v -> word(v, Fault.Missing.class));
    Optional<Fault.FaultSeverity> severity =
        body.value("severity").flatMap(v -> word(v, Fault.FaultSeverity.class));
    List<Fault.Suppression> suppresses = suppressions(body, entity);
    Optional<Duration> settle = body.value("settle").flatMap(workshop.quantities()::duration);
    Optional<Duration> clearAfter = clearAfter(body);
    List<String> captures = captures(body, written);
    samples(body, written);
    body.done();
    if (entity.isEmpty() || written.isEmpty()) {
      return Optional.empty();
    }
    Optional<Condition> when = workshop.conditions().lower(written.get(), entity.get());
    Optional<Condition> clearWhen =
        clear.flatMap(c -> workshop.conditions().lower(c, entity.get()));
    Optional<Condition> curedWhen =
        cured.flatMap(c -> workshop.conditions().lower(c, entity.get()));
    if (when.isEmpty()) {
      return Optional.empty();
    }
    boolean event = ConditionFacts.hasEvent(when.get());
    boolean threshold = ConditionFacts.isThreshold(when.get());
    if (!event && threshold && missing.isEmpty()) {
      findings.add(
          CheckCode.H0407,
          block.head(),
          "`missing` is not stated: without samples the fault stays as it is",
          "write `missing freeze`, `missing raise` or `missing forget`");
    }
    if (threshold && clearWhen.isEmpty() && !ConditionFacts.isSteady(when.get())) {
      findings.add(
          CheckCode.H0406,
          written.get().span(),
          "a single sample raises this fault, and the next may clear it",
          "write `for 60s` behind it, or a `clear when`");
    }
    return Optional.of(
        new Fault(
            names.qualified(block.name().orElseThrow().text()),
            entity.get(),
            block.title().map(Value.Text::text).orElse(""),
            when.get(),
            event,
            clearWhen,
            curedWhen,
            clearAfter,
            missing.orElse(Fault.Missing.FREEZE),
            severity.orElse(Fault.FaultSeverity.ERROR),
            suppresses,
            settle.orElse(DEFAULT_SETTLE),
            captures,
            block.head()));
  }

  private <E extends Enum<E>> Optional<E> word(Value value, Class<E> words) {
    return Entities.word(value, words, findings);
  }

  private Optional<Duration> clearAfter(Body body) {
    return body.one("clear")
        .flatMap(
            setting -> {
              if (setting.values().size() == 2
                  && setting.values().get(0) instanceof Value.Word word
                  && word.name().is("after")) {
                return workshop.quantities().duration(setting.values().get(1));
              }
              findings.add(
                  CheckCode.H0305,
                  setting.span(),
                  "`clear` is followed by `when` or `after`",
                  "write `clear after 10m`");
              return Optional.empty();
            });
  }

  private List<Fault.Suppression> suppressions(Body body, Optional<EntityKind> entity) {
    List<Fault.Suppression> suppressions = new ArrayList<>();
    for (Statement.Setting setting : body.all("suppresses")) {
      suppression(setting, entity).ifPresent(suppressions::add);
    }
    return suppressions;
  }

  /** {@code suppresses [a, b] same gpu within 15m}. */
  private Optional<Fault.Suppression> suppression(
      Statement.Setting setting, Optional<EntityKind> entity) {
    List<Value> values = setting.values();
    boolean shaped =
        (values.size() == 3 || values.size() == 5)
            && values.get(1) instanceof Value.Word same
            && same.name().is("same")
            && values.get(2) instanceof Value.Word kind
            && EntityKind.of(kind.name().text()).isPresent();
    if (!shaped) {
      findings.add(
          CheckCode.H0305,
          setting.span(),
          "`suppresses` names faults and what they share",
          "write `suppresses [thermal] same " + entity.map(EntityKind::word).orElse("gpu") + "`");
      return Optional.empty();
    }
    List<String> children = new ArrayList<>();
    for (Value item : Entities.items(values.get(0))) {
      Entities.name(item, BlockKind.FAULT, CheckCode.H0201, names, findings)
          .ifPresent(children::add);
    }
    Optional<Duration> within =
        values.size() == 5 ? workshop.quantities().duration(values.get(4)) : Optional.empty();
    EntityKind relation = EntityKind.of(((Value.Word) values.get(2)).name().text()).orElseThrow();
    return Optional.of(new Fault.Suppression(children, relation, within, setting.span()));
  }

  private List<String> captures(Body body, Optional<dev.heal.dsl.tree.Condition> when) {
    List<String> captures = new ArrayList<>();
    for (Statement.Setting setting : body.all("capture")) {
      for (Value value : setting.values()) {
        if (!(value instanceof Value.Word word)) {
          findings.add(CheckCode.H0305, value.span(), "`capture` names groups of the pattern");
          continue;
        }
        String group = word.name().text();
        boolean known =
            when.filter(w -> w instanceof dev.heal.dsl.tree.Condition.Matches)
                .map(w -> ((dev.heal.dsl.tree.Condition.Matches) w).pattern().text())
                .filter(p -> p.contains("(?<" + group + ">") || p.contains("(?P<" + group + ">"))
                .isPresent();
        if (known) {
          captures.add(group);
        } else {
          findings.add(
              CheckCode.H0309,
              value.span(),
              "the pattern has no group `" + group + "`",
              "write `(?<" + group + ">…)` in the pattern");
        }
      }
    }
    return captures;
  }

  private void samples(Body body, Optional<dev.heal.dsl.tree.Condition> when) {
    for (Statement.Setting setting : body.all("sample")) {
      if (when.isEmpty() || !(when.get() instanceof dev.heal.dsl.tree.Condition.Matches matches)) {
        findings.add(CheckCode.H0305, setting.span(), "`sample` needs a `matches` in `when`");
        continue;
      }
      for (Value value : setting.values()) {
        if (!(value instanceof Value.Text text)) {
          findings.add(CheckCode.H0305, value.span(), "a sample is a string");
        } else {
          // a pattern that does not compile has its own message, from the lowering of `when`
          Findings quiet = new Findings();
          new ConditionLowering(quiet, workshop.quantities(), names, NO_READINGS)
              .pattern(matches.pattern())
              .filter(pattern -> !pattern.matcher(text.text()).find())
              .ifPresent(
                  pattern ->
                      findings.add(
                          CheckCode.H0308, value.span(), "the pattern does not match this sample"));
        }
      }
    }
  }

  private static final Readings NO_READINGS =
      new Readings(
          dev.heal.dsl.vocabulary.Vocabulary.standard(), java.util.Set.of(), new Findings());

  /** The codes that an event condition asks for: {@code xid in [48, 94]}. */
  static List<Double> codes(Condition condition) {
    List<Double> codes = new ArrayList<>();
    if (condition instanceof Condition.Happens event && event.reading().signal().numericCode()) {
      for (EventTest test : event.tests()) {
        if (test instanceof EventTest.NumberIs is && is.field().equals("code")) {
          codes.add(is.bound());
        } else if (test instanceof EventTest.NumberIn in && in.field().equals("code")) {
          codes.addAll(in.values());
        }
      }
    }
    ConditionFacts.parts(condition).forEach(part -> codes.addAll(codes(part)));
    return codes;
  }
}
