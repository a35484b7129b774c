package dev.heal.dsl.check;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Condition;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Statement.ConditionWord;
import dev.heal.dsl.tree.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The statements of one block: each is asked for by its word, and what nobody asked for is named.
 */
final class Body {
  private final String what;
  private final Span head;
  private final List<Statement> statements;
  private final Findings findings;
  private final Set<String> asked = new LinkedHashSet<>();
  private final Set<Statement> used = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, List<Statement.Setting>> byWord = new HashMap<>();
  private final IdentityHashMap<Statement, Integer> places = new IdentityHashMap<>();

  Body(String what, Span head, List<Statement> statements, Findings findings) {
    this.what = what;
    this.head = head;
    this.statements = statements;
    this.findings = findings;
    for (int i = 0; i < statements.size(); i++) {
      places.put(statements.get(i), i);
      if (statements.get(i) instanceof Statement.Setting setting) {
        byWord.computeIfAbsent(setting.word(), word -> new ArrayList<>()).add(setting);
      }
    }
  }

  Span head() {
    return head;
  }

  List<Statement> statements() {
    return statements;
  }

  /** Every setting of the word, in the order of the file. */
  List<Statement.Setting> all(String word) {
    asked.add(word);
    List<Statement.Setting> settings = byWord.getOrDefault(word, List.of());
    used.addAll(settings);
    return settings;
  }

  /** The setting of the word; a second one is a mistake. */
  Optional<Statement.Setting> one(String word) {
    List<Statement.Setting> settings = all(word);
    for (int i = 1; i < settings.size(); i++) {
      findings.add(CheckCode.H0212, settings.get(i).wordSpan(), "`" + word + "` is given twice");
    }
    return settings.isEmpty() ? Optional.empty() : Optional.of(settings.get(0));
  }

  /** The single value of the word. */
  Optional<Value> value(String word) {
    return one(word).flatMap(this::single);
  }

  Optional<Value> single(Statement.Setting setting) {
    if (setting.values().size() == 1) {
      return Optional.of(setting.values().get(0));
    }
    findings.add(
        CheckCode.H0305,
        setting.span(),
        "`%s` takes one value, not %d".formatted(setting.word(), setting.values().size()));
    return Optional.empty();
  }

  Optional<Value> required(String word) {
    if (!byWord.containsKey(word)) {
      findings.add(CheckCode.H0213, head, what + " has no `" + word + "`");
    }
    return value(word);
  }

  Optional<Condition> condition(ConditionWord word) {
    asked.add(word.words());
    Optional<Condition> found = Optional.empty();
    for (Statement statement : statements) {
      if (statement instanceof Statement.Conditional conditional && conditional.word() == word) {
        used.add(statement);
        if (found.isPresent()) {
          findings.add(
              CheckCode.H0212, conditional.wordSpan(), "`" + word.words() + "` is given twice");
        } else {
          found = Optional.of(conditional.condition());
        }
      }
    }
    return found;
  }

  void use(Statement statement) {
    used.add(statement);
  }

  boolean isUsed(Statement statement) {
    return used.contains(statement);
  }

  /** Settings joined by commas behind a statement, that belong to it: {@code at}, {@code over}. */
  List<Statement.Setting> joined(Statement statement, Set<String> words) {
    List<Statement.Setting> joined = new ArrayList<>();
    int at = places.getOrDefault(statement, statements.size());
    for (int i = at + 1; i < statements.size(); i++) {
      if (statements.get(i) instanceof Statement.Setting setting
          && setting.afterComma()
          && words.contains(setting.word())) {
        joined.add(setting);
        used.add(setting);
      } else {
        break;
      }
    }
    return joined;
  }

  /** Names every statement that nobody asked for. */
  void done() {
    for (Statement statement : statements) {
      if (used.contains(statement)) {
        continue;
      }
      String word =
          statement instanceof Statement.Setting setting
              ? setting.word()
              : ((Statement.Conditional) statement).word().words();
      Span place =
          statement instanceof Statement.Setting setting
              ? setting.wordSpan()
              : ((Statement.Conditional) statement).wordSpan();
      Optional<String> near = findings.near(word, asked);
      findings.add(
          CheckCode.H0206,
          place,
          "`" + word + "` is not a setting of " + what,
          near.isPresent() ? near : Optional.of("it has " + String.join(", ", asked)));
    }
  }
}
