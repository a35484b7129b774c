package dev.heal.engine.fact;

import dev.heal.dsl.vocabulary.EntityKind;
import java.util.Objects;
import java.util.Optional;

/**
 * Who a fact is about: {@code node:n1}, {@code gpu:n1/0}, {@code service:n1/llm}, {@code job:j7}.
 *
 * @param name without the kind: {@code n1/0}
 */
public record EntityId(EntityKind kind, String name) implements Comparable<EntityId> {
  public EntityId {
    Objects.requireNonNull(kind);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an entity has a name");
    }
  }

  /** Empty where the text is not {@code kind:name}. */
  public static Optional<EntityId> parse(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      return Optional.empty();
    }
    return EntityKind.of(text.substring(0, colon))
        .map(kind -> new EntityId(kind, text.substring(colon + 1)));
  }

  public static EntityId node(String name) {
    return new EntityId(EntityKind.NODE, name);
  }

  public static EntityId gpu(String node, int index) {
    return new EntityId(EntityKind.GPU, node + "/" + index);
  }

  public static EntityId service(String node, String name) {
    return new EntityId(EntityKind.SERVICE, node + "/" + name);
  }

  public static EntityId job(String name) {
    return new EntityId(EntityKind.JOB, name);
  }

  /** The host in the name of a GPU or service ({@code n1} of {@code n1/0}); a node's own name. */
  public Optional<String> host() {
    return switch (kind) {
      case NODE -> Optional.of(name);
      case JOB -> Optional.empty();
      case GPU, SERVICE -> {
        int slash = name.indexOf('/');
        yield slash > 0 ? Optional.of(name.substring(0, slash)) : Optional.empty();
      }
    };
  }

  /** The same in every run, so that no order of a map depends on the machine's memory. */
  @Override
  public int hashCode() {
    return name.hashCode() * 31 + kind.word().hashCode();
  }

  @Override
  public int compareTo(EntityId other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return kind.word() + ":" + name;
  }
}
