package dev.heal.engine.reload.store;

import dev.heal.engine.reload.bundle.Digest;
import dev.heal.engine.reload.bundle.Manifest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which generation is in force, and what must outlast all of them: the highest revision that was
 * ever taken, and what was rolled back.
 */
record Pointer(
    OptionalLong current,
    Optional<String> name,
    Optional<Manifest.Ancestor> highest,
    Set<Digest> withdrawn) {
  static final Pointer NONE =
      new Pointer(OptionalLong.empty(), Optional.empty(), Optional.empty(), Set.of());

  Pointer {
    withdrawn = Set.copyOf(withdrawn);
  }

  /**
   * When this generation comes into force.
   *
   * @param from the one that it takes the place of by an operator's wish
   */
  Pointer to(Generation next, Optional<Generation> from) {
    Set<Digest> rolledBack = new HashSet<>(withdrawn);
    from.flatMap(Generation::signed).ifPresent(signed -> rolledBack.add(signed.bundle()));
    next.signed().ifPresent(signed -> rolledBack.remove(signed.bundle()));
    Optional<Manifest.Ancestor> high = higher(next);
    // what is below the highest revision is refused as it is
    rolledBack.removeIf(digest -> !high.map(Manifest.Ancestor::digest).equals(Optional.of(digest)));
    return new Pointer(
        OptionalLong.of(next.number()),
        next.signed().map(Generation.Signed::name).or(() -> name),
        high,
        rolledBack);
  }

  private Optional<Manifest.Ancestor> higher(Generation next) {
    Optional<Manifest.Ancestor> own =
        next.signed().map(s -> new Manifest.Ancestor(s.revision(), s.bundle()));
    boolean below =
        own.isEmpty() || (highest.isPresent() && highest.get().revision() >= own.get().revision());
    return below ? highest : own;
  }

  /** As far as the generations themselves tell, where the pointer is lost. */
  static Pointer of(List<Generation> oldestFirst) {
    Pointer pointer = NONE;
    for (Generation generation : oldestFirst) {
      Optional<Generation> from =
          oldestFirst.stream()
              .filter(g -> OptionalLong.of(g.number()).equals(generation.rolledBackFrom()))
              .findFirst();
      pointer = pointer.to(generation, from);
    }
    return pointer;
  }

  Fields toFields() {
    Fields fields = new Fields();
    if (current.isPresent()) {
      fields.put("current", Long.toString(current.getAsLong()));
    }
    fields.put("set", name);
    if (highest.isPresent()) {
      fields
          .put("highest", Long.toString(highest.get().revision()))
          .put("highest_bundle", highest.get().digest().toString());
    }
    new TreeSet<>(withdrawn).forEach(digest -> fields.put("withdrawn", digest.toString()));
    return fields;
  }

  /**
   * @throws RuntimeException where a field is no such value
   */
  static Pointer of(Fields fields) {
    Optional<String> current = fields.find("current");
    Set<Digest> withdrawn = new HashSet<>();
    for (String digest : fields.all("withdrawn")) {
      withdrawn.add(digest(digest));
    }
    return new Pointer(
        current.isPresent() ? OptionalLong.of(Long.parseLong(current.get())) : OptionalLong.empty(),
        fields.find("set"),
        fields
            .find("highest")
            .map(
                highest ->
                    new Manifest.Ancestor(
                        Long.parseLong(highest), digest(fields.get("highest_bundle")))),
        withdrawn);
  }

  private static Digest digest(String text) {
    return Digest.parse(text).orElseThrow(IllegalArgumentException::new);
  }
}
