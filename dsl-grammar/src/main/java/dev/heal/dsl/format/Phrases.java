package dev.heal.dsl.format;

import dev.heal.dsl.tree.Condition;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Value;
import java.util.List;
import java.util.stream.Collectors;

/** The words of values, conditions and heads, on one line. */
final class Phrases {
  private Phrases() {}

  static String values(List<? extends Value> values) {
    return values.stream().map(Phrases::value).collect(Collectors.joining(" "));
  }

  static String value(Value value) {
    if (value instanceof Value.Quantity quantity) {
      return quantity(quantity);
    }
    if (value instanceof Value.Text text) {
      return string(text.text());
    }
    if (value instanceof Value.Pattern pattern) {
      return "`" + pattern.text() + "`";
    }
    if (value instanceof Value.Range range) {
      return quantity(range.from()) + ".." + quantity(range.to());
    }
    if (value instanceof Value.ListOf list) {
      return list.items().stream().map(Phrases::value).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Value.Word word) {
      return word.name().text();
    }
    if (value instanceof Value.Comparison comparison) {
      return comparison.operator().sign();
    }
    throw new IllegalStateException("no words for " + value.getClass());
  }

  private static String quantity(Value.Quantity quantity) {
    return quantity.parts().stream()
        .map(part -> part.number().toPlainString() + part.unit())
        .collect(Collectors.joining());
  }

  static String string(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  static String condition(Condition condition) {
    if (condition instanceof Condition.And and) {
      return joined(and.parts(), " and ");
    }
    if (condition instanceof Condition.Or or) {
      return joined(or.parts(), " or ");
    }
    if (condition instanceof Condition.Not not) {
      return "not " + condition(not.part());
    }
    if (condition instanceof Condition.Group group) {
      return "(" + condition(group.part()) + ")";
    }
    if (condition instanceof Condition.Held held) {
      return condition(held.part()) + " for " + value(held.duration());
    }
    return atom(condition);
  }

  static String joined(List<Condition> parts, String by) {
    return parts.stream().map(Phrases::condition).collect(Collectors.joining(by));
  }

  private static String atom(Condition condition) {
    if (condition instanceof Condition.Compare compare) {
      return operand(compare.left())
          + (" " + compare.operator().sign() + " " + value(compare.right()))
          + compare.over().map(over -> " over " + value(over)).orElse("");
    }
    if (condition instanceof Condition.In in) {
      return operand(in.left()) + " in " + value(in.list());
    }
    if (condition instanceof Condition.Contains contains) {
      return contains.left().text() + " contains " + value(contains.right());
    }
    if (condition instanceof Condition.Matches matches) {
      return matches.left().text() + " matches " + value(matches.pattern());
    }
    if (condition instanceof Condition.Silence silence) {
      return silence.left().text() + (silence.alive() ? " alive" : " silent");
    }
    if (condition instanceof Condition.IsNan nan) {
      return nan.left().text() + " is nan";
    }
    if (condition instanceof Condition.Exits exits) {
      return exits.process().text()
          + " exits"
          + exits.filter().map(filter -> " with " + exitFilter(filter)).orElse("");
    }
    if (condition instanceof Condition.CheckPasses check) {
      return "check " + check.check().text();
    }
    if (condition instanceof Condition.Bare bare) {
      return bare.name().text();
    }
    throw new IllegalStateException("no words for " + condition.getClass());
  }

  private static String exitFilter(Condition.ExitFilter filter) {
    return filter.subject().text()
        + filter.operator().map(operator -> " " + operator.sign()).orElse("")
        + filter.value().map(value -> " " + value(value)).orElse("")
        + filter.list().map(list -> " in " + value(list)).orElse("");
  }

  private static String operand(Condition.Operand operand) {
    if (operand instanceof Condition.Operand.Signal signal) {
      return signal.name().text();
    }
    if (operand instanceof Condition.Operand.Call call) {
      return call.arguments().stream()
          .map(Phrases::argument)
          .collect(Collectors.joining(", ", call.function().text() + "(", ")"));
    }
    throw new IllegalStateException("no words for " + operand.getClass());
  }

  private static String argument(Condition.Argument argument) {
    if (argument instanceof Condition.Argument.OfCondition condition) {
      return condition(condition.condition());
    }
    if (argument instanceof Condition.Argument.OfValues values) {
      return values(values.values());
    }
    throw new IllegalStateException("no words for " + argument.getClass());
  }

  /** A declaration, of one with a block its head. */
  static String head(Declaration declaration) {
    if (declaration instanceof Declaration.Import line) {
      return "import "
          + value(line.path())
          + line.alias().map(alias -> " as " + alias.text()).orElse("");
    }
    if (declaration instanceof Declaration.Let let) {
      return "let " + let.name().text() + " = " + value(let.value());
    }
    if (declaration instanceof Declaration.Tune tune) {
      return "tune "
          + tune.name().text()
          + (" = " + value(tune.value()))
          + (" range " + value(tune.range()))
          + tune.doc().map(doc -> " " + value(doc)).orElse("");
    }
    if (declaration instanceof Declaration.Block block) {
      return blockHead(block);
    }
    throw new IllegalStateException("no words for " + declaration.getClass());
  }

  private static String blockHead(Declaration.Block block) {
    String name = block.name().map(n -> " " + n.text()).orElse("");
    boolean change = block.kind() == Declaration.BlockKind.CHANGE;
    String joiner = change ? " " : " on ";
    String subject = block.subject().map(s -> joiner + s.text()).orElse("");
    String title = block.title().map(t -> " " + value(t)).orElse("");
    return block.kind().word() + (change ? subject + name : name + subject) + title;
  }
}
