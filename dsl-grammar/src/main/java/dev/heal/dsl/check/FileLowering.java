package dev.heal.dsl.check;

import dev.heal.dsl.policy.Budget;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.policy.Tune;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Tree;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a set of files declares, gathered while one file after the other is lowered. A fault or
 * policy with an error in it is left out, so that no check of the whole speaks of it a second time.
 */
final class FileLowering {
  final List<Fault> faults = new ArrayList<>();
  final List<Policy> policies = new ArrayList<>();
  final List<Budget> budgets = new ArrayList<>();
  final List<Site.Maintenance> maintenances = new ArrayList<>();
  final List<Site.Breaker> breakers = new ArrayList<>();
  final Map<String, CheckedPolicy.SiteAction> actions = new LinkedHashMap<>();
  final Map<String, CheckedPolicy.SiteCheck> checks = new LinkedHashMap<>();
  final List<TestCase> tests = new ArrayList<>();
  final List<Tune> tunes = new ArrayList<>();

  /** Where the condition stands of faults that one sample raises and the next one clears. */
  private final Map<String, Span> unsteady = new LinkedHashMap<>();

  private final Findings findings;
  private final SiteLowering site;
  private final TunedValues tuned;

  FileLowering(Findings findings, SiteLowering site, TunedValues tuned) {
    this.findings = findings;
    this.site = site;
    this.tuned = tuned;
  }

  /** Lowers what one file declares; its names are declared already. */
  void lower(Tree tree, Names names, Workshop workshop) {
    for (Declaration declaration : tree.declarations()) {
      if (declaration instanceof Declaration.Tune tune) {
        tune(tune, names, workshop);
      } else if (declaration instanceof Declaration.Block block) {
        block(block, names, workshop);
      }
    }
    findings.leave();
  }

  /** Names the faults that flap, but for those whose flapping already stands as an error. */
  void unsteady(Set<String> flapping) {
    for (Fault fault : faults) {
      Span span = unsteady.get(fault.name());
      if (span != null && !flapping.contains(fault.name())) {
        findings.enter("fault `" + fault.name() + "`", fault.span());
        findings.add(
            CheckCode.H0406,
            span,
            "a single sample raises this fault, and the next may clear it",
            "write `for 60s` behind it, or a `clear when`");
      }
    }
    findings.leave();
  }

  private void tune(Declaration.Tune tune, Names names, Workshop workshop) {
    findings.enter("tune `" + tune.name().text() + "`", tune.span());
    if (!(tune.value() instanceof Value.Quantity declared)) {
      findings.add(CheckCode.H0305, tune.value().span(), "a `tune` is a number");
      return;
    }
    String name = names.qualified(tune.name().text());
    Value.Quantity value = (Value.Quantity) tuned.of(name, tune);
    Dimension dimension = workshop.dimension(declared);
    Optional<Double> number = workshop.quantities().number(value, dimension);
    Optional<Double> from = workshop.quantities().number(tune.range().from(), dimension);
    Optional<Double> to = workshop.quantities().number(tune.range().to(), dimension);
    if (number.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return;
    }
    String range = tune.range().span().text();
    if (number.get() < from.get() || number.get() > to.get()) {
      findings.add(
          CheckCode.H0306,
          value.span(),
          "`%s` is outside of its range `%s`".formatted(value.span().text(), range));
    }
    tunes.add(
        new Tune(
            name,
            declared.span().text(),
            range,
            dimension,
            number.get(),
            from.get(),
            to.get(),
            tune.doc().map(Value.Text::text),
            tune.span()));
  }

