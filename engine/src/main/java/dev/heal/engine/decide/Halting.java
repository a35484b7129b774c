package dev.heal.engine.decide;

import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FactStage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Whether somebody, a breaker or the calendar keeps a repair from being carried out. */
final class Halting {
  /** What never stops: a human is told. */
  private static final String PAGE = "page";

  /** The verbs that a tripped breaker lets pass. */
  private static final Set<String> PASS_THE_BREAKER = Set.of("throttle", PAGE);

  private final List<Site.Maintenance> declared;
  private final Estate estate;
  private final Halts halts;

  Halting(List<Site.Maintenance> declared, Estate estate, Halts halts) {
    this.declared = declared;
    this.estate = estate;
    this.halts = halts;
  }

  static boolean passesTheBreaker(String verb) {
    return PASS_THE_BREAKER.contains(verb);
  }

  /** Whether auto-repair is off, and one of the verbs would touch something. */
  Optional<Verdict> pause(Collection<String> verbs) {
    if (halts.isEnding()) {
      return Optional.of(
          new Verdict.Hold(
              HoldReason.PAUSED, "the engine ends: it begins nothing any more", Times.NEVER));
    }
    return verbs.stream().allMatch(PAGE::equals)
        ? Optional.empty()
        : halts
            .pause()
            .map(
                pause ->
                    new Verdict.Hold(
                        HoldReason.PAUSED,
                        "auto-repair is switched off%s; `heal resume` switches it on"
                            .formatted(pause.byWhom()),
                        Times.NEVER));
  }

  /** Whether a breaker has stopped all acting. */
  Optional<Verdict> breaker() {
    return halts
        .openBreaker()
        .map(
            open ->
                new Verdict.Hold(
                    HoldReason.BREAKER,
                    open.because() + "; open until an operator resets it",
                    Times.NEVER));
  }

  /** Whether a maintenance, declared or begun by an operator, holds one of the verbs. */
  Optional<Verdict> maintenance(
      Ladder ladder, Collection<String> verbs, long now, Situation situation) {
    for (Site.Maintenance maintenance : declared) {
      Optional<Halt> begun = halts.find(Halt.Kind.MAINTENANCE, maintenance.name());
      Optional<Long> until =
          begun
              .map(Halt::until)
              .or(() -> MaintenanceCalendar.openUntil(maintenance.windows(), now));
      if (until.isPresent() && concerns(maintenance, ladder, situation)) {
        Optional<Verdict> held =
            hold(maintenance.name(), maintenance.allowed(), verbs, until.get());
        if (held.isPresent()) {
          return held;
        }
      }
    }
    for (Halt halt : halts.maintenances()) {
      if (!isDeclared(halt.name()) && concerns(halt, ladder)) {
        Optional<Verdict> held = hold(halt.name(), halt.allowed(), verbs, halt.until());
        if (held.isPresent()) {
          return held;
        }
      }
    }
    return Optional.empty();
  }

  Map<String, Long> windows(long now) {
    Map<String, Long> open = new TreeMap<>();
    for (Site.Maintenance maintenance : declared) {
      MaintenanceCalendar.openUntil(maintenance.windows(), now)
          .ifPresent(until -> open.put(maintenance.name(), until));
    }
    return open;
  }

  private boolean isDeclared(String maintenance) {
    return declared.stream().anyMatch(other -> other.name().equals(maintenance));
  }

  private static Optional<Verdict> hold(
      String name, Collection<String> allowed, Collection<String> verbs, long until) {
    return verbs.stream()
        .filter(verb -> !allowed.contains(verb) && !verb.equals(PAGE))
        .findFirst()
        .map(
            verb ->
                new Verdict.Hold(
                    HoldReason.MAINTENANCE,
                    "maintenance `%s` holds `%s` until %s"
                        .formatted(
                            name,
                            verb,
                            until == Times.NEVER
                                ? "`heal maintenance stop " + name + "`"
                                : Times.iso(until)),
                    until));
  }

  private boolean concerns(Site.Maintenance maintenance, Ladder ladder, Situation situation) {
    if (maintenance.where().isEmpty()) {
      return true;
    }
    String key = FactStage.whereKey(maintenance);
    return estate.related(ladder.instance().entity(), maintenance.whereOn()).stream()
        .anyMatch(entity -> situation.holds(key, entity));
  }

  /** Whether the repair touches anything that the maintenance is about. */
  private boolean concerns(Halt halt, Ladder ladder) {
    if (halt.on().isEmpty()) {
      return true;
    }
    NavigableSet<EntityId> touched = ladder.region(estate);
    return halt.on().stream()
        .flatMap(entity -> estate.inside(entity).stream())
        .anyMatch(touched::contains);
  }

  static List<String> verbs(List<Policy.Step> steps) {
    return steps.stream().map(step -> step.act().verb()).toList();
  }
}
