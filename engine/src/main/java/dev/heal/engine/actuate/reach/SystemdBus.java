package dev.heal.engine.actuate.reach;

import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.errors.AccessDenied;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/** The host's systemd, over D-Bus. */
public final class SystemdBus {
  private static final String NAME = "org.freedesktop.systemd1";
  private static final String PATH = "/org/freedesktop/systemd1";
  private static final String UNIT = NAME + ".Unit";
  private static final String SERVICE = NAME + ".Service";

  private static final String CPU_QUOTA = "CPUQuotaPerSecUSec";

  /** Whom systemd stops with a unit, and does not start again with it. */
  private static final List<String> FOLLOWERS = List.of("RequiredBy", "BoundBy", "ConsistsOf");

  /** How long a socket that is not there is waited for. */
  private static final int CONNECT_MILLIS = 1000;

  private final String address;

  /**
   * Connects for each act anew: a bus that was away meanwhile is no matter.
   *
   * @param address of the system bus: {@code unix:path=/run/dbus/system_bus_socket}
   */
  public SystemdBus(String address) {
    this.address = address;
  }

  /** Stops a unit, waits for the job, and then looks at the unit. */
  public Outcome stop(String unit) throws InterruptedException {
    return with("stop", unit, bus -> stopped(bus, unit));
  }

  /**
   * Starts a unit, waits for the job, and then looks at the unit: systemd calls a job done whose
   * unit has failed since. A unit that has failed is reset first, or its start limit would hold it.
   *
   * @param reload whether files of units were changed
   */
  public Outcome start(String unit, boolean reload) throws InterruptedException {
    return with("start", unit, bus -> started(bus, unit, reload));
  }

  /**
   * What systemd says of a unit.
   *
   * @param outcome DONE, or why it says nothing
   * @param active {@code active}, {@code failed}
   * @param controlGroup {@code /system.slice/llm.service}; empty where nothing of it runs
   * @param followers active units that systemd stops with this one
   * @param quota the CPU time that it may use, in microseconds a second
   */
  public record Unit(
      Outcome outcome,
      String active,
      String controlGroup,
      List<String> followers,
      BigInteger quota) {
    public Unit {
      followers = List.copyOf(followers);
    }
  }

  /** Looks at a unit. */
  public Unit look(String unit) throws InterruptedException {
    AtomicReference<Unit> seen = new AtomicReference<>();
    Outcome outcome =
        with(
            "look at",
            unit,
            bus -> {
              seen.set(look(bus, unit));
              return new Outcome(Outcome.Kind.DONE, "");
            });
    return Optional.ofNullable(seen.get())
        .orElseGet(() -> new Unit(outcome, "", "", List.of(), UNLIMITED));
  }

  private static Unit look(DBusConnection bus, String unit) throws DBusException {
    DBusPath loaded = manager(bus).loadUnit(unit);
    List<String> followers = new ArrayList<>();
    for (String relation : FOLLOWERS) {
      for (String follower : names(bus, loaded, relation)) {
        String active = state(bus, manager(bus).loadUnit(follower), "ActiveState");
        if (active.equals("active") && !followers.contains(follower)) {
          followers.add(follower);
        }
      }
    }
    boolean service = unit.endsWith(".service");
    return new Unit(
        new Outcome(Outcome.Kind.DONE, ""),
        state(bus, loaded, "ActiveState"),
        service ? property(bus, loaded, SERVICE, "ControlGroup") : "",
        followers,
        service ? new BigInteger(property(bus, loaded, SERVICE, CPU_QUOTA)) : UNLIMITED);
  }

  /** No limit, as systemd writes it. */
  public static final BigInteger UNLIMITED = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  /** Limits the CPU time of a unit, in microseconds a second, until the next boot. */
  public Outcome limit(String unit, BigInteger microseconds) throws InterruptedException {
    return with(
        "limit",
        unit,
        bus -> {
          manager(bus)
              .setUnitProperties(
                  unit,
                  true,
                  List.of(
                      new SystemdManager.UnitProperty(
                          CPU_QUOTA, new Variant<>(new UInt64(microseconds)))));
          return new Outcome(Outcome.Kind.DONE, "");
        });
  }

  private interface Work {
    Outcome on(DBusConnection bus) throws DBusException, InterruptedException;
  }

