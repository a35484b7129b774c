package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Policy;
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
import java.util.OptionalInt;
import java.util.Set;

/** {@code policy NAME { … }}. */
final class PolicyLowering {
  private static final Duration DEFAULT_EXPIRES = Duration.ofHours(1);

  private final Findings findings;
  private final Workshop workshop;
  private final Names names;

  PolicyLowering(Findings findings, Workshop workshop, Names names) {
    this.findings = findings;
    this.workshop = workshop;
    this.names = names;
  }

  /** The settings that a {@code change} may give anew. */
  private record Head(
      Optional<Duration> within,
      OptionalInt priority,
      Optional<Policy.Cooldown> cooldown,
      Optional<Policy.Attempts> attempts,
      Optional<Policy.Mode> mode,
      Optional<Duration> soak,
      Optional<Duration> expires,
      List<String> budgets) {}

  Optional<Policy> lower(Declaration.Block block, int order) {
    Body body = new Body("a policy", block.head(), block.statements(), findings);
    List<String> faults = new ArrayList<>();
    Optional<EntityKind> entity = faults(body, faults);
    Head head = head(body);
    Optional<dev.heal.dsl.tree.Condition> where = body.condition(ConditionWord.WHERE);
    Optional<dev.heal.dsl.tree.Condition> start = body.condition(ConditionWord.START_WHEN);
    Optional<Duration> atLatest = atLatest(body, block);
    RungLowering rungs = new RungLowering(findings, workshop, names);
    List<Policy.Rung> ladder = rungs.rungs(body, entity);
    List<Policy.Act> giveUp = rungs.giveUp(body);
    body.done();
    if (ladder.isEmpty() && body.all("try").isEmpty()) {
      findings.add(CheckCode.H0213, block.head(), "this policy has no `try`");
    }
    if (entity.isEmpty() || ladder.isEmpty() || rungs.failed()) {
      return Optional.empty();
    }
    Optional<Condition> condition =
        where.flatMap(w -> workshop.conditions().level(w, entity.get(), "where"));
    Optional<Policy.StartWhen> startWhen =
        start
            .flatMap(s -> workshop.conditions().level(s, entity.get(), "start when"))
            .map(s -> new Policy.StartWhen(s, atLatest));
    return Optional.of(
        new Policy(
            names.qualified(block.name().orElseThrow().text()),
            entity.get(),
            faults,
            condition,
            head.within(),
            head.priority().orElse(50),
            head.cooldown(),
            head.attempts(),
            head.budgets(),
            head.mode().orElse(Policy.Mode.OBSERVE),
            head.soak(),
            head.expires().orElse(DEFAULT_EXPIRES),
            startWhen,
            ladder,
            giveUp,
            order,
            block.head()));
  }

  /** The policy with what the {@code change} says. */
  Policy changed(Policy policy, Declaration.Block block) {
    Body body = new Body("a change of a policy", block.head(), block.statements(), findings);
    Head head = head(body);
    Optional<dev.heal.dsl.tree.Condition> where = body.condition(ConditionWord.WHERE);
    body.done();
    return new Policy(
        policy.name(),
        policy.entity(),
        policy.faults(),
        where
            .flatMap(w -> workshop.conditions().level(w, policy.entity(), "where"))
            .or(policy::where),
        head.within().or(policy::within),
        head.priority().orElse(policy.priority()),
        head.cooldown().or(policy::cooldown),
        head.attempts().or(policy::attempts),
        head.budgets().isEmpty() ? policy.budgets() : head.budgets(),
        head.mode().orElse(policy.mode()),
        head.soak().or(policy::soak),
        head.expires().orElse(policy.expires()),
        policy.startWhen(),
        policy.rungs(),
        policy.giveUp(),
        policy.order(),
        policy.span());
  }

