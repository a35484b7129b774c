package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.parse.HealFileParser;
import dev.heal.dsl.parse.ParseResult;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Tree;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The way from files to a checked policy. */
public final class Checker {
  private final ImportResolver resolver;
  private final TunedValues tuned;
  private final Findings findings = new Findings();
  private final Map<String, Loaded> known = new HashMap<>();
  private final Map<String, List<Imported>> importsOf = new HashMap<>();
  private final Set<String> followed = new HashSet<>();
  private final Set<String> open = new HashSet<>();
  private final List<Loaded> imported = new ArrayList<>();

  private record Loaded(Tree tree, Names names) {}

  private record Imported(Declaration.Import line, String alias, Loaded file) {}

  private Checker(ImportResolver resolver, TunedValues tuned) {
    this.resolver = resolver;
    this.tuned = tuned;
  }

  /**
   * Checks files as one whole, in the given order. All mistakes of all files come back; the policy
   * only where none is an error.
   */
  public static CheckResult check(List<SourceFile> sources, ImportResolver resolver) {
    return check(sources, resolver, Map.of());
  }

  /**
   * The same, where some tunes have other values than their files give them. A value outside of its
   * range is a mistake as it would be in the file.
   *
   * @param tuned values as a file would spell them ({@code 90C}), by the qualified names of tunes
   */
  public static CheckResult check(
      List<SourceFile> sources, ImportResolver resolver, Map<String, String> tuned) {
    return new Checker(resolver, TunedValues.of(tuned)).check(sources);
  }

  /** Whether a text is a number with or without a unit, as a tune may have. */
  public static boolean isQuantity(String text) {
    return TunedValues.quantity(text).isPresent();
  }

  /** Whether a finding is about a value that was set, not about what stands in a file. */
  public static boolean isOfTunedValue(Diagnostic finding) {
    return finding.span().file().name().equals(TunedValues.PLACE);
  }

