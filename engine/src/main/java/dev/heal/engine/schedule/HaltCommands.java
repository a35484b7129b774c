package dev.heal.engine.schedule;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.text.Nearest;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Verb;
import dev.heal.dsl.vocabulary.Vocabulary;
import dev.heal.engine.decide.Breaker;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Halts;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How operators keep the hands still, and let them move again. */
public final class HaltCommands {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
  private static final Duration LONGEST = Duration.ofDays(365);

  private CheckedPolicy policies;
  private final Decider decider;
  private final Estate estate;
  private final Outbox outbox;
  private final Halts halts;

  HaltCommands(CheckedPolicy policies, Decider decider, Shared shared) {
    this.policies = policies;
    this.decider = decider;
    this.estate = shared.estate();
    this.outbox = shared.outbox();
    this.halts = shared.ledgers().halts();
  }

  /** Other policies are in force from now on; what keeps the hands still does so further on. */
  void follow(CheckedPolicy next) {
    policies = next;
  }

  /**
   * A maintenance to begin.
   *
   * @param name of one that the site declares, or any other
   * @param on what it is about; empty: everything
   * @param allowed verbs that go on
   * @param length empty: until somebody ends it
   */
  public record Plan(
      String name, List<EntityId> on, List<String> allowed, Optional<Duration> length) {
    public Plan {
      on = List.copyOf(on);
      allowed = List.copyOf(allowed);
    }
  }

  /** Switches auto-repair off: all is seen and recorded, nothing is touched. */
  public Answer pause(Speaker speaker, long now) {
    Optional<Halt> before = halts.pause();
    if (before.isPresent()) {
      return Answer.already(
          "auto-repair is off already, since %s, by %s"
              .formatted(Times.iso(before.get().since()), before.get().by()));
    }
    halts.pause(now, speaker.name(), speaker.because());
    tell(now, "pause", speaker.words());
    return Answer.done("auto-repair is off: nothing is touched until `heal resume`");
  }

  /** Switches it on again. */
  public Answer resume(Speaker speaker, long now) {
    Optional<Halt> before = halts.pause();
    if (before.isEmpty()) {
      return Answer.already("auto-repair was not off%s".formatted(others()));
    }
    halts.end(before.get());
    tell(now, "resume", speaker.words());
    return Answer.done(
        "auto-repair is on again: what waited begins one by one%s".formatted(others()));
  }

  /** The engine ends: what runs is finished, nothing new is begun. */
  public Answer ending() {
    halts.ending();
    return Answer.done("nothing new is begun");
  }

  /** What else keeps the hands still. */
  private String others() {
    return halts.all().isEmpty()
        ? ""
        : halts.all().stream()
            .map(halt -> halt.kind().word() + " `" + halt.name() + "`")
            .collect(Collectors.joining(", ", "; what still holds: ", ""));
  }

  /** Closes the breakers, or one of them: what they held back is released one by one. */
  public Answer resetBreakers(Optional<String> name, Speaker speaker, long now) {
    List<Halt> open =
        halts.all().stream()
            .filter(halt -> halt.kind() == Halt.Kind.BREAKER)
            .filter(halt -> name.isEmpty() || halt.name().equals(name.get()))
            .toList();
    if (open.isEmpty() && name.isPresent() && !isBreaker(name.get())) {
      return Answer.noSuch(
          "there is no breaker `%s`%s".formatted(name.get(), meant(name.get(), breakers())));
    }
    if (open.isEmpty()) {
      return Answer.already("no breaker is open");
    }
    for (Halt halt : open) {
      halts.end(halt);
      decider.breakers().stream()
          .filter(breaker -> breaker.declared().name().equals(halt.name()))
          .forEach(Breaker::reset);
      tell(now, "breaker reset", "`%s` %s".formatted(halt.name(), speaker.words()));
    }
    String names = open.stream().map(Halt::name).collect(Collectors.joining("`, `", "`", "`"));
    return Answer.done("closed: %s; what waited begins one by one%s".formatted(names, others()));
  }

  private boolean isBreaker(String name) {
    return breakers().contains(name);
  }

  private List<String> breakers() {
    return policies.breakers().stream().map(Site.Breaker::name).toList();
  }

  /** Begins a maintenance, or gives a running one of that name its new end. */
  public Answer startMaintenance(Plan plan, Speaker speaker, long now) {
    Optional<Answer> wrong = wrong(plan);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    long until = plan.length().map(length -> Times.after(now, length)).orElse(Times.NEVER);
    halts.begin(
        new Halt(
            Halt.Kind.MAINTENANCE,
            plan.name(),
            now,
            until,
            new TreeSet<>(plan.on()),
            new TreeSet<>(plan.allowed()),
            speaker.name(),
            speaker.because()));
    String end =
        until == Times.NEVER
            ? "until `heal maintenance stop " + plan.name() + "`"
            : "until " + Times.iso(until);
    tell(now, "maintenance start", "`%s` %s, %s".formatted(plan.name(), end, speaker.words()));
    return Answer.done("maintenance `%s` is on, %s".formatted(plan.name(), end));
  }

