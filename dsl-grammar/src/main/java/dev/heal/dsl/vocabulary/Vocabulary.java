package dev.heal.dsl.vocabulary;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** All words of the edition, read once from {@code vocabulary.tsv}. */
public final class Vocabulary {
  private static final String RESOURCE = "vocabulary.tsv";
  private static final Vocabulary STANDARD = load();

  private final Map<EntityKind, Map<String, Signal>> signals = new EnumMap<>(EntityKind.class);
  private final Map<String, Verb> verbs = new LinkedHashMap<>();
  private final List<Effect> effects = new ArrayList<>();

  private Vocabulary() {
    for (EntityKind kind : EntityKind.values()) {
      signals.put(kind, new LinkedHashMap<>());
    }
  }

  /** The vocabulary of edition 1. */
  public static Vocabulary standard() {
    return STANDARD;
  }

  /** A signal by its name; {@code metric.NAME} of services is any name. */
  public Optional<Signal> signal(EntityKind entity, String name) {
    Signal known = names(entity).get(name);
    if (known == null && entity == EntityKind.SERVICE && name.startsWith("metric.")) {
      return Optional.of(
          new Signal(
              name,
              entity,
              SignalKind.GAUGE,
              Dimension.NUMBER,
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              Set.of(),
              Optional.of(Duration.ofSeconds(5)),
              false,
              "a metric of the service"));
    }
    return Optional.ofNullable(known);
  }

  public Collection<Signal> signals(EntityKind entity) {
    return names(entity).values();
  }

  private Map<String, Signal> names(EntityKind entity) {
    return java.util.Objects.requireNonNull(signals.get(entity));
  }

  public Optional<Verb> verb(String name) {
    return Optional.ofNullable(verbs.get(name));
  }

  public Collection<Verb> verbs() {
    return verbs.values();
  }

  /** What the verbs do to the signals of their targets. */
  public List<Effect> effects() {
    return Collections.unmodifiableList(effects);
  }

  /** Whether the two verbs must not be at work on one entity at the same time. */
  public boolean exclude(String verb, String other) {
    return !verb.equals(other) && moves(verb) && moves(other);
  }

  private boolean moves(String name) {
    return verb(name).map(Verb::interrupts).orElse(false);
  }

  private static Vocabulary load() {
    Vocabulary vocabulary = new Vocabulary();
    try (InputStream in = Vocabulary.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build has lost " + RESOURCE);
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          vocabulary.add(line.split("\t", -1));
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return vocabulary;
  }

  private void add(String[] row) {
    switch (row[0]) {
      case "signal" -> {
        Signal signal = signal(row);
        names(signal.entity()).put(signal.name(), signal);
      }
      case "verb" -> {
        Verb verb = verb(row);
        verbs.put(verb.name(), verb);
      }
      case "effect" -> effects.add(effect(row));
      default -> throw new IllegalStateException("a row of no kind: " + row[0]);
    }
  }

  private static Signal signal(String[] row) {
    Set<String> words = split(row[8]);
    return new Signal(
        row[2],
        EntityKind.of(row[1]).orElseThrow(),
        SignalKind.valueOf(row[3].toUpperCase(Locale.ROOT)),
        Dimension.valueOf(row[4].toUpperCase(Locale.ROOT)),
        number(row[5]),
        number(row[6]),
        words,
        row[7].isEmpty()
            ? Optional.empty()
            : Optional.of(Duration.parse("PT" + row[7].toUpperCase(Locale.ROOT))),
        words.contains("code"),
        row[9]);
  }

  private Effect effect(String[] row) {
    EntityKind target = EntityKind.of(row[2]).orElseThrow();
    return new Effect(
        row[1],
        target,
        signal(target, row[3]).orElseThrow(),
        Effect.Change.valueOf(row[4].toUpperCase(Locale.ROOT)),
        row[5].isEmpty() ? Optional.empty() : Optional.of(row[5]));
  }

  private static Verb verb(String[] row) {
    List<Verb.Setting> settings = new ArrayList<>();
    for (String setting : split(row[6])) {
      String word = setting.split("[?!]", -1)[0];
      settings.add(
          new Verb.Setting(
              word,
              Arrays.asList(setting.substring(word.length() + 1).split("\\|", -1)),
              setting.charAt(word.length()) == '!'));
    }
    return new Verb(
        row[1],
        kinds(row[2]),
        row[3].equals("yes"),
        kinds(row[4]),
        settings,
        row[5].equals("yes"),
        row[7].equals("yes"),
        row[8]);
  }

  private static Set<EntityKind> kinds(String words) {
    Set<EntityKind> kinds = new LinkedHashSet<>();
    split(words).forEach(word -> kinds.add(EntityKind.of(word).orElseThrow()));
    return kinds;
  }

  private static Set<String> split(String words) {
    return words.isEmpty() ? Set.of() : new LinkedHashSet<>(Arrays.asList(words.split(",")));
  }

  private static OptionalDouble number(String text) {
    return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
  }
}