  private CheckResult check(List<SourceFile> sources) {
    Names shared = new Names("");
    List<Loaded> roots = new ArrayList<>();
    for (SourceFile source : sources) {
      Tree tree = parse(source);
      declare(tree, shared);
      roots.add(new Loaded(tree, shared));
    }
    roots.forEach(root -> known.putIfAbsent(name(root), root));
    roots.forEach(this::imports);
    roots.stream().filter(root -> !followed.contains(name(root))).forEach(this::follow);
    List<Loaded> all = new ArrayList<>(imported);
    all.addAll(roots);
    Set<String> attributes = new HashSet<>();
    all.forEach(file -> attributes.addAll(attributes(file.tree())));
    SiteLowering site = new SiteLowering(findings, new Quantities(findings, shared));
    FileLowering gathered = new FileLowering(findings, site, tuned);
    Readings readings = new Readings(Vocabulary.standard(), attributes, findings);
    for (Loaded file : all) {
      Quantities quantities = new Quantities(findings, file.names());
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
    whole(policy, gathered, roots);
    List<Diagnostic> diagnostics = new ArrayList<>(findings.all());
    diagnostics.sort(
        Comparator.comparing((Diagnostic d) -> d.span().file().name())
            .thenComparingInt(d -> d.span().start())
            .thenComparing(Diagnostic::code));
    return new CheckResult(
        diagnostics, findings.hasErrors() ? Optional.empty() : Optional.of(policy), gathered.tunes);
  }

  /** The checks that need everything; what would only follow from an error is not said. */
  private void whole(CheckedPolicy policy, FileLowering gathered, List<Loaded> roots) {
    boolean sound = !findings.hasErrors();
    Map<String, Fault> faults = new LinkedHashMap<>();
    policy.faults().forEach(fault -> faults.put(fault.name(), fault));
    Set<SourceFile> given = new HashSet<>();
    roots.forEach(root -> given.add(root.tree().source()));
    gathered.unsteady(PolicyChecks.check(policy, faults, findings));
    ReachChecks.check(policy, findings, sound);
    SuppressionCircles.check(policy.faults(), findings);
    Rivals.check(policy, findings);
    RepairChecks.check(policy, faults, findings);
    EffectChecks.check(policy, faults, findings);
    CatalogueChecks.check(policy, faults, findings);
    roots.forEach(root -> SiteNames.check(root.tree(), root.names(), findings));
    if (sound) {
      SiteChecks.check(policy, given, findings);
      roots.forEach(root -> SiteChecks.useWays(policy, root.names()));
      roots.forEach(root -> Unused.check(root.tree(), root.names(), findings));
    }
  }

  private Tree parse(SourceFile source) {
    ParseResult result = HealFileParser.parse(source);
    result.diagnostics().forEach(findings::add);
    return result.tree();
  }

  /** Makes the names of a file known, and the names twice declared. */
  private void declare(Tree tree, Names names) {
    for (Declaration declaration : tree.declarations()) {
      if (declaration instanceof Declaration.Let let) {
        value(let.name(), let.value(), let, names);
      } else if (declaration instanceof Declaration.Tune tune) {
        value(tune.name(), tuned.of(names.qualified(tune.name().text()), tune), tune, names);
      } else if (declaration instanceof Declaration.Block block
          && block.kind() != BlockKind.CHANGE
          && block.name().isPresent()) {
        String name = block.name().get().text();
        twice(names.of(block.kind()).putIfAbsent(name, block), name, declaration);
      }
    }
  }

  /** Files of one set share their values: two of them may say the same, and not two things. */
  private void value(Name name, Value value, Declaration declaration, Names names) {
    Declaration before = names.value(name.text(), value, declaration);
    if (before != null) {
      boolean same =
          before.span().file() != declaration.span().file()
              && before.span().text().equals(declaration.span().text());
      if (!same) {
        twice(before, name.text(), declaration);
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

  /** Loads what a file imports itself, so that its own aliases name it for the whole set. */
  private List<Imported> imports(Loaded file) {
    return importsOf.computeIfAbsent(name(file), name -> load(file));
  }

  private List<Imported> load(Loaded file) {
    List<Imported> lines = new ArrayList<>();
    for (Declaration declaration : file.tree().declarations()) {
      if (declaration instanceof Declaration.Import line) {
        resolver
            .resolve(line.path().text(), file.tree().source())
            .ifPresentOrElse(
                source -> lines.add(imported(file, line, source)), () -> missing(line));
      }
    }
    return lines;
  }

  private void missing(Declaration.Import line) {
    findings.add(
        CheckCode.H0207,
        line.path().span(),
        "there is no pack or file `" + line.path().text() + "`",
        "`heal check rules` lists what is shipped; other paths are relative to this file");
  }

  private Imported imported(Loaded importer, Declaration.Import line, SourceFile source) {
    String alias = alias(line);
    Loaded file = known.get(source.name());
    if (file == null) {
      file = new Loaded(parse(source), new Names(importer.names().qualified(alias)));
      declare(file.tree(), file.names());
      known.put(source.name(), file);
    }
    return new Imported(line, alias, file);
  }

  /** Makes the names of imported files known, the files behind them first. */
  private void follow(Loaded file) {
    open.add(name(file));
    for (Imported line : imports(file)) {
      String imports = name(line.file());
      if (open.contains(imports)) {
        findings.add(
            CheckCode.H0210, line.line().span(), "`" + imports + "` imports itself in a circle");
        continue;
      }
      if (!followed.contains(imports)) {
        follow(line.file());
      }
      file.names().imports(line.alias(), line.file().names());
    }
    open.remove(name(file));
    followed.add(name(file));
    if (!file.names().prefix.isEmpty()) {
      imported.add(file);
    }
  }

  private static String name(Loaded file) {
    return file.tree().source().name();
  }

  /** The name before the dot of what the import brings. */
  static String alias(Declaration.Import line) {
    return line.alias()
        .map(name -> name.text())
        .orElseGet(() -> line.path().text().replaceAll("^.*/|\\.heal$", ""));
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
        if (setting.values().size() == 1 && setting.values().get(0) instanceof Value.Text) {
          words.add(setting.word());
        }
        setting.block().ifPresent(block -> labels(block, words));
      }
    }
  }
}
