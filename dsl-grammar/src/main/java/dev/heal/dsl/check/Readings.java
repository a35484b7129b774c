package dev.heal.dsl.check;

import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.SignalKind;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Names in conditions to signals. */
final class Readings {
  private final Vocabulary vocabulary;
  private final Set<String> siteAttributes;
  private final Findings findings;

  Readings(Vocabulary vocabulary, Set<String> siteAttributes, Findings findings) {
    this.vocabulary = vocabulary;
    this.siteAttributes = siteAttributes;
    this.findings = findings;
  }

  /**
   * What a name reads.
   *
   * @param field of an event: {@code action} of {@code xid.action}
   */
  record Read(Reading reading, Optional<String> field) {}

  /** The signal that {@code name} reads for a condition that stands on {@code on}. */
  Optional<Read> read(Name name, EntityKind on) {
    return tried(name, on)
        .or(
            () -> {
              findings.add(
                  CheckCode.H0203,
                  name.span(),
                  "`" + name.text() + "` is not a signal of a " + on.word(),
                  findings.near(name.text(), candidates(on)));
              return Optional.empty();
            });
  }

  Optional<Read> tried(Name name, EntityKind on) {
    List<String> parts = name.parts();
    Optional<EntityKind> named = parts.size() > 1 ? EntityKind.of(parts.get(0)) : Optional.empty();
    if (named.isPresent()) {
      Optional<Read> read = on(named.get(), parts.subList(1, parts.size()), on);
      if (read.isPresent()) {
        return read;
      }
      if (parts.size() == 2 && siteAttributes.contains(parts.get(1))) {
        return Optional.of(
            new Read(new Reading(on, attribute(named.get(), parts.get(1))), Optional.empty()));
      }
    }
    Optional<Read> own = on(on, parts, on);
    if (own.isPresent()) {
      return own;
    }
    List<Read> elsewhere = new ArrayList<>();
    for (EntityKind kind : EntityKind.values()) {
      on(kind, parts, on).ifPresent(elsewhere::add);
    }
    return elsewhere.size() == 1 ? Optional.of(elsewhere.get(0)) : Optional.empty();
  }

  private Optional<Read> on(EntityKind kind, List<String> parts, EntityKind from) {
    Optional<Signal> whole = vocabulary.signal(kind, String.join(".", parts));
    if (whole.isPresent()) {
      return Optional.of(new Read(new Reading(from, whole.get()), Optional.empty()));
    }
    if (parts.size() < 2) {
      return Optional.empty();
    }
    String field = parts.get(parts.size() - 1);
    return vocabulary
        .signal(kind, String.join(".", parts.subList(0, parts.size() - 1)))
        .filter(signal -> signal.kind() == SignalKind.EVENT && signal.words().contains(field))
        .map(signal -> new Read(new Reading(from, signal), Optional.of(field)));
  }

  private static Signal attribute(EntityKind kind, String name) {
    return new Signal(
        name,
        kind,
        SignalKind.ATTRIBUTE,
        Dimension.NUMBER,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Set.of(),
        Optional.empty(),
        false,
        "declared by the site");
  }

  private List<String> candidates(EntityKind on) {
    List<String> names = new ArrayList<>();
    vocabulary.signals(on).forEach(s -> names.add(s.name()));
    for (EntityKind kind : EntityKind.values()) {
      vocabulary.signals(kind).forEach(s -> names.add(kind.word() + "." + s.name()));
    }
    return names;
  }
}