  private Optional<Answer> wrong(Plan plan) {
    if (!NAME.matcher(plan.name()).matches()) {
      return Optional.of(
          Answer.refused("`%s` is no name: letters, digits, `_`, `.`, `-`".formatted(plan.name())));
    }
    boolean declared = declared().contains(plan.name());
    if (declared && !(plan.on().isEmpty() && plan.allowed().isEmpty())) {
      return Optional.of(
          Answer.refused(
              "the site declares `%s`: what it is about and what it allows is written there"
                  .formatted(plan.name())));
    }
    if (plan.length().filter(l -> l.isZero() || l.compareTo(LONGEST) > 0).isPresent()) {
      return Optional.of(Answer.refused("a maintenance lasts from 1ms to 365 days"));
    }
    for (EntityId entity : plan.on()) {
      if (entity.name().chars().anyMatch(Character::isISOControl)) {
        return Optional.of(Answer.refused("an entity's name has no control characters"));
      }
      if (!estate.all(entity.kind()).contains(entity)) {
        return Optional.of(
            Answer.noSuch(
                "%s is not known%s".formatted(entity, meant(entity.toString(), entities()))));
      }
    }
    List<String> verbs = verbs();
    return plan.allowed().stream()
        .filter(verb -> !verbs.contains(verb))
        .findFirst()
        .map(verb -> Answer.noSuch("there is no verb `%s`%s".formatted(verb, meant(verb, verbs))));
  }

  private List<String> declared() {
    return policies.maintenances().stream().map(Site.Maintenance::name).toList();
  }

  private List<String> entities() {
    NavigableSet<String> all = new TreeSet<>();
    for (EntityKind kind : EntityKind.values()) {
      estate.all(kind).forEach(entity -> all.add(entity.toString()));
    }
    return List.copyOf(all);
  }

  private List<String> verbs() {
    NavigableSet<String> verbs = new TreeSet<>(policies.actions().keySet());
    Vocabulary.standard().verbs().stream().map(Verb::name).forEach(verbs::add);
    return List.copyOf(verbs);
  }

  /** Ends a maintenance that an operator began. */
  public Answer stopMaintenance(Optional<String> name, Speaker speaker, long now) {
    List<Halt> begun = halts.maintenances();
    if (name.isPresent()) {
      Optional<Halt> found = halts.find(Halt.Kind.MAINTENANCE, name.get());
      return found.isPresent() ? stop(found.get(), speaker, now) : notBegun(name.get(), begun);
    }
    if (begun.isEmpty()) {
      return Answer.already("no operator began a maintenance");
    }
    return begun.size() == 1
        ? stop(begun.get(0), speaker, now)
        : Answer.refused("several are on, say which: %s".formatted(names(begun)));
  }

  private Answer notBegun(String name, List<Halt> begun) {
    if (declared().contains(name)) {
      return Answer.refused(
          "no operator began `%s`: the windows of the site decide when it is on".formatted(name));
    }
    return begun.isEmpty()
        ? Answer.noSuch("there is no maintenance `%s`: none is on".formatted(name))
        : Answer.noSuch("there is no maintenance `%s`: on are %s".formatted(name, names(begun)));
  }

  private static String names(List<Halt> halts) {
    return halts.stream().map(Halt::name).collect(Collectors.joining("`, `", "`", "`"));
  }

  private Answer stop(Halt halt, Speaker speaker, long now) {
    halts.end(halt);
    tell(now, "maintenance stop", "`%s` %s".formatted(halt.name(), speaker.words()));
    return Answer.done(
        "maintenance `%s` is over: what waited begins one by one%s"
            .formatted(halt.name(), others()));
  }

  /** Ends those whose time is over. */
  void expire(long now) {
    for (Halt halt : halts.expire(now)) {
      tell(
          now,
          halt.kind().word() + " stop",
          "`%s`: its time is over, as %s said".formatted(halt.name(), halt.by()));
    }
  }

  private void tell(long now, String verb, String because) {
    outbox.add(Operators.entry(now, verb, Optional.empty(), because));
  }

  private static String meant(String word, List<String> known) {
    return Nearest.to(word, known).map(near -> "; did you mean `" + near + "`?").orElse("");
  }
}
