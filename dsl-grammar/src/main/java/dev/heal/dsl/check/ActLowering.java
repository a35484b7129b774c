package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code restart service { fresh }}, {@code page oncall-gpu}, {@code purge_logs}: one act. */
final class ActLowering {
  private final Findings findings;
  private final Workshop workshop;
  private final Names names;

  ActLowering(Findings findings, Workshop workshop, Names names) {
    this.findings = findings;
    this.workshop = workshop;
    this.names = names;
  }

  /**
   * The act; empty, with a message, where it is not understood.
   *
   * @param entity what the policy is on; empty where that is not known either
   */
  Optional<Policy.Act> act(Statement.Setting setting, Optional<EntityKind> entity) {
    Optional<Verb> verb = workshop.vocabulary().verb(setting.word());
    if (verb.isEmpty()) {
      return siteAction(setting);
    }
    if (verb.get().targets().isEmpty()) {
      return page(setting, verb.get());
    }
    if (setting.values().size() != 1) {
      findings.add(
          CheckCode.H0205,
          setting.span(),
          "`" + setting.word() + "` names what it acts on",
          "write `" + setting.word() + " " + entity.orElse(EntityKind.NODE).word() + "`");
      return Optional.empty();
    }
    return target(setting.values().get(0), verb.get(), findings)
        .map(target -> withSettings(setting, verb.get(), target));
  }

  /** The kind that a value names, where the verb acts on it. */
  static Optional<EntityKind> target(Value value, Verb verb, Findings findings) {
    Optional<EntityKind> target = Entities.kind(value, findings);
    if (target.isEmpty() || verb.targets().contains(target.get())) {
      return target;
    }
    findings.add(
        CheckCode.H0205,
        value.span(),
        "`%s` does not act on a %s".formatted(verb.name(), target.get().word()),
        "it acts on "
            + String.join(", ", verb.targets().stream().sorted().map(EntityKind::word).toList()));
    return Optional.empty();
  }

  private Policy.Act withSettings(Statement.Setting setting, Verb verb, EntityKind target) {
    Body body =
        new Body(
            "`" + setting.word() + " " + target.word() + "`",
            setting.wordSpan(),
            setting.block().orElse(List.of()),
            findings);
    Map<String, List<Value>> settings = new LinkedHashMap<>();
    SettingShapes shapes = new SettingShapes(findings, workshop);
    for (Verb.Setting known : verb.settings()) {
      Optional<Statement.Setting> given = body.one(known.word());
      given
          .flatMap(g -> shapes.fitted(g, known))
          .ifPresent(values -> settings.put(known.word(), values));
      if (given.isEmpty() && known.required()) {
        findings.add(
            CheckCode.H0213,
            setting.span(),
            "`" + setting.word() + "` needs `" + known.word() + "`",
            "write " + SettingShapes.words(known));
      }
    }
    boolean waits = body.one("waits").isPresent();
    body.done();
    List<Value> undo = settings.getOrDefault("undo", List.of());
    boolean after = undo.size() == 2 && PolicyLowering.isWord(undo.get(0), "after");
    Optional<Duration> undoAfter =
        after ? workshop.quantities().duration(undo.get(1)) : Optional.empty();
    return new Policy.Act(
        verb.name(),
        Optional.of(target),
        Optional.empty(),
        waits,
        settings,
        verb.reversible(),
        verb.destructive().contains(target),
        undoAfter,
        !undo.isEmpty() && !after,
        setting.span());
  }

  private Optional<Policy.Act> page(Statement.Setting setting, Verb verb) {
    if (setting.values().size() != 1) {
      findings.add(CheckCode.H0305, setting.span(), "`page` names a pager: `page oncall-gpu`");
      return Optional.empty();
    }
    return workshop
        .pager(setting.values().get(0), findings)
        .map(pager -> plain(verb.name(), Optional.empty(), Optional.of(pager), false, setting));
  }

  private Optional<Policy.Act> siteAction(Statement.Setting setting) {
    Map<String, Declaration.Block> actions = names.of(BlockKind.ACTION);
    Declaration.Block action = actions.get(setting.word());
    if (action != null) {
      names.use(BlockKind.ACTION, setting.word());
      return Optional.of(
          plain(
              names.qualified(setting.word()),
              action.subject().flatMap(s -> EntityKind.of(s.text())),
              Optional.empty(),
              OperationsLowering.isDestructive(action),
              setting));
    }
    List<String> known = new ArrayList<>(actions.keySet());
    workshop.vocabulary().verbs().forEach(v -> known.add(v.name()));
    findings.add(
        CheckCode.H0204,
        setting.wordSpan(),
        "`" + setting.word() + "` is not a verb",
        findings.near(setting.word(), known));
    return Optional.empty();
  }

  private static Policy.Act plain(
      String verb,
      Optional<EntityKind> target,
      Optional<String> object,
      boolean destructive,
      Statement.Setting setting) {
    return new Policy.Act(
        verb,
        target,
        object,
        false,
        Map.of(),
        false,
        destructive,
        Optional.empty(),
        false,
        setting.span());
  }
}
