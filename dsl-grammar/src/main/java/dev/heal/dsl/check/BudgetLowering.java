package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.Budget;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** {@code budget NAME { limit …, keep …, exceeded … }}. */
final class BudgetLowering {
  private static final int MOST = 1_000_000;

  private final Findings findings;
  private final Workshop workshop;
  private final Names names;

  BudgetLowering(Findings findings, Workshop workshop, Names names) {
    this.findings = findings;
    this.workshop = workshop;
    this.names = names;
  }

  Optional<Budget> budget(Declaration.Block block) {
    Body body = new Body("a budget", block.head(), block.statements(), findings);
    List<Budget.Limit> limits = new ArrayList<>();
    for (Statement.Setting setting : body.all("limit")) {
      limit(body, setting).ifPresent(limits::add);
    }
    List<Budget.Keep> keeps = new ArrayList<>();
    for (Statement.Setting setting : body.all("keep")) {
      keep(setting).ifPresent(keeps::add);
    }
    Optional<Statement.Setting> applies = body.one("applies");
    boolean all = applies.filter(BudgetLowering::toAll).isPresent();
    if (applies.isPresent() && !all) {
      findings.add(CheckCode.H0305, applies.get().span(), "write `applies to all`");
    }
    Budget.Exceeded exceeded = Budget.Exceeded.WAIT;
    Optional<String> pager = Optional.empty();
    for (Statement.Setting setting : body.all("exceeded")) {
      if (setting.values().size() == 2 && PolicyLowering.isWord(setting.values().get(0), "page")) {
        pager = workshop.pager(setting.values().get(1), findings);
      } else {
        exceeded =
            body.single(setting)
                .flatMap(v -> Entities.word(v, Budget.Exceeded.class, findings))
                .orElse(exceeded);
      }
    }
    body.done();
    return Optional.of(
        new Budget(
            names.qualified(block.name().orElseThrow().text()),
            all,
            limits,
            keeps,
            exceeded,
            pager,
            block.head()));
  }

  private static boolean toAll(Statement.Setting applies) {
    return applies.values().size() == 2
        && PolicyLowering.isWord(applies.values().get(0), "to")
        && PolicyLowering.isWord(applies.values().get(1), "all");
  }

  /** An amount: {@code 2}, or {@code 10%} of a kind. */
  private record Amount(OptionalInt count, OptionalDouble share) {}

  private Optional<Amount> amount(Value value) {
    if (Quantities.isPercent(value) && value instanceof Value.Quantity quantity) {
      Optional<Double> share = workshop.quantities().number(quantity, Dimension.RATIO);
      if (share.isPresent() && (share.get() <= 0 || share.get() >= 1)) {
        findings.add(
            CheckCode.H0605,
            value.span(),
            "`" + value.span().text() + "` allows all or nothing",
            "a share lies between 1% and 99%");
        return Optional.empty();
      }
      return share.map(s -> new Amount(OptionalInt.empty(), OptionalDouble.of(s)));
    }
    OptionalInt count = workshop.quantities().count(value, 0, MOST);
    if (count.isPresent() && count.getAsInt() == 0) {
      findings.add(
          CheckCode.H0605, value.span(), "a limit of 0 allows nothing", "allow at least 1");
      return Optional.empty();
    }
    return count.isPresent()
        ? Optional.of(new Amount(count, OptionalDouble.empty()))
        : Optional.empty();
  }

