package dev.heal.dsl.format;

import dev.heal.dsl.tree.Condition;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes a tree as somebody without a formatter might: blanks, line ends and comments wherever the
 * language allows them. It shares nothing with the formatter but the words of single values.
 */
final class CarelessWriter {
  private static final List<String> REMARKS =
      List.of(
          "#", "# why", "#!", "# `a` \"b\" {", "# }", "## x ##", "# \u00e9\ud83d\ude00", "# , and");

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private final List<String> comments = new ArrayList<>();

  CarelessWriter(long seed) {
    this.random = new Random(seed);
  }

  String text() {
    return text.toString();
  }

  /** The comments that were written, in order. */
  List<String> comments() {
    return comments;
  }

  void file(List<Declaration> declarations) {
    emptyLines();
    put("heal").blanks().put("1");
    for (Declaration declaration : declarations) {
      lineEnd();
      declaration(declaration);
    }
    if (random.nextInt(4) > 0) {
      lineEnd();
    }
  }

  private void declaration(Declaration declaration) {
    if (!(declaration instanceof Declaration.Block block)) {
      put(Phrases.head(declaration));
      return;
    }
    put(Phrases.head(block)).maybeBlanks();
    block(block.statements());
  }

  private void block(List<Statement> statements) {
    put("{");
    if (random.nextBoolean()) {
      lineEnd();
    } else {
      maybeBlanks();
    }
    for (int i = 0; i < statements.size(); i++) {
      statement(statements.get(i));
      boolean last = i == statements.size() - 1;
      if (random.nextBoolean()) {
        lineEnd();
      } else if (!last || random.nextInt(4) == 0) {
        maybeBlanks().put(",").maybeBlanks();
        if (random.nextInt(4) == 0) {
          lineEnd();
        }
      } else {
        maybeBlanks();
      }
    }
    put("}");
  }

  private void statement(Statement statement) {
    if (statement instanceof Statement.Conditional conditional) {
      words(conditional.word().words()).blanks();
      condition(conditional.condition());
      return;
    }
    Statement.Setting setting = (Statement.Setting) statement;
    words(setting.word());
    for (Value value : setting.values()) {
      blanks();
      value(value);
    }
    setting
        .block()
        .ifPresent(
            inside -> {
              maybeBlanks();
              block(inside);
            });
  }

  private CarelessWriter words(String words) {
    int blank = words.indexOf(' ');
    return blank < 0
        ? put(words)
        : put(words.substring(0, blank)).blanks().put(words.substring(blank + 1));
  }

  private void value(Value value) {
    if (value instanceof Value.ListOf list) {
      list(list);
    } else {
      put(Phrases.value(value));
    }
  }

  private void list(Value.ListOf list) {
    put("[").soft();
    for (int i = 0; i < list.items().size(); i++) {
      if (i > 0) {
        soft().put(",").soft();
      }
      value(list.items().get(i));
    }
    if (!list.items().isEmpty() && random.nextInt(4) == 0) {
      soft().put(",");
    }
    soft().put("]");
  }

  private void condition(Condition condition) {
    if (condition instanceof Condition.And and) {
      chain(and.parts(), "and");
    } else if (condition instanceof Condition.Or or) {
      chain(or.parts(), "or");
    } else if (condition instanceof Condition.Not not) {
      put("not").blanks();
      condition(not.part());
    } else if (condition instanceof Condition.Held held) {
      condition(held.part());
      blanks().put("for").blanks();
      value(held.duration());
    } else if (condition instanceof Condition.Group group) {
      put("(").soft();
      condition(group.part());
      soft().put(")");
    } else if (condition instanceof Condition.Compare compare
        && compare.left() instanceof Condition.Operand.Call call) {
      call(call);
      maybeBlanks().put(compare.operator().sign());
      (compare.right() instanceof Value.Comparison ? blanks() : maybeBlanks())
          .value(compare.right());
      compare.over().ifPresent(over -> blanks().put("over").blanks().put(Phrases.value(over)));
    } else if (condition instanceof Condition.In in) {
      operand(in.left());
      blanks().put("in").blanks();
      list(in.list());
    } else {
      put(Phrases.condition(condition));
    }
  }

  private void operand(Condition.Operand operand) {
    if (operand instanceof Condition.Operand.Call call) {
      call(call);
    } else if (operand instanceof Condition.Operand.Signal signal) {
      put(signal.name().text());
    }
  }

  private void call(Condition.Operand.Call call) {
    put(call.function().text()).maybeBlanks().put("(").soft();
    for (int i = 0; i < call.arguments().size(); i++) {
      if (i > 0) {
        soft().put(",").soft();
      }
      Condition.Argument argument = call.arguments().get(i);
      if (argument instanceof Condition.Argument.OfCondition inner) {
        condition(inner.condition());
      } else if (argument instanceof Condition.Argument.OfValues values) {
        put(Phrases.values(values.values()));
      }
    }
    soft().put(")");
  }

  private void chain(List<Condition> parts, String word) {
    condition(parts.get(0));
    for (Condition part : parts.subList(1, parts.size())) {
      blanks().put(word).blanks().soft();
      condition(part);
    }
  }

  // ---- between the words
  // -------------------------------------------------------------------------

  private CarelessWriter put(String what) {
    text.append(what);
    return this;
  }

  private CarelessWriter blanks() {
    return put(random.nextInt(5) == 0 ? "\t" : " ".repeat(1 + random.nextInt(3)));
  }

  private CarelessWriter maybeBlanks() {
    return random.nextBoolean() ? blanks() : this;
  }

  /** Where a line end is white space; what goes on is not at the left margin. */
  private CarelessWriter soft() {
    if (random.nextInt(12) == 0) {
      lineEnd();
      return blanks();
    }
    return maybeBlanks();
  }

  private void lineEnd() {
    maybeBlanks().comment();
    newLine();
    emptyLines();
    maybeBlanks();
  }

  private void emptyLines() {
    while (random.nextInt(3) == 0) {
      maybeBlanks().comment();
      newLine();
    }
  }

  private void newLine() {
    put(random.nextInt(8) == 0 ? "\r\n" : "\n");
  }

  private void comment() {
    if (random.nextInt(3) == 0) {
      String remark = REMARKS.get(random.nextInt(REMARKS.size()));
      comments.add(remark);
      put(remark + " ".repeat(random.nextInt(2)));
    }
  }
}
