package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Condition;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Value;
import java.util.List;
import java.util.Optional;

/** Conditions out of the parser's contexts. */
final class Conditions {
  private final Values values;
  private final List<Diagnostic> diagnostics;

  Conditions(Values values, List<Diagnostic> diagnostics) {
    this.values = values;
    this.diagnostics = diagnostics;
  }

  Condition condition(HealParser.ConditionContext context) {
    List<Condition> items = context.item().stream().map(this::item).toList();
    if (items.size() == 1) {
      return items.get(0);
    }
    HealParser.ItemContext last = context.item(items.size() - 1);
    if (last.FOR() != null && last.NOT() == null && !isGroup(last)) {
      ambiguous(last, "several conditions", "write `(a and b) for 5m`, or `a and (b for 5m)`");
    }
    Span span = values.span(context);
    return context.AND().isEmpty() ? new Condition.Or(items, span) : new Condition.And(items, span);
  }

  private Condition item(HealParser.ItemContext item) {
    Condition condition = primary(item.primary());
    if (item.NOT() != null) {
      condition =
          new Condition.Not(condition, values.span(item.NOT().getSymbol()).to(condition.span()));
    }
    if (item.FOR() != null && item.NOT() != null) {
      ambiguous(item, "`not`", "write `(not a) for 5m`, or `not (a for 5m)`");
    }
    if (item.FOR() != null) {
      condition = new Condition.Held(condition, values.value(item.value()), values.span(item));
    }
    return condition;
  }

  private static boolean isGroup(HealParser.ItemContext item) {
    return item.primary() instanceof HealParser.GroupContext;
  }

  private void ambiguous(HealParser.ItemContext item, String behind, String help) {
    diagnostics.add(
        Diagnostic.error(
                SyntaxCode.H0116.name(),
                values.span(item.FOR().getSymbol()),
                "`for` behind " + behind + " does not say what is held")
            .help(help));
  }

  private Condition primary(HealParser.PrimaryContext primary) {
    Span span = values.span(primary);
    if (primary instanceof HealParser.GroupContext group) {
      return new Condition.Group(condition(group.condition()), span);
    }
    if (primary instanceof HealParser.CheckPassesContext check) {
      return new Condition.CheckPasses(values.name(check.plain()), span);
    }
    if (primary instanceof HealParser.CompareContext compare) {
      Optional<Value> over =
          compare.OVER() == null ? Optional.empty() : Optional.of(values.value(compare.value(1)));
      return new Condition.Compare(
          operand(compare.operand()),
          values.operator(compare.comparison()),
          values.value(compare.value(0)),
          over,
          span);
    }
    if (primary instanceof HealParser.MembershipContext in) {
      return new Condition.In(operand(in.operand()), values.list(in.list()), span);
    }
    if (primary instanceof HealParser.ContainsContext contains) {
      Value right =
          contains.list() != null
              ? values.list(contains.list())
              : values.string(contains.STRING().getSymbol());
      return new Condition.Contains(values.name(contains.path()), right, span);
    }
    if (primary instanceof HealParser.MatchesContext matches) {
      return new Condition.Matches(
          values.name(matches.path()), values.raw(matches.RAW().getSymbol()), span);
    }
    return wordy(primary, span);
  }

  private Condition wordy(HealParser.PrimaryContext primary, Span span) {
    if (primary instanceof HealParser.SilenceContext silence) {
      return new Condition.Silence(values.name(silence.path()), silence.ALIVE() != null, span);
    }
    if (primary instanceof HealParser.IsWordContext is) {
      if (!is.name().getText().equalsIgnoreCase("nan")) {
        diagnostics.add(
            Diagnostic.error(
                    SyntaxCode.H0105.name(),
                    values.span(is.name()),
                    "`" + Mistakes.shorten(is.name().getText()) + "` does not fit behind `is`")
                .help("write `is nan`, or compare with `==`"));
      }
      return new Condition.IsNan(values.name(is.path()), span);
    }
    if (primary instanceof HealParser.ExitsContext exits) {
      return new Condition.Exits(
          values.name(exits.path()),
          Optional.ofNullable(exits.exitFilter()).map(this::filter),
          span);
    }
    if (primary instanceof HealParser.BareContext bare) {
      return new Condition.Bare(values.name(bare.path()), span);
    }
    throw new IllegalStateException("no condition for " + primary.getClass());
  }

  private Condition.ExitFilter filter(HealParser.ExitFilterContext filter) {
    return new Condition.ExitFilter(
        values.name(filter.name()),
        Optional.ofNullable(filter.comparison()).map(values::operator),
        Optional.ofNullable(filter.value()).map(values::value),
        Optional.ofNullable(filter.list()).map(values::list),
        values.span(filter));
  }

  private Condition.Operand operand(HealParser.OperandContext operand) {
    if (operand.call() == null) {
      return new Condition.Operand.Signal(values.name(operand.path()));
    }
    HealParser.CallContext call = operand.call();
    return new Condition.Operand.Call(
        values.name(call.plain()),
        call.argument().stream().map(this::argument).toList(),
        values.span(call));
  }

  private Condition.Argument argument(HealParser.ArgumentContext argument) {
    if (argument.condition() != null) {
      return new Condition.Argument.OfCondition(condition(argument.condition()));
    }
    List<Value> written = new java.util.ArrayList<>();
    written.add(values.quantity(argument.QTY().getSymbol()));
    if (argument.name() != null) {
      Name name = values.name(argument.name());
      written.add(new Value.Word(name));
    }
    return new Condition.Argument.OfValues(written, values.span(argument));
  }
}
