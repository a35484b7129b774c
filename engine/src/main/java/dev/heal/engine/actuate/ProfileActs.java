package dev.heal.engine.actuate;

import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Means.Change;
import dev.heal.dsl.policy.Means.Launch;
import dev.heal.dsl.policy.Way;
import dev.heal.engine.actuate.reach.Calls;
import dev.heal.engine.actuate.reach.SystemdBus;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.net.URI;
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
  private final Calls calls;
  private final SystemdBus systemd;

  ProfileActs(Hands hands, Keeper keeper, Calls calls, SystemdBus systemd) {
    this.hands = hands;
    this.keeper = keeper;
    this.calls = calls;
    this.systemd = systemd;
  }

  Report act(Assignment assignment, Means means) throws InterruptedException {
    Order order = assignment.order();
    String name = OrderWords.settings(order).getOrDefault("to", "").replaceFirst("^profile ", "");
    Optional<Means.Profile> profile = Optional.ofNullable(means.profiles().get(name));
    if (profile.isEmpty()) {
      return Report.refused(
          "%s has no profile `%s`: write `profile %s { env [\"NAME=value\"] }` in it"
              .formatted(order.target(), name, name));
    }
    try {
      return order.purpose() == Order.Purpose.UNDO
          ? Report.of(undo(assignment, means, profile.get()))
          : degrade(assignment, means, profile.get());
    } catch (IOException disk) {
      return Report.of(Outcome.Kind.FAILED, "a file cannot be changed: " + disk);
    }
  }

  private Report degrade(Assignment assignment, Means means, Means.Profile profile)
      throws InterruptedException, IOException {
    Memento before = before(profile);
    Memento memento = before.on(Memento.parse(assignment.memento()));
    if (!keeper.keep(assignment.order(), memento.line())) {
      return Report.of(
          Outcome.Kind.FAILED, "what it replaces could not be written down: nothing was changed");
    }
    Outcome outcome = changed(assignment, means, profile);
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

  private Outcome changed(Assignment assignment, Means means, Means.Profile profile)
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
        Outcome called = call(assignment, http.there());
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
      Outcome restarted = environment(assignment, means, environment);
      if (restarted.kind() != Outcome.Kind.DONE) {
        return restarted;
      }
      words.add(restarted.because());
    }
    return new Outcome(
        Outcome.Kind.DONE, "profile %s: %s".formatted(profile.name(), String.join("; ", words)));
  }

  private Outcome call(Assignment assignment, Way.HttpCall call) throws InterruptedException {
    return calls.send(
        call,
        OrderWords.key(hands.run(), assignment.order()),
        OrderWords.json(hands.run(), assignment));
  }

  private Outcome undo(Assignment assignment, Means means, Means.Profile profile)
      throws InterruptedException, IOException {
    Memento memento =
        assignment.memento().isPresent() ? Memento.parse(assignment.memento()) : without(profile);
    putFilesBack(memento);
    Optional<String> back = memento.value(BACK);
    if (back.isPresent()) {
      int blank = back.get().indexOf(' ');
      Outcome called =
          call(
              assignment,
              new Way.HttpCall(
                  back.get().substring(0, blank), URI.create(back.get().substring(blank + 1))));
      if (called.kind() != Outcome.Kind.DONE) {
        return called;
      }
    }
    if (memento.value(ENVIRONMENT).isPresent()) {
      Outcome restarted = environment(assignment, means, Map.of());
      if (restarted.kind() != Outcome.Kind.DONE) {
        return restarted;
      }
    }
    boolean lost =
        assignment.memento().isEmpty()
            && profile.changes().stream().anyMatch(c -> c instanceof Change.File);
    return lost
        ? new Outcome(
            Outcome.Kind.FAILED, "nobody wrote down what its files held: put them back by hand")
        : new Outcome(Outcome.Kind.DONE, "profile %s taken back".formatted(profile.name()));
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
  private Outcome environment(Assignment assignment, Means means, Map<String, String> environment)
      throws InterruptedException, IOException {
    Optional<Launch> launch = means.launch();
    if (launch.isPresent() && launch.get() instanceof Launch.Argv) {
      return hands
          .supervisor()
          .orElseThrow(() -> new IllegalStateException("a child without its supervisor"))
          .restart(
              new Supervisor.Restart(
                  assignment.order().target(),
                  Optional.of(environment),
                  Dispatch.GRACE,
                  Supervisor.Start.AS_DECLARED,
                  false));
    }
    if (launch.isPresent() && launch.get() instanceof Launch.Unit unit) {
      DropIn.write(hands.tools().units(), unit.name(), environment);
      return systemd.reloadAndRestart(unit.name());
    }
    return new Outcome(
        Outcome.Kind.REFUSED,
        "%s has neither `run` nor `unit`: nobody can give it another environment"
            .formatted(assignment.order().target()));
  }
}
