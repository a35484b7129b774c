package dev.heal.dsl.check;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Tree;
import dev.heal.dsl.tree.Value;
import java.util.Set;

/**
 * The nodes that services and jobs name. A set of files that declares no node leaves them to be
 * discovered where it runs.
 */
final class SiteNames {
  private SiteNames() {}

  static void check(Tree tree, Names names, Findings findings) {
    Set<String> nodes = names.of(BlockKind.NODE).keySet();
    for (Declaration declaration : tree.declarations()) {
      if (declaration instanceof Declaration.Block block && !nodes.isEmpty()) {
        findings.enter(
            block.kind().word() + " `" + block.name().map(n -> n.text()).orElse("") + "`",
            block.span());
        if (block.kind() == BlockKind.SERVICE) {
          block.subject().ifPresent(node -> node(node.text(), node.span(), nodes, findings));
        } else if (block.kind() == BlockKind.JOB) {
          nodes(block, nodes, findings);
        }
      }
    }
    findings.leave();
  }

  private static void nodes(Declaration.Block job, Set<String> nodes, Findings findings) {
    for (Statement statement : job.statements()) {
      if (statement instanceof Statement.Setting setting && setting.word().equals("nodes")) {
        for (Value value : setting.values()) {
          Entities.items(value)
              .forEach(item -> node(item.span().text(), item.span(), nodes, findings));
        }
      }
    }
  }

  private static void node(String name, Span span, Set<String> nodes, Findings findings) {
    if (!nodes.contains(name)) {
      findings.add(
          CheckCode.H0208, span, "no node `" + name + "` is declared", findings.near(name, nodes));
    }
  }
}
