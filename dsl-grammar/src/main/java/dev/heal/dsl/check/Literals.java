package dev.heal.dsl.check;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.SignalKind;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stands on the right side of a test: numbers, words and patterns. Empty results have a
 * message already.
 */
final class Literals {
  private final Findings findings;
  private final Quantities quantities;
  private final Names names;

  Literals(Findings findings, Quantities quantities, Names names) {
    this.findings = findings;
    this.quantities = quantities;
    this.names = names;
  }

  /** The value behind a {@code let} or {@code tune}; anything else is itself. */
  Value resolved(Value written) {
    return written instanceof Value.Word word ? names.value(word.name()).orElse(written) : written;
  }

  /** A bound in the base unit, inside the physical range of the signal. */
  Optional<Double> bound(Value written, Signal signal, String name) {
    Optional<Double> bound = number(written, signal.dimension());
    if (bound.isPresent()
        && (signal.min().orElse(Double.NEGATIVE_INFINITY) > bound.get()
            || signal.max().orElse(Double.POSITIVE_INFINITY) < bound.get())) {
      findings.add(
          CheckCode.H0304,
          written.span(),
          "`" + written.span().text() + "` is outside of what `" + name + "` can be");
      return Optional.empty();
    }
    return bound;
  }

  Optional<Double> number(Value written, Dimension dimension) {
    Value value = resolved(written);
    if (value instanceof Value.Quantity quantity) {
      return quantities.number(quantity, dimension);
    }
    if (value instanceof Value.Word word) {
      findings.add(
          CheckCode.H0214,
          word.span(),
          "`" + word.name().text() + "` is not declared",
          findings.near(word.name().text(), names.valueNames()));
    } else {
      findings.add(
          CheckCode.H0305,
          value.span(),
          "`" + value.span().text() + "` is not a number",
          "write " + Quantities.example(dimension));
    }
    return Optional.empty();
  }

  Optional<Set<Double>> numbers(Value.ListOf list, Dimension dimension) {
    Set<Double> numbers = new TreeSet<>();
    boolean whole = true;
    for (Value item : list.items()) {
      Optional<Double> number = number(item, dimension);
      number.ifPresent(numbers::add);
      whole &= number.isPresent();
    }
    return whole ? Optional.of(numbers) : Optional.empty();
  }

  /** One word or a list of them, each known to the signal. */
  Optional<Set<String>> words(Value written, Signal signal) {
    Value value = resolved(written);
    if (value instanceof Value.ListOf list) {
      Set<String> words = new TreeSet<>();
      boolean whole = true;
      for (Value item : list.items()) {
        Optional<Set<String>> one = words(item, signal);
        one.ifPresent(words::addAll);
        whole &= one.isPresent();
      }
      return whole ? Optional.of(words) : Optional.empty();
    }
    Optional<String> word =
        value instanceof Value.Text text
            ? Optional.of(text.text())
            : value instanceof Value.Word bare && bare.name().isSimple()
                ? Optional.of(bare.name().text())
                : Optional.empty();
    if (word.isEmpty()) {
      findings.add(CheckCode.H0305, value.span(), "`" + value.span().text() + "` is not a word");
      return Optional.empty();
    }
    return known(word.get(), value, signal);
  }

  private Optional<Set<String>> known(String word, Value value, Signal signal) {
    if (signal.kind() == SignalKind.WORD
        && !signal.words().isEmpty()
        && !signal.words().contains(word)) {
      findings.add(
          CheckCode.H0216,
          value.span(),
          "`" + word + "` is not a word of `" + signal.name() + "`",
          findings
              .near(word, signal.words())
              .or(
                  () ->
                      Optional.of(
                          "it is one of " + String.join(", ", new TreeSet<>(signal.words())))));
      return Optional.empty();
    }
    return Optional.of(Set.of(word));
  }

  /** The pattern compiled in the linear-time dialect. */
  Optional<Pattern> pattern(Value.Pattern written) {
    try {
      return Optional.of(compiled(written.text()));
    } catch (PatternSyntaxException refused) {
      findings.add(
          CheckCode.H0307,
          written.span(),
          "this pattern cannot be used: " + refused.getDescription(),
          why(written.text()));
      return Optional.empty();
    }
  }

  /**
   * The pattern in the dialect of the language: RE2's, and {@code (?<name>…)} names a group.
   *
   * @throws PatternSyntaxException where it is none
   */
  static Pattern compiled(String pattern) {
    return Pattern.compile(pattern.replace("(?<", "(?P<"));
  }

  private static String why(String pattern) {
    if (pattern.contains("(?=")
        || pattern.contains("(?!")
        || pattern.contains("(?<=")
        || pattern.contains("(?<!")) {
      return "look-around is not part of the dialect";
    }
    return pattern.matches(".*\\\\[1-9].*")
        ? "back-references are not part of the dialect"
        : "patterns are RE2's: see its syntax";
  }
}