  private Outcome with(String verb, String unit, Work work) throws InterruptedException {
    try (DBusConnection bus =
        DBusConnectionBuilder.forAddress(address)
            .withShared(false)
            .transportConfig()
            .withTimeout(CONNECT_MILLIS)
            .back()
            .build()) {
      return work.on(bus);
    } catch (AccessDenied notAllowed) {
      return new Outcome(
          Outcome.Kind.REFUSED,
          "systemd does not let us %s `%s`: %s".formatted(verb, unit, notAllowed.getMessage()));
    } catch (DBusExecutionException refused) {
      return new Outcome(
          Outcome.Kind.FAILED,
          "systemd did not %s `%s`: %s".formatted(verb, unit, refused.getMessage()));
    } catch (DBusException | IOException away) {
      return new Outcome(
          Outcome.Kind.FAILED,
          "systemd cannot be reached at `%s`: %s".formatted(address, away.getMessage()));
    }
  }

  private static Outcome stopped(DBusConnection bus, String unit)
      throws DBusException, InterruptedException {
    DBusPath loaded = manager(bus).loadUnit(unit);
    Optional<Outcome> missing = missing(bus, loaded, unit);
    if (missing.isPresent()) {
      return missing.get();
    }
    String result = job(bus, () -> manager(bus).stopUnit(unit, "replace"));
    String active = state(bus, loaded, "ActiveState");
    boolean done = active.equals("inactive") || active.equals("failed");
    return done
        ? new Outcome(Outcome.Kind.DONE, "stopped")
        : new Outcome(
            Outcome.Kind.FAILED,
            "job %s, unit `%s` does not stop, it is %s".formatted(result, unit, active));
  }

  private static Outcome started(DBusConnection bus, String unit, boolean reload)
      throws DBusException, InterruptedException {
    SystemdManager manager = manager(bus);
    if (reload) {
      manager.reload();
    }
    DBusPath loaded = manager.loadUnit(unit);
    Optional<Outcome> missing = missing(bus, loaded, unit);
    if (missing.isPresent()) {
      return missing.get();
    }
    if (state(bus, loaded, "ActiveState").equals("failed")) {
      manager.resetFailedUnit(unit);
    }
    String result = job(bus, () -> manager.startUnit(unit, "replace"));
    String active = state(bus, loaded, "ActiveState");
    String words =
        "job %s, unit `%s` is %s (%s)"
            .formatted(result, unit, active, state(bus, loaded, "SubState"));
    boolean done = result.equals("done") && !active.equals("failed") && !active.equals("inactive");
    return new Outcome(done ? Outcome.Kind.DONE : Outcome.Kind.FAILED, words);
  }

  private static Optional<Outcome> missing(DBusConnection bus, DBusPath loaded, String unit)
      throws DBusException {
    String found = state(bus, loaded, "LoadState");
    return found.equals("loaded")
        ? Optional.empty()
        : Optional.of(
            new Outcome(
                Outcome.Kind.REFUSED,
                "unit `%s` cannot be started: it is %s".formatted(unit, found)));
  }

  private interface Begin {
    DBusPath job() throws DBusException;
  }

  /** Begins a job, and waits until it is over. */
  private static String job(DBusConnection bus, Begin begin)
      throws DBusException, InterruptedException {
    BlockingQueue<SystemdManager.JobRemoved> ended = new LinkedBlockingQueue<>();
    bus.addSigHandler(SystemdManager.JobRemoved.class, ended::add); // until the bus is closed
    manager(bus).subscribe();
    String job = begin.job().getPath();
    SystemdManager.JobRemoved end = ended.take();
    while (!end.job().equals(job)) {
      end = ended.take();
    }
    return end.result();
  }

  private static SystemdManager manager(DBusConnection bus) throws DBusException {
    return bus.getRemoteObject(NAME, PATH, SystemdManager.class);
  }

  private static String state(DBusConnection bus, DBusPath unit, String property)
      throws DBusException {
    return property(bus, unit, UNIT, property);
  }

  private static String property(DBusConnection bus, DBusPath unit, String part, String property)
      throws DBusException {
    Properties properties = bus.getRemoteObject(NAME, unit.getPath(), Properties.class);
    return String.valueOf(properties.<Object>Get(part, property));
  }

  private static List<String> names(DBusConnection bus, DBusPath unit, String property)
      throws DBusException {
    Properties properties = bus.getRemoteObject(NAME, unit.getPath(), Properties.class);
    Object names = properties.<Object>Get(UNIT, property);
    return names instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : names instanceof Object[] array
            ? Stream.of(array).map(String::valueOf).toList()
            : List.of();
  }
}
