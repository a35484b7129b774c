package dev.heal.engine.fact.log;

import dev.heal.engine.fact.log.LogEvent.About;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the rules that are shipped beside this class. A paragraph is a rule:
 *
 * <pre>
 * event severity action about [trait…]
 *   has   a literal of every such line (several: any of them)
 *   like  a pattern (several: any of them)
 *   set   field value
 * </pre>
 *
 * A line with # is a comment: it names where the spelling comes from.
 */
final class RuleFile {
  private RuleFile() {}

  static List<Rule> read(String name) {
    try (InputStream in = RuleFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Rule> parse(String text) {
    List<Rule> rules = new ArrayList<>();
    List<String> paragraph = new ArrayList<>();
    for (String line : (text + "\n\n").split("\n", -1)) {
      if (line.startsWith("#")) {
        continue;
      }
      if (!line.startsWith(" ") && !paragraph.isEmpty()) {
        rules.add(rule(paragraph));
        paragraph.clear();
      }
      if (!line.isBlank()) {
        paragraph.add(line);
      }
    }
    return rules;
  }

  private static Rule rule(List<String> lines) {
    String[] head = lines.get(0).split(" +", -1);
    List<String> literals = new ArrayList<>();
    List<Rule.LazyPattern> patterns = new ArrayList<>();
    Map<String, FieldValue> fixed = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.strip().split(" +", 2);
      switch (words[0]) {
        case "has" -> literals.add(words[1].toLowerCase(Locale.ROOT));
        case "like" -> patterns.add(new Rule.LazyPattern(words[1]));
        case "set" -> {
          String[] pair = words[1].split(" +", 2);
          fixed.put(pair[0], new FieldValue.Text(pair[1]));
        }
        default -> throw new IllegalStateException("not a word of a rule: " + line);
      }
    }
    if (literals.isEmpty() || patterns.isEmpty()) {
      throw new IllegalStateException("a rule needs `has` and `like`: " + lines.get(0));
    }
    Set<Rule.Trait> traits = EnumSet.noneOf(Rule.Trait.class);
    for (int i = 4; i < head.length; i++) {
      traits.add(Rule.Trait.valueOf(head[i].toUpperCase(Locale.ROOT)));
    }
    return new Rule(
        head[0],
        about(head[3]),
        new Rule.Verdict(
            Severity.valueOf(head[1].toUpperCase(Locale.ROOT)),
            Action.valueOf(head[2].toUpperCase(Locale.ROOT))),
        literals,
        patterns,
        fixed,
        traits);
  }

  private static About about(String word) {
    return switch (word) {
      case "pci" -> About.PCI_DEVICE;
      case "host" -> About.HOST;
      case "service" -> About.SERVICE;
      default -> throw new IllegalStateException("not a subject: " + word);
    };
  }
}
