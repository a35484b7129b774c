package dev.heal.engine.actuate;

import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Means.Change;
import dev.heal.dsl.policy.Means.Launch;
import dev.heal.dsl.policy.Way;
import dev.heal.engine.actuate.restart.Runner;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Switches a service to a profile and back: files first, then calls, then its environment. */
final class ProfileActs {
  private static final String FILE = "file ";
  private static final String BACK = "back";
  private static final String ENVIRONMENT = "environment";
  private static final String DECLARED = "declared";

  private final Hands hands;
  private final Keeper keeper;
  private final WayActs ways;
  private final RestartActs restarts;

  ProfileActs(Hands hands, Keeper keeper, WayActs ways, RestartActs restarts) {
    this.hands = hands;
    this.keeper = keeper;
    this.ways = ways;
    this.restarts = restarts;
  }

  /** What the order is about. */
  private record Subject(Assignment assignment, Declared declared, Duration patience) {}

  /**
   * @param patience how long it may take to become healthy again
   */
  Report act(Assignment assignment, Declared declared, Duration patience)
      throws InterruptedException {
    Order order = assignment.order();
    Means means = declared.means();
    Subject subject = new Subject(assignment, declared, patience);
    String name = OrderWords.settings(order).getOrDefault("to", "").replaceFirst("^profile ", "");
    Optional<Means.Profile> profile = Optional.ofNullable(means.profiles().get(name));
    if (profile.isEmpty()) {
      return Report.refused(
          "%s has no profile `%s`: write `profile %s { env [\"NAME=value\"] }` in it"
              .formatted(order.target(), name, name));
    }
    try {
      return order.purpose() == Order.Purpose.UNDO
          ? Report.of(undo(subject, profile.get()))
          : degrade(subject, profile.get());
    } catch (IOException disk) {
      return Report.of(Outcome.Kind.FAILED, "a file cannot be changed: " + disk);
    }
  }

  private Report degrade(Subject subject, Means.Profile profile)
      throws InterruptedException, IOException {
    Assignment assignment = subject.assignment();
    Memento before = before(profile);
    Memento memento = before.on(Memento.parse(assignment.memento()));
    if (!keeper.keep(assignment.order(), memento.line())) {
      return Report.of(
          Outcome.Kind.FAILED, "what it replaces could not be written down: nothing was changed");
    }
    Outcome outcome = changed(subject, profile);
    if (outcome.kind() != Outcome.Kind.DONE && outcome.kind() != Outcome.Kind.UNKNOWN) {
      putFilesBack(before);
    }
    return new Report(outcome, Optional.of(memento.line()));
  }

  /** What the profile replaces; a file that is not there is written down as such. */
  private static Memento before(Means.Profile profile) throws IOException {
    Map<String, String> before = new TreeMap<>();
    for (Change change : profile.changes()) {
      if (change instanceof Change.File file) {
        before.put(FILE + file.path(), WholeFile.read(file.path()));
      } else if (change instanceof Change.Http http) {
        before.put(BACK, http.back().method() + " " + http.back().uri());
      } else if (change instanceof Change.Environment) {
        before.put(ENVIRONMENT, DECLARED);
      }
    }
    return Memento.of(before);
  }

  private Outcome changed(Subject subject, Means.Profile profile)
      throws InterruptedException, IOException {
    List<String> words = new ArrayList<>();
    for (Change change : profile.changes()) {
      if (change instanceof Change.File file) {
        WholeFile.write(file.path(), file.text());
        words.add("`%s` written".formatted(file.path()));
      }
    }
    for (Change change : profile.changes()) {
      if (change instanceof Change.Http http) {
        Outcome called = ways.call(http.there(), subject.assignment());
        if (called.kind() != Outcome.Kind.DONE) {
          return called;
        }
        words.add(called.because());
      }
    }
    Map<String, String> environment = new TreeMap<>();
    for (Change change : profile.changes()) {
      if (change instanceof Change.Environment values) {
        environment.putAll(values.values());
      }
    }
    if (!environment.isEmpty()) {
      Outcome restarted = environment(subject, environment);
      if (restarted.kind() != Outcome.Kind.DONE) {
        return restarted;
      }
      words.add(restarted.because());
    }
    return new Outcome(
        Outcome.Kind.DONE, "profile %s: %s".formatted(profile.name(), String.join("; ", words)));
  }

  private Outcome undo(Subject subject, Means.Profile profile)
      throws InterruptedException, IOException {
    Assignment assignment = subject.assignment();
    Memento memento =
        assignment.memento().isPresent() ? Memento.parse(assignment.memento()) : without(profile);
    putFilesBack(memento);
    Optional<String> back = memento.value(BACK);
    if (back.isPresent()) {
      int blank = back.get().indexOf(' ');
      Outcome called =
          ways.call(
              new Way.HttpCall(
                  back.get().substring(0, blank), URI.create(back.get().substring(blank + 1))),
              assignment);
      if (called.kind() != Outcome.Kind.DONE) {
        return called;
      }
    }
    if (memento.value(ENVIRONMENT).isPresent()) {
      Outcome restarted = environment(subject, Map.of());
      if (restarted.kind() != Outcome.Kind.DONE) {
        return restarted;
      }
    }
    boolean untouched =
        assignment.memento().isEmpty()
            && profile.changes().stream().anyMatch(c -> c instanceof Change.File);
    return new Outcome(
        Outcome.Kind.DONE,
        untouched
            ? "profile %s had not touched its files: it writes down what they hold before"
                .formatted(profile.name())
            : "profile %s taken back".formatted(profile.name()));
  }

  /** All but the files, of which nothing was written down. */
  private static Memento without(Means.Profile profile) {
    Map<String, String> values = new TreeMap<>();
    for (Change change : profile.changes()) {
      if (change instanceof Change.Http http) {
        values.put(BACK, http.back().method() + " " + http.back().uri());
      } else if (change instanceof Change.Environment) {
        values.put(ENVIRONMENT, DECLARED);
      }
    }
    return Memento.of(values);
  }

  private static void putFilesBack(Memento memento) throws IOException {
    for (Map.Entry<String, String> value : memento.values().entrySet()) {
      if (value.getKey().startsWith(FILE)) {
        WholeFile.putBack(value.getKey().substring(FILE.length()), value.getValue());
      }
    }
  }

  /** Restarts it with these on top of what is declared; none: as declared. */
  private Outcome environment(Subject subject, Map<String, String> environment)
      throws InterruptedException, IOException {
    Order order = subject.assignment().order();
    Optional<Launch> launch = subject.declared().means().launch();
    Optional<Runner> runner =
        launch.isPresent() && launch.get() instanceof Launch.Unit unit
            ? Optional.of(
                restarts.unit(
                    unit.name(),
                    DropIn.write(hands.tools().units(), unit.name(), DropIn.PROFILE, environment)))
            : restarts.child(order, Optional.of(environment));
    return runner.isPresent()
        ? restarts.restart(
            subject.assignment(), subject.declared(), runner.get(), subject.patience())
        : new Outcome(
            Outcome.Kind.REFUSED,
            "%s has neither `run` nor `unit`: nobody can give it another environment"
                .formatted(order.target()));
  }
}
