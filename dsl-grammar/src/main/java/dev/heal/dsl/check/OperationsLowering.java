package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Statement.ConditionWord;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code maintenance}, {@code breaker}, {@code action} and {@code check}. */
final class OperationsLowering {
  private static final Pattern START = Pattern.compile("(?:(\\w{3}) )?([01]\\d|2[0-3]):([0-5]\\d)");
  private static final List<String> WEEKDAYS =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private final Findings findings;
  private final Workshop workshop;
  private final Names names;

  OperationsLowering(Findings findings, Workshop workshop, Names names) {
    this.findings = findings;
    this.workshop = workshop;
    this.names = names;
  }

  Optional<Site.Maintenance> maintenance(Declaration.Block block) {
    Body body = new Body("a maintenance", block.head(), block.statements(), findings);
    Optional<Condition> where =
        body.condition(ConditionWord.WHERE)
            .flatMap(w -> workshop.conditions().level(w, EntityKind.NODE, "where"));
    List<Site.Window> windows = new ArrayList<>();
    for (Statement.Setting setting : body.all("window")) {
      window(setting).ifPresent(windows::add);
    }
    List<String> allowed = new ArrayList<>();
    for (Statement.Setting setting : body.all("allow")) {
      for (Value value : setting.values()) {
        for (Value item : Entities.items(value)) {
          verb(item).ifPresent(allowed::add);
        }
      }
    }
    body.done();
    if (windows.isEmpty() && body.all("window").isEmpty()) {
      findings.add(CheckCode.H0213, block.head(), "this maintenance has no `window`");
    }
    return Optional.of(
        new Site.Maintenance(
            names.qualified(block.name().orElseThrow().text()),
            where,
            EntityKind.NODE,
            windows,
            allowed));
  }

  private Optional<String> verb(Value value) {
    String word = value.span().text();
    if (workshop.vocabulary().verb(word).isPresent()) {
      return Optional.of(word);
    }
    findings.add(
        CheckCode.H0204,
        value.span(),
        "`" + word + "` is not a verb",
        findings.near(word, workshop.vocabulary().verbs().stream().map(v -> v.name()).toList()));
    return Optional.empty();
  }

  /** {@code window "Sun 02:00" 4h "UTC"}. */
  private Optional<Site.Window> window(Statement.Setting setting) {
    List<Value> values = setting.values();
    if (values.size() < 2
        || values.size() > 3
        || !(values.get(0) instanceof Value.Text start)
        || (values.size() == 3 && !(values.get(2) instanceof Value.Text))) {
      findings.add(CheckCode.H0305, setting.span(), "write `window \"Sun 02:00\" 4h \"UTC\"`");
      return Optional.empty();
    }
    Matcher matcher = START.matcher(start.text());
    int weekday = -1;
    boolean known = matcher.matches();
    if (known && matcher.group(1) != null) {
      weekday = WEEKDAYS.indexOf(matcher.group(1).toLowerCase(Locale.ROOT));
      known = weekday >= 0;
    }
    if (!known) {
      findings.add(
          CheckCode.H0305,
          start.span(),
          "`" + start.text() + "` is not a weekday and a time",
          "write `\"Sun 02:00\"`, or `\"02:00\"` for every day");
      return Optional.empty();
    }
    Optional<Duration> length = workshop.quantities().duration(values.get(1));
    Optional<ZoneId> zone =
        values.size() == 3 ? zone((Value.Text) values.get(2)) : Optional.of(ZoneId.of("UTC"));
    if (length.isEmpty() || zone.isEmpty()) {
      return Optional.empty();
    }
    int minute = Integer.parseInt(matcher.group(2)) * 60 + Integer.parseInt(matcher.group(3));
    return Optional.of(
        new Site.Window(
            weekday < 0 ? OptionalInt.empty() : OptionalInt.of(weekday + 1),
            minute,
            length.get(),
            zone.get()));
  }