  private Optional<Budget.Limit> limit(Body body, Statement.Setting setting) {
    List<Value> rest = new ArrayList<>(setting.values());
    if (rest.size() < 2) {
      return misshapen(setting);
    }
    Optional<Amount> amount = amount(rest.remove(0));
    if (PolicyLowering.isWord(rest.get(0), "of")) {
      rest.remove(0);
    }
    if (rest.isEmpty() || !(rest.get(0) instanceof Value.Word subject)) {
      return misshapen(setting);
    }
    rest.remove(0);
    Optional<EntityKind> kind = EntityKind.ofAnyNumber(subject.name().text());
    Optional<String> verb = Optional.empty();
    if (kind.isEmpty()) {
      if (workshop.vocabulary().verb(subject.name().text()).isEmpty()) {
        findings.add(
            CheckCode.H0216,
            subject.span(),
            "`" + subject.name().text() + "` is neither an entity nor a verb",
            findings.near(
                subject.name().text(),
                workshop.vocabulary().verbs().stream().map(v -> v.name()).toList()));
        return Optional.empty();
      }
      verb = Optional.of(subject.name().text());
    }
    Optional<String> per = Optional.empty();
    if (rest.size() >= 2 && PolicyLowering.isWord(rest.get(0), "per")) {
      per = Optional.of(rest.get(1).span().text());
      rest = rest.subList(2, rest.size());
    }
    OptionalInt least = OptionalInt.empty();
    OptionalInt most = OptionalInt.empty();
    for (Statement.Setting more : body.joined(setting, Set.of("at", "over"))) {
      if (more.word().equals("over")) {
        rest = new ArrayList<>(more.values());
        rest.add(0, new Value.Word(new dev.heal.dsl.tree.Name(List.of("over"), more.wordSpan())));
      } else if (more.values().size() == 2
          && (PolicyLowering.isWord(more.values().get(0), "least")
              || PolicyLowering.isWord(more.values().get(0), "most"))) {
        OptionalInt bound = workshop.quantities().count(more.values().get(1), 1, MOST);
        if (PolicyLowering.isWord(more.values().get(0), "least")) {
          least = bound;
        } else {
          most = bound;
        }
      } else {
        findings.add(CheckCode.H0305, more.span(), "write `at least 1` or `at most 5`");
      }
    }
    Optional<Window> window = window(setting, rest);
    if (amount.isEmpty() || window.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Budget.Limit(
            amount.get().count(),
            amount.get().share(),
            least,
            most,
            kind,
            verb,
            per,
            window.get().over(),
            setting.span()));
  }

  /** When a limit counts; empty: at once. */
  private record Window(Optional<Duration> over) {}

  /** {@code over 1h}, or {@code at once}. */
  private Optional<Window> window(Statement.Setting setting, List<Value> rest) {
    if (rest.size() == 2 && PolicyLowering.isWord(rest.get(0), "over")) {
      return workshop.quantities().duration(rest.get(1)).map(d -> new Window(Optional.of(d)));
    }
    if (rest.size() == 2
        && PolicyLowering.isWord(rest.get(0), "at")
        && PolicyLowering.isWord(rest.get(1), "once")) {
      return Optional.of(new Window(Optional.empty()));
    }
    misshapen(setting);
    return Optional.empty();
  }

  private Optional<Budget.Limit> misshapen(Statement.Setting setting) {
    findings.add(
        CheckCode.H0305,
        setting.span(),
        "a limit names an amount, of what, and when",
        "write `limit 2 nodes over 1h` or `limit 1 node per rack at once`");
    return Optional.empty();
  }

  /** {@code keep 90% of nodes healthy}. */
  private Optional<Budget.Keep> keep(Statement.Setting setting) {
    List<Value> values = new ArrayList<>(setting.values());
    values.removeIf(v -> PolicyLowering.isWord(v, "of") || PolicyLowering.isWord(v, "healthy"));
    if (values.size() != 2) {
      findings.add(CheckCode.H0305, setting.span(), "write `keep 90% of nodes healthy`");
      return Optional.empty();
    }
    Optional<Amount> amount = amount(values.get(0));
    Optional<EntityKind> kind = Entities.kind(values.get(1), findings);
    return amount.isPresent() && kind.isPresent()
        ? Optional.of(
            new Budget.Keep(amount.get().count(), amount.get().share(), kind.get(), setting.span()))
        : Optional.empty();
  }
}
