package dev.heal.dsl.check;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What policies ask of the site: profiles, queues and pagers. A set of files that declares none of
 * a kind is no site, and is not asked. A shipped pack that only observes is not held to it either.
 */
final class SiteChecks {
  private final CheckedPolicy policies;
  private final Findings findings;
  private final Set<SourceFile> given;
  private final Set<String> profiles = new LinkedHashSet<>();
  private final Set<String> pagers = new LinkedHashSet<>();

  private SiteChecks(CheckedPolicy policies, Set<SourceFile> given, Findings findings) {
    this.policies = policies;
    this.given = given;
    this.findings = findings;
    policies
        .site()
        .services()
        .forEach(service -> profiles.addAll(service.means().profiles().keySet()));
    policies.site().pagers().forEach(pager -> pagers.add(pager.name()));
  }

  /**
   * Checks the whole.
   *
   * @param given the files that were given, as against those that they import
   */
  static void check(CheckedPolicy policies, Set<SourceFile> given, Findings findings) {
    SiteChecks checks = new SiteChecks(policies, given, findings);
    for (Policy policy : policies.policies()) {
      findings.enter("policy `" + policy.name() + "`", policy.span());
      if (policy.mode() != Policy.Mode.OBSERVE || given.contains(policy.span().file())) {
        checks.policy(policy);
      }
    }
    policies.budgets().forEach(b -> checks.paged(b.pager(), b.span(), "budget `" + b.name() + "`"));
    findings.leave();
  }

  /** {@code fence node { via bmc }} names the site's action {@code bmc}, from a pack too. */
  static void useWays(CheckedPolicy policies, Names names) {
    for (Policy policy : policies.policies()) {
      for (Policy.Act act : acts(policy)) {
        for (Value way : act.settings().getOrDefault("via", List.of())) {
          names.use(BlockKind.ACTION, way instanceof Value.Text t ? t.text() : way.span().text());
        }
      }
    }
  }

  private static List<Policy.Act> acts(Policy policy) {
    List<Policy.Act> acts = new ArrayList<>(policy.giveUp());
    policy.rungs().forEach(rung -> rung.steps().forEach(step -> acts.add(step.act())));
    return acts;
  }

  private void policy(Policy policy) {
    for (Policy.Act act : acts(policy)) {
      switch (act.verb()) {
        case "page" -> act.object().ifPresent(pager -> pager(pager, act.span()));
        case "degrade" -> profile(act);
        case "restart", "requeue" -> queue(act);
        default -> {}
      }
    }
  }

  private void paged(Optional<String> pager, Span span, String declaration) {
    if (pager.isPresent() && given.contains(span.file())) {
      findings.enter(declaration, span);
      pager(pager.get(), span);
    }
  }

  private void pager(String pager, Span span) {
    if (!pagers.isEmpty() && !pagers.contains(pager)) {
      findings.add(
          CheckCode.H0218,
          span,
          "no pager `" + pager + "` is declared",
          findings.near(pager, pagers));
    }
  }

  private void profile(Policy.Act act) {
    List<Value> to = act.settings().getOrDefault("to", List.of());
    if (to.isEmpty() || !(to.get(to.size() - 1) instanceof Value.Text profile)) {
      return;
    }
    boolean own =
        policies.site().services().stream()
            .anyMatch(service -> service.means().bindings().containsKey("degrade"));
    if (!own && !policies.site().services().isEmpty() && !profiles.contains(profile.text())) {
      findings.add(
          CheckCode.H0217,
          profile.span(),
          "no service declares a profile `" + profile.text() + "`",
          findings
              .near(profile.text(), profiles)
              .or(
                  () ->
                      Optional.of(
                          "write `profile %s { … }` in the service".formatted(profile.text()))));
    }
  }

  /** What poisons a server waits in its queue: without one there is nothing to skip. */
  private void queue(Policy.Act act) {
    if (!act.settings().containsKey("skip")) {
      return;
    }
    List<String> without =
        policies.site().services().stream()
            .filter(service -> service.queue().isEmpty())
            .filter(service -> !service.means().bindings().containsKey("requeue"))
            .map(Site.Service::name)
            .toList();
    if (!without.isEmpty()) {
      findings.add(
          CheckCode.H0602,
          act.span(),
          "`skip poison` needs a queue, and service `%s` names none".formatted(without.get(0)),
          "write `queue \"redis://127.0.0.1:6379/STREAM?group=GROUP\"` in the service, or bind"
              + " `requeue` to a way that knows what poison is");
    }
  }
}
