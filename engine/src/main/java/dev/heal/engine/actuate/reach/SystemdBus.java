package dev.heal.engine.actuate.reach;

import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.errors.AccessDenied;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;

/** The host's systemd, over D-Bus. */
public final class SystemdBus {
  private static final String NAME = "org.freedesktop.systemd1";
  private static final String PATH = "/org/freedesktop/systemd1";
  private static final String UNIT = NAME + ".Unit";

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

  /**
   * Restarts a unit, waits for the job, and then looks at the unit: systemd calls a job done whose
   * unit has failed since. A unit that has failed is reset first, or its start limit would hold it.
   */
  public Outcome restart(String unit) throws InterruptedException {
    return with(unit, bus -> restarted(bus, unit));
  }

  /** Reads the files of the units again, and restarts one. */
  public Outcome reloadAndRestart(String unit) throws InterruptedException {
    return with(
        unit,
        bus -> {
          manager(bus).reload();
          return restarted(bus, unit);
        });
  }

  private interface Work {
    Outcome on(DBusConnection bus) throws DBusException, InterruptedException;
  }

  private Outcome with(String unit, Work work) throws InterruptedException {
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
          "systemd does not let us restart `%s`: %s".formatted(unit, notAllowed.getMessage()));
    } catch (DBusExecutionException refused) {
      return new Outcome(
          Outcome.Kind.FAILED,
          "systemd did not restart `%s`: %s".formatted(unit, refused.getMessage()));
    } catch (DBusException | IOException away) {
      return new Outcome(
          Outcome.Kind.FAILED,
          "systemd cannot be reached at `%s`: %s".formatted(address, away.getMessage()));
    }
  }

  private static Outcome restarted(DBusConnection bus, String unit)
      throws DBusException, InterruptedException {
    SystemdManager manager = manager(bus);
    BlockingQueue<SystemdManager.JobRemoved> ended = new LinkedBlockingQueue<>();
    bus.addSigHandler(SystemdManager.JobRemoved.class, ended::add); // until the bus is closed
    manager.subscribe();
    DBusPath loaded = manager.loadUnit(unit);
    String found = state(bus, loaded, "LoadState");
    if (!found.equals("loaded")) {
      return new Outcome(
          Outcome.Kind.REFUSED, "unit `%s` cannot be started: it is %s".formatted(unit, found));
    }
    if (state(bus, loaded, "ActiveState").equals("failed")) {
      manager.resetFailedUnit(unit);
    }
    String job = manager.restartUnit(unit, "replace").getPath();
    SystemdManager.JobRemoved end = ended.take();
    while (!end.job().equals(job)) {
      end = ended.take();
    }
    return seen(bus, loaded, unit, end.result());
  }

  private static Outcome seen(DBusConnection bus, DBusPath loaded, String unit, String result)
      throws DBusException {
    String active = state(bus, loaded, "ActiveState");
    String words =
        "job %s, unit `%s` is %s (%s)"
            .formatted(result, unit, active, state(bus, loaded, "SubState"));
    boolean done = result.equals("done") && !active.equals("failed") && !active.equals("inactive");
    return new Outcome(done ? Outcome.Kind.DONE : Outcome.Kind.FAILED, words);
  }

  private static SystemdManager manager(DBusConnection bus) throws DBusException {
    return bus.getRemoteObject(NAME, PATH, SystemdManager.class);
  }

  private static String state(DBusConnection bus, DBusPath unit, String property)
      throws DBusException {
    Properties properties = bus.getRemoteObject(NAME, unit.getPath(), Properties.class);
    return String.valueOf(properties.<Object>Get(UNIT, property));
  }
}