  private Head head(Body body) {
    Optional<Duration> within = body.value("within").flatMap(workshop.quantities()::duration);
    OptionalInt priority =
        body.value("priority")
            .map(v -> workshop.quantities().count(v, 0, 100))
            .orElse(OptionalInt.empty());
    Optional<Policy.Mode> mode =
        body.value("mode").flatMap(v -> Entities.word(v, Policy.Mode.class, findings));
    Optional<Duration> soak = body.value("soak").flatMap(workshop.quantities()::duration);
    Optional<Duration> expires = body.value("expires").flatMap(workshop.quantities()::duration);
    List<String> budgets = new ArrayList<>();
    for (Statement.Setting setting : body.all("budget")) {
      for (Value value : setting.values()) {
        for (Value item : Entities.items(value)) {
          Entities.name(item, BlockKind.BUDGET, CheckCode.H0202, names, findings)
              .ifPresent(budgets::add);
        }
      }
    }
    return new Head(within, priority, cooldown(body), attempts(body), mode, soak, expires, budgets);
  }

  private Optional<Policy.Cooldown> cooldown(Body body) {
    return body.one("cooldown")
        .flatMap(
            setting -> {
              if (setting.values().size() == 3 && isWord(setting.values().get(1), "per")) {
                Optional<Duration> span = workshop.quantities().duration(setting.values().get(0));
                Optional<EntityKind> per = Entities.kind(setting.values().get(2), findings);
                return span.isPresent() && per.isPresent()
                    ? Optional.of(new Policy.Cooldown(span.get(), per.get()))
                    : Optional.empty();
              }
              findings.add(
                  CheckCode.H0305,
                  setting.span(),
                  "a cooldown names a span and what it is for",
                  "write `cooldown 30m per node`");
              return Optional.empty();
            });
  }

  private Optional<Policy.Attempts> attempts(Body body) {
    return body.one("attempts")
        .flatMap(
            setting -> {
              if (setting.values().size() == 3 && isWord(setting.values().get(1), "over")) {
                OptionalInt count = workshop.quantities().count(setting.values().get(0), 1, 1000);
                Optional<Duration> over = workshop.quantities().duration(setting.values().get(2));
                return count.isPresent() && over.isPresent()
                    ? Optional.of(new Policy.Attempts(count.getAsInt(), over.get()))
                    : Optional.empty();
              }
              findings.add(
                  CheckCode.H0305,
                  setting.span(),
                  "attempts name a number and a window",
                  "write `attempts 3 over 30m`");
              return Optional.empty();
            });
  }

  static boolean isWord(Value value, String word) {
    return value instanceof Value.Word written && written.name().is(word);
  }

  /** The kind of entity that the faults are on; empty, with a message, where it is not known. */
  private Optional<EntityKind> faults(Body body, List<String> faults) {
    Optional<Statement.Setting> on = body.one("on");
    if (on.isEmpty()) {
      findings.add(CheckCode.H0213, body.head(), "this policy does not say which fault it is for");
      return Optional.empty();
    }
    Optional<EntityKind> first = Optional.empty();
    boolean said = false;
    for (Value value : on.get().values()) {
      for (Value item : Entities.items(value)) {
        Optional<String> name =
            Entities.name(item, BlockKind.FAULT, CheckCode.H0201, names, findings);
        name.ifPresent(faults::add);
        Optional<EntityKind> kind = name.flatMap(n -> kind(item));
        if (!said && first.isPresent() && kind.isPresent() && !first.equals(kind)) {
          said = true;
          findings.add(
              CheckCode.H0219,
              item.span(),
              "`%s` is on a %s, and the first fault on a %s"
                  .formatted(item.span().text(), kind.get().word(), first.get().word()),
              "write a policy for each kind");
        }
        first = first.or(() -> kind);
      }
    }
    return first;
  }

  private Optional<EntityKind> kind(Value fault) {
    return Optional.ofNullable(names.of(BlockKind.FAULT).get(fault.span().text()))
        .flatMap(Declaration.Block::subject)
        .flatMap(subject -> EntityKind.of(subject.text()));
  }

  private Optional<Duration> atLatest(Body body, Declaration.Block block) {
    for (Statement statement : block.statements()) {
      if (statement instanceof Statement.Conditional conditional
          && conditional.word() == ConditionWord.START_WHEN) {
        for (Statement.Setting at : body.joined(statement, Set.of("at"))) {
          if (at.values().size() == 2 && isWord(at.values().get(0), "latest")) {
            return workshop.quantities().duration(at.values().get(1));
          }
          findings.add(CheckCode.H0305, at.span(), "write `at latest 24h`");
        }
      }
    }
    return Optional.empty();
  }
}
