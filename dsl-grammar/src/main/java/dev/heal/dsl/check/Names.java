package dev.heal.dsl.check;

import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Value;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one file may name: its own declarations, and those of its imports behind their alias. Names
 * of a file that is imported are known to the whole set by the alias of its first importer.
 */
final class Names {
  private final Map<BlockKind, Map<String, Declaration.Block>> blocks =
      new EnumMap<>(BlockKind.class);
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Declaration> declarations = new HashMap<>();
  private final Map<String, Names> imported = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> aliases = new HashSet<>();
  final String prefix;

  Names(String prefix) {
    this.prefix = prefix;
    for (BlockKind kind : BlockKind.values()) {
      blocks.put(kind, new LinkedHashMap<>());
    }
  }

  Map<String, Declaration.Block> of(BlockKind kind) {
    return java.util.Objects.requireNonNull(blocks.get(kind));
  }

  /** The value of a {@code let} or {@code tune}. */
  Optional<Value> value(Name name) {
    used.add(name.text());
    return Optional.ofNullable(values.get(name.text()));
  }

  /** Makes a value known; gives back what declared the name before. */
  @Nullable Declaration value(String name, Value value, Declaration declaration) {
    values.putIfAbsent(name, value);
    return declarations.putIfAbsent(name, declaration);
  }

  Set<String> valueNames() {
    return values.keySet();
  }

  boolean isUsed(String name) {
    return used.contains(name);
  }

  void use(BlockKind kind, String name) {
    used.add(kind + " " + name);
    if (name.indexOf('.') > 0) {
      aliases.add(name.substring(0, name.indexOf('.')));
    }
  }

  boolean isUsed(BlockKind kind, String name) {
    return used.contains(kind + " " + name);
  }

  /** Whether anything behind the alias of an import was named. */
  boolean usesAlias(String alias) {
    return aliases.contains(alias);
  }

  /** Makes the names of an imported file known behind its alias. */
  void imports(String alias, Names file) {
    imported.put(alias, file);
    for (BlockKind kind : BlockKind.values()) {
      // a copy: files of one folder share their names, and may import each other
      Map.copyOf(file.of(kind))
          .forEach(
              (name, block) -> {
                if (isNear(name, file)) {
                  of(kind).put(alias + "." + name, block);
                }
              });
    }
  }

  /**
   * Whether a name is worth knowing behind one alias more: with every alias behind every other,
   * files that import each other would have more names than memory holds.
   */
  private boolean isNear(String name, Names file) {
    int dot = name.indexOf('.');
    return dot < 0 || (file != this && name.indexOf('.', dot + 1) < 0);
  }

  /**
   * A name of this file as the whole set knows it. Two files that import a third speak of the same
   * thing, each by its own alias.
   */
  String qualified(String name) {
    int dot = name.indexOf('.');
    Names file = dot < 0 ? null : imported.get(name.substring(0, dot));
    if (file != null) {
      return file.qualified(name.substring(dot + 1));
    }
    return prefix.isEmpty() ? name : prefix + "." + name;
  }
}
