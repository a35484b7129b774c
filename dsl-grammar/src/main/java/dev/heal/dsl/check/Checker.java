package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.parse.HealFileParser;
import dev.heal.dsl.parse.ParseResult;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Tree;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The way from files to a checked policy. */
public final class Checker {
  private final ImportResolver resolver;
  private final Findings findings = new Findings();
  private final Map<String, Loaded> loaded = new LinkedHashMap<>();
  private final Set<String> open = new HashSet<>();

  private record Loaded(Tree tree, Names names) {}

  private Checker(ImportResolver resolver) {
    this.resolver = resolver;
  }

  /**
   * Checks files as one whole, in the given order. All mistakes of all files come back; the policy
   * only where none is an error.
   */
  public static CheckResult check(List<SourceFile> sources, ImportResolver resolver) {
    return new Checker(resolver).check(sources);
  }

  private CheckResult check(List<SourceFile> sources) {
    Names shared = new Names("");
    List<Loaded> roots = new ArrayList<>();
    for (SourceFile source : sources) {
      Tree tree = parse(source);
      declare(tree, shared);
      roots.add(new Loaded(tree, shared));
    }
    for (Loaded root : roots) {
      imports(root);
    }
    List<Loaded> all = new ArrayList<>(loaded.values());
    all.addAll(roots);
    Set<String> attributes = new HashSet<>();
    all.forEach(file -> attributes.addAll(attributes(file.tree())));
    Quantities quantities = new Quantities(findings);
    SiteLowering site = new SiteLowering(findings, quantities);
    FileLowering gathered = new FileLowering(findings, site);
    Readings readings = new Readings(Vocabulary.standard(), attributes, findings);
    for (Loaded file : all) {
      Workshop workshop =
          new Workshop(
              Vocabulary.standard(),
              quantities,
              new ConditionLowering(findings, quantities, file.names(), readings));
      gathered.lower(file.tree(), file.names(), workshop);
    }
    CheckedPolicy policy =
        new CheckedPolicy(
            gathered.faults,
            gathered.policies,
            gathered.budgets,
            gathered.maintenances,
            gathered.breakers,
            gathered.actions,
            gathered.checks,
            site.site(),
            gathered.tests);
    boolean sound = !findings.hasErrors();
    PolicyChecks.check(policy, findings, sound);
    ReachChecks.check(policy, findings);
    RepairChecks.check(policy, findings);
    List<Diagnostic> diagnostics = new ArrayList<>(findings.all());
    diagnostics.sort(
        Comparator.comparing((Diagnostic d) -> d.span().file().name())
            .thenComparingInt(d -> d.span().start())
            .thenComparing(Diagnostic::code));
    return new CheckResult(
        diagnostics, findings.hasErrors() ? Optional.empty() : Optional.of(policy));
  }

  private Tree parse(SourceFile source) {
    ParseResult result = HealFileParser.parse(source);
    result.diagnostics().forEach(findings::add);
    return result.tree();
  }

  /** Makes the names of a file known, and the names twice declared. */
  private void declare(Tree tree, Names names) {
    Map<String, Declaration> values = new LinkedHashMap<>();
    for (Declaration declaration : tree.declarations()) {
      if (declaration instanceof Declaration.Let let) {
        names.value(let.name().text(), let.value());
        twice(values.put(let.name().text(), let), let.name().text(), declaration);
      } else if (declaration instanceof Declaration.Tune tune) {
        names.value(tune.name().text(), tune.value());
        twice(values.put(tune.name().text(), tune), tune.name().text(), declaration);
      } else if (declaration instanceof Declaration.Block block
          && block.kind() != BlockKind.CHANGE
          && block.name().isPresent()) {
        String name = block.name().get().text();
        twice(names.of(block.kind()).putIfAbsent(name, block), name, declaration);
      }
    }
  }

  private void twice(
      @org.jspecify.annotations.Nullable Declaration before, String name, Declaration again) {
    if (before != null) {
      findings.add(
          Diagnostic.error(CheckCode.H0209.name(), head(again), "`" + name + "` is declared twice")
              .related(head(before), "first declared here"));
    }
  }

  private static dev.heal.dsl.text.Span head(Declaration declaration) {
    return declaration instanceof Declaration.Block block ? block.head() : declaration.span();
  }

  private void imports(Loaded file) {
    for (Declaration declaration : file.tree().declarations()) {
      if (!(declaration instanceof Declaration.Import line)) {
        continue;
      }
      String alias =
          line.alias()
              .map(name -> name.text())
              .orElseGet(() -> line.path().text().replaceAll("^.*/|\\.heal$", ""));
      Optional<SourceFile> source = resolver.resolve(line.path().text(), file.tree().source());
      if (source.isEmpty()) {
        findings.add(
            CheckCode.H0207,
            line.path().span(),
            "there is no pack or file `" + line.path().text() + "`",
            "`heal check rules` lists what is shipped; other paths are relative to this file");
        continue;
      }
      one(file, line, alias, source.get());
    }
  }

  private void one(Loaded importer, Declaration.Import line, String alias, SourceFile source) {
    if (open.contains(source.name())) {
      findings.add(
          CheckCode.H0210, line.span(), "`" + source.name() + "` imports itself in a circle");
      return;
    }
    Loaded known = loaded.get(source.name());
    if (known == null) {
      String prefix = importer.names().qualified(alias);
      known = new Loaded(parse(source), new Names(prefix));
      declare(known.tree(), known.names());
      open.add(source.name());
      imports(known);
      open.remove(source.name());
      loaded.put(source.name(), known);
    }
    for (BlockKind kind : BlockKind.values()) {
      known
          .names()
          .of(kind)
          .forEach((name, block) -> importer.names().of(kind).put(alias + "." + name, block));
    }
  }

  /** The labels that a file's nodes, GPUs and services carry. */
  private static Set<String> attributes(Tree tree) {
    Set<String> words = new HashSet<>();
    for (Declaration declaration : tree.declarations()) {
      if (declaration instanceof Declaration.Block block) {
        labels(block.statements(), words);
      }
    }
    return words;
  }

  private static void labels(List<Statement> statements, Set<String> words) {
    for (Statement statement : statements) {
      if (statement instanceof Statement.Setting setting) {
        if (setting.values().size() == 1
            && setting.values().get(0) instanceof dev.heal.dsl.tree.Value.Text) {
          words.add(setting.word());
        }
        setting.block().ifPresent(block -> labels(block, words));
      }
    }
  }
}