  private void block(Declaration.Block block, Names names, Workshop workshop) {
    String name = block.name().map(n -> n.text()).orElse("");
    findings.enter(
        block.kind().word()
            + block
                .title()
                .filter(t -> block.kind() == BlockKind.TEST)
                .map(t -> " \"" + t.text() + "\"")
                .orElse("")
            + (name.isEmpty() ? "" : " `" + name + "`"),
        block.span());
    if (block.kind() != BlockKind.TEST && name.isEmpty()) {
      findings.add(CheckCode.H0213, block.head(), "this " + block.kind().word() + " has no name");
      return;
    }
    switch (block.kind()) {
      case FAULT -> {
        FaultLowering lowering = new FaultLowering(findings, workshop, names);
        Optional<Fault> fault = lowering.lower(block);
        if (!findings.hasErrorsHere()) {
          fault.ifPresent(faults::add);
          lowering
              .unsteady()
              .ifPresent(span -> fault.ifPresent(known -> unsteady.put(known.name(), span)));
        }
      }
      case POLICY ->
          new PolicyLowering(findings, workshop, names)
              .lower(block, policies.size())
              .filter(policy -> !findings.hasErrorsHere())
              .ifPresent(policies::add);
      case BUDGET ->
          new BudgetLowering(findings, workshop, names).budget(block).ifPresent(budgets::add);
      case MAINTENANCE ->
          new OperationsLowering(findings, workshop, names)
              .maintenance(block)
              .ifPresent(maintenances::add);
      case BREAKER ->
          new OperationsLowering(findings, workshop, names).breaker(block).ifPresent(breakers::add);
      case ACTION ->
          new OperationsLowering(findings, workshop, names)
              .action(block)
              .ifPresent(a -> actions.put(a.name(), a));
      case CHECK ->
          new OperationsLowering(findings, workshop, names)
              .check(block)
              .ifPresent(c -> checks.put(c.name(), c));
      case TEST -> new TestLowering(findings, workshop, names).lower(block).ifPresent(tests::add);
      case NODE, SERVICE, JOB, PAGER -> site.lower(block);
      case CHANGE -> change(block, names, workshop);
    }
  }

  /**
   * {@code change policy nv.cool_down { mode enforce }}: the shipped policy with other settings.
   */
  private void change(Declaration.Block block, Names names, Workshop workshop) {
    if (!block.subject().map(s -> s.is("policy")).orElse(false)) {
      findings.add(CheckCode.H0216, block.head(), "only policies can be changed");
      return;
    }
    names.use(BlockKind.POLICY, block.name().orElseThrow().text());
    String name = names.qualified(block.name().orElseThrow().text());
    for (int i = 0; i < policies.size(); i++) {
      if (policies.get(i).name().equals(name)) {
        policies.set(
            i, new PolicyLowering(findings, workshop, names).changed(policies.get(i), block));
        return;
      }
    }
    if (names.of(BlockKind.POLICY).containsKey(block.name().get().text())) {
      return; // it is there, and has an error of its own
    }
    findings.add(
        CheckCode.H0215,
        block.name().get().span(),
        "there is no policy `" + name + "` to change",
        findings.near(name, policies.stream().map(Policy::name).toList()));
  }

  /** The tools that every lowering uses. */
  record Workshop(Vocabulary vocabulary, Quantities quantities, ConditionLowering conditions) {

    /** The pager that a word, a string, or the name of a {@code let} names. */
    Optional<String> pager(Value written, Findings findings) {
      Value value = conditions.literals().resolved(written);
      if (value instanceof Value.Text text) {
        return Optional.of(text.text());
      }
      if (value instanceof Value.Word word) {
        return Optional.of(word.name().text());
      }
      findings.add(
          CheckCode.H0305,
          written.span(),
          "`" + written.span().text() + "` is not a pager",
          "write its name, as in `page oncall-gpu`");
      return Optional.empty();
    }

    /** The dimension that a quantity's unit names. */
    Dimension dimension(Value.Quantity value) {
      return switch (value.parts().get(0).unit()) {
        case "" -> Dimension.NUMBER;
        case "C" -> Dimension.TEMPERATURE;
        case "W", "kW", "mW" -> Dimension.POWER;
        case "%" -> Dimension.RATIO;
        case "Hz", "kHz", "MHz", "GHz" -> Dimension.FREQUENCY;
        case "B", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB" -> Dimension.BYTES;
        default -> Dimension.TIME;
      };
    }
  }
}
