package dev.heal.dsl.check;

import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Tree;
import java.util.Optional;

/**
 * Declarations of a given file that nothing names. What an imported file offers is no waste, nor
 * what a set of files without policies offers to others.
 */
final class Unused {
  private Unused() {}

  static void check(Tree tree, Names names, Findings findings) {
    for (Declaration declaration : tree.declarations()) {
      if (declaration instanceof Declaration.Import line) {
        unused(line, names, findings);
      } else if (declaration instanceof Declaration.Let let) {
        value("let", let.name(), names, findings);
      } else if (declaration instanceof Declaration.Tune tune) {
        value("tune", tune.name(), names, findings);
      } else if (declaration instanceof Declaration.Block block) {
        unused(block, names, findings);
      }
    }
    findings.leave();
  }

  private static void unused(Declaration.Import line, Names names, Findings findings) {
    String alias = Checker.alias(line);
    if (!names.usesAlias(alias)) {
      findings.leave();
      findings.add(
          CheckCode.H0211,
          line.span(),
          "nothing of `" + alias + "` is named here",
          "delete the import, or name what you want of it: `change policy %s.… { mode observe }`"
              .formatted(alias));
    }
  }

  private static void value(
      String word, dev.heal.dsl.tree.Name name, Names names, Findings findings) {
    if (!names.isUsed(name.text())) {
      findings.enter(word + " `" + name.text() + "`", name.span());
      findings.add(CheckCode.H0211, name.span(), "nothing uses `" + name.text() + "`", "delete it");
    }
  }

  private static void unused(Declaration.Block block, Names names, Findings findings) {
    boolean named =
        switch (block.kind()) {
          case BUDGET ->
              names.of(BlockKind.POLICY).isEmpty()
                  || appliesToAll(block)
                  || block.name().filter(n -> used(n, block, names)).isPresent();
          case ACTION, CHECK ->
              names.of(BlockKind.POLICY).isEmpty()
                  || block.name().filter(n -> used(n, block, names)).isPresent();
          case FAULT, POLICY, MAINTENANCE, BREAKER, TEST, NODE, SERVICE, JOB, PAGER, CHANGE -> true;
        };
    if (!named) {
      Optional<String> name = block.name().map(n -> n.text());
      findings.enter(block.kind().word() + " `" + name.orElse("") + "`", block.span());
      findings.add(
          CheckCode.H0211,
          block.head(),
          "nothing uses `" + name.orElse("") + "`",
          block.kind() == BlockKind.BUDGET
              ? "name it in a policy, or write `applies to all` in it"
              : "name it in a policy, or delete it");
    }
  }

  private static boolean used(dev.heal.dsl.tree.Name name, Declaration.Block block, Names names) {
    return names.isUsed(block.kind(), name.text());
  }

  private static boolean appliesToAll(Declaration.Block block) {
    return block.statements().stream()
        .anyMatch(s -> s instanceof Statement.Setting setting && setting.word().equals("applies"));
  }
}