  private Optional<ZoneId> zone(Value.Text written) {
    try {
      return Optional.of(ZoneId.of(written.text()));
    } catch (DateTimeException unknown) {
      findings.add(
          CheckCode.H0216,
          written.span(),
          "`" + written.text() + "` is not a time zone",
          "write `\"UTC\"` or `\"Europe/Berlin\"`");
      return Optional.empty();
    }
  }

  /** {@code breaker storm { trip 50% of gpus over 5m, page pager }}. */
  Optional<Site.Breaker> breaker(Declaration.Block block) {
    Body body = new Body("a breaker", block.head(), block.statements(), findings);
    Optional<Statement.Setting> trip = body.one("trip");
    Optional<String> pager = body.value("page").flatMap(v -> workshop.pager(v, findings));
    body.done();
    if (trip.isEmpty()) {
      findings.add(CheckCode.H0213, block.head(), "this breaker has no `trip`");
      return Optional.empty();
    }
    List<Value> values = trip.get().values();
    if (values.size() != 5
        || !(values.get(0) instanceof Value.Quantity amount)
        || !PolicyLowering.isWord(values.get(1), "of")
        || !PolicyLowering.isWord(values.get(3), "over")) {
      findings.add(CheckCode.H0305, trip.get().span(), "write `trip 50% of gpus over 5m`");
      return Optional.empty();
    }
    Optional<Double> share = workshop.quantities().number(amount, Dimension.RATIO);
    Optional<EntityKind> kind = Entities.kind(values.get(2), findings);
    Optional<Duration> over = workshop.quantities().duration(values.get(4));
    if (share.isEmpty() || kind.isEmpty() || over.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Site.Breaker(
            names.qualified(block.name().orElseThrow().text()),
            share.get(),
            kind.get(),
            over.get(),
            pager));
  }

  Optional<CheckedPolicy.SiteAction> action(Declaration.Block block) {
    Optional<EntityKind> target = Entities.subject(block, findings);
    Body body = new Body("an action", block.head(), block.statements(), findings);
    Optional<List<String>> command =
        body.required("command").flatMap(new Addresses(findings)::argv);
    Optional<Duration> takes = body.value("takes").flatMap(workshop.quantities()::duration);
    body.value("destructive").ifPresent(v -> Entities.word(v, YesNo.class, findings));
    body.done();
    if (target.isEmpty() || command.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CheckedPolicy.SiteAction(
            names.qualified(block.name().orElseThrow().text()),
            target.get(),
            command.get(),
            takes.orElse(Duration.ofSeconds(10)),
            isDestructive(block),
            block.head()));
  }

  /** The words of a setting that is on or off. */
  private enum YesNo {
    YES,
    NO
  }

  /** Whether a site's own action needs a budget: it does, unless it says otherwise. */
  static boolean isDestructive(Declaration.Block action) {
    return setting(action, "destructive").filter(v -> PolicyLowering.isWord(v, "no")).isEmpty();
  }

  /** How long a site's own action says that it takes; a wrong quantity has its own message. */
  static Optional<Duration> takes(Declaration.Block action, Quantities quantities) {
    return setting(action, "takes").flatMap(quantities::quietDuration);
  }

  private static Optional<Value> setting(Declaration.Block block, String word) {
    return block.statements().stream()
        .filter(s -> s instanceof Statement.Setting setting && setting.word().equals(word))
        .map(s -> ((Statement.Setting) s).values())
        .filter(values -> values.size() == 1)
        .map(values -> values.get(0))
        .findFirst();
  }

  Optional<CheckedPolicy.SiteCheck> check(Declaration.Block block) {
    Optional<EntityKind> target = Entities.subject(block, findings);
    Body body = new Body("a check", block.head(), block.statements(), findings);
    Optional<List<String>> command =
        body.required("command").flatMap(new Addresses(findings)::argv);
    Optional<Duration> timeout = body.value("timeout").flatMap(workshop.quantities()::duration);
    body.done();
    if (target.isEmpty() || command.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CheckedPolicy.SiteCheck(
            names.qualified(block.name().orElseThrow().text()),
            target.get(),
            command.get(),
            timeout.orElse(Duration.ofMinutes(1)),
            block.head()));
  }
}
