package dev.heal.dsl.check;

import com.google.re2j.PatternSyntaxException;
import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Condition.And;
import dev.heal.dsl.tree.Condition.Group;
import dev.heal.dsl.tree.Condition.Matches;
import dev.heal.dsl.tree.Condition.Or;
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
  private Optional<Span> unsteady = Optional.empty();

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
    List<String> captures = captures(body, patterns(written));
    samples(body, patterns(written));
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
    if (!event && ConditionFacts.readsMetric(when.get()) && body.all("missing").isEmpty()) {
      findings.add(
          CheckCode.H0407,
          block.head(),
          "`missing` is not stated: without samples the fault stays as it is",
          "write `missing freeze`, `missing raise` or `missing forget`");
    }
    if (threshold && clear.isEmpty() && !ConditionFacts.isSteady(when.get())) {
      unsteady = Optional.of(written.get().span());
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

  /** Where the condition stands of a fault that one sample raises and the next one clears. */
  Optional<Span> unsteady() {
    return unsteady;
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
            && EntityKind.of(kind.name().text()).isPresent()
            && (values.size() == 3 || PolicyLowering.isWord(values.get(3), "within"));
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

  /** The patterns of a condition, wherever they stand in it. */
  private static List<Matches> patterns(Optional<dev.heal.dsl.tree.Condition> written) {
    List<Matches> patterns = new ArrayList<>();
    written.ifPresent(condition -> patterns(condition, patterns));
    return patterns;
  }

  private static void patterns(dev.heal.dsl.tree.Condition condition, List<Matches> patterns) {
    if (condition instanceof Matches matches) {
      patterns.add(matches);
    } else if (condition instanceof Group group) {
      patterns(group.part(), patterns);
    } else if (condition instanceof And and) {
      and.parts().forEach(part -> patterns(part, patterns));
    } else if (condition instanceof Or or) {
      or.parts().forEach(part -> patterns(part, patterns));
    }
  }

  private List<String> captures(Body body, List<Matches> patterns) {
    List<String> captures = new ArrayList<>();
    for (Statement.Setting setting : body.all("capture")) {
      for (Value value : setting.values()) {
        if (!(value instanceof Value.Word word)) {
          findings.add(CheckCode.H0305, value.span(), "`capture` names groups of the pattern");
          continue;
        }
        String group = word.name().text();
        boolean known =
            patterns.stream()
                .map(matches -> matches.pattern().text())
                .anyMatch(p -> p.contains("(?<" + group + ">") || p.contains("(?P<" + group + ">"));
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

  private void samples(Body body, List<Matches> patterns) {
    for (Statement.Setting setting : body.all("sample")) {
      if (patterns.isEmpty()) {
        findings.add(CheckCode.H0305, setting.span(), "`sample` needs a `matches` in `when`");
        continue;
      }
      for (Value value : setting.values()) {
        if (!(value instanceof Value.Text text)) {
          findings.add(CheckCode.H0305, value.span(), "a sample is a string");
        } else if (patterns.stream().noneMatch(matches -> finds(matches.pattern(), text.text()))) {
          findings.add(CheckCode.H0308, value.span(), "the pattern does not match this sample");
        }
      }
    }
  }

  /** A pattern that cannot be used has its own message, and finds everything here. */
  private static boolean finds(Value.Pattern pattern, String sample) {
    try {
      return Literals.compiled(pattern.text()).matcher(sample).find();
    } catch (PatternSyntaxException refused) {
      return true;
    }
  }
}
