package dev.heal.engine.schedule;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Times;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is in force otherwise than the files say, and until when: tunes that an operator has set,
 * and policies that only observe until they have shown what they would do.
 *
 * @param tuned by the names of tunes
 * @param trials by the names of policies
 */
public record Deviations(Map<String, Tuned> tuned, Map<String, Trial> trials) {
  /** All is as the files say. */
  public static final Deviations NONE = new Deviations(Map.of(), Map.of());

  private static final String TUNE = "tune=";
  private static final String OBSERVE = "observe=";
  private static final String FOREVER = "-";

  /** The outcome of an entry that says that a time is over. */
  public static final String OVER = "over";

  public Deviations {
    tuned = Collections.unmodifiableMap(new TreeMap<>(tuned));
    trials = Collections.unmodifiableMap(new TreeMap<>(trials));
  }

  /**
   * A tune with another value.
   *
   * @param value as a file would spell it: {@code 90C}
   * @param until nanoseconds since the epoch; {@link Times#NEVER}: until somebody ends it
   */
  public record Tuned(String value, long until) {}

  /**
   * A policy that observes for a while, whatever its file says.
   *
   * @param until nanoseconds since the epoch; {@link Times#NEVER}: it would have acted too often,
   *     and observes until its file is another
   * @param most so often may it want to act in that time: then its file's mode counts
   */
  public record Trial(long until, int most) {
    /** Whether one that would have acted so often may act. */
    public boolean passes(int wouldHaveActed) {
      return wouldHaveActed <= most;
    }
  }

  /** Whether the entry says that the time of something is over that was in force for a while. */
  public static boolean isOver(Entry entry) {
    return (entry.type() == EntryType.TUNED || entry.type() == EntryType.TRIAL_OVER)
        && entry.outcome().filter(OVER::equals).isPresent();
  }

  /** For people: {@code `hot` = 90C until 2026-01-05T00:00:00.000Z}; empty for none. */
  public String text() {
    List<String> parts = new ArrayList<>();
    tuned.forEach(
        (name, one) -> parts.add("`%s` = %s%s".formatted(name, one.value(), span(one.until()))));
    trials.forEach((name, one) -> parts.add("`%s` observing%s".formatted(name, span(one.until()))));
    return String.join(", ", parts);
  }

  private static String span(long until) {
    return until == Times.NEVER ? "" : " until " + Times.iso(until);
  }

  public boolean isNone() {
    return tuned.isEmpty() && trials.isEmpty();
  }

  /** The values of tunes, as a check takes them. */
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    tuned.forEach((name, one) -> values.put(name, one.value()));
    return values;
  }

  /** The policies, where those on trial only observe. */
  public CheckedPolicy observing(CheckedPolicy policies) {
    return trials.isEmpty()
        ? policies
        : policies.withEach(p -> trials.containsKey(p.name()) ? p.in(Policy.Mode.OBSERVE) : p);
  }

  /** It in words that {@link #parse} reads: {@code tune=hot=90C@1767571200000000000}. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    tuned.forEach(
        (name, one) -> words.add(TUNE + name + "=" + one.value() + "@" + until(one.until())));
    trials.forEach(
        (name, one) -> words.add(OBSERVE + name + "=" + one.most() + "@" + until(one.until())));
    return words;
  }

  private static String until(long at) {
    return at == Times.NEVER ? FOREVER : Long.toString(at);
  }

  /** Empty where the words are none of it. */
  public static Optional<Deviations> parse(List<String> words) {
    Map<String, Tuned> tuned = new TreeMap<>();
    Map<String, Trial> trials = new TreeMap<>();
    for (String word : words) {
      int equals = word.indexOf('=', word.indexOf('=') + 1);
      int at = word.lastIndexOf('@');
      if (equals < 0 || at < equals) {
        return Optional.empty();
      }
      String value = word.substring(equals + 1, at);
      try {
        String end = word.substring(at + 1);
        long until = end.equals(FOREVER) ? Times.NEVER : Long.parseLong(end);
        if (word.startsWith(TUNE)) {
          tuned.put(word.substring(TUNE.length(), equals), new Tuned(value, until));
        } else if (word.startsWith(OBSERVE)) {
          trials.put(
              word.substring(OBSERVE.length(), equals), new Trial(until, Integer.parseInt(value)));
        } else {
          return Optional.empty();
        }
      } catch (NumberFormatException malformed) {
        return Optional.empty();
      }
    }
    return Optional.of(new Deviations(tuned, trials));
  }
}
