package dev.heal.engine.source.systemd;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.interfaces.Properties.PropertiesChanged;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.types.Variant;

/** One connection to systemd, as long as it lasts. */
final class UnitBus implements AutoCloseable {
  private static final String NAME = "org.freedesktop.systemd1";
  private static final String PATH = "/org/freedesktop/systemd1";
  private static final List<String> INTERFACES = List.of(NAME + ".Unit", NAME + ".Service");
  private static final int CONNECT_MILLIS = 1000;

  private final DBusConnection bus;
  private final UnitManager manager;
  private final Properties managed;
  private final Map<String, String> paths = new TreeMap<>();

  private UnitBus(DBusConnection bus) throws DBusException {
    this.bus = bus;
    this.manager = bus.getRemoteObject(NAME, PATH, UnitManager.class);
    this.managed = bus.getRemoteObject(NAME, PATH, Properties.class);
  }

  /** Takes what comes over the bus by itself, on a thread of the bus. */
  interface Listener {
    void changed(String unit, Map<String, Object> properties);

    void gone(String why);
  }

  /** Connects, and has the changes of units told. */
  static UnitBus open(String address, Iterable<String> units, Listener listener)
      throws DBusException {
    DBusConnection bus =
        DBusConnectionBuilder.forAddress(address)
            .withShared(false)
            .withDisconnectCallback(new Callback(listener))
            .transportConfig()
            .withTimeout(CONNECT_MILLIS)
            .back()
            .receivingThreadConfig()
            .withSignalThreadCount(1) // in their order
            .connectionConfig()
            .build();
    try {
      UnitBus opened = new UnitBus(bus);
      opened.manager.subscribe();
      for (String unit : units) {
        opened.listen(unit, listener);
      }
      return opened;
    } catch (DBusException | DBusExecutionException e) {
      bus.disconnect();
      throw e;
    }
  }

  private static final class Callback implements IDisconnectCallback {
    private final Listener listener;

    Callback(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void disconnectOnError(IOException why) {
      listener.gone("the bus has hung up: " + why.getMessage());
    }
  }

  private void listen(String unit, Listener listener) throws DBusException {
    String path = manager.loadUnit(unit).getPath();
    paths.put(unit, path);
    Consumer<PropertiesChanged> take =
        changed -> {
          if (INTERFACES.contains(changed.getInterfaceName())) {
            listener.changed(unit, plain(changed.getPropertiesChanged()));
          }
        };
    bus.addSigHandler(
        DBusMatchRuleBuilder.create().withType(PropertiesChanged.class).withPath(path).build(),
        take::accept);
  }

  /** All properties of a unit that its kind has. */
  Map<String, Object> properties(String unit) throws DBusException {
    Properties object = bus.getRemoteObject(NAME, path(unit), Properties.class);
    Map<String, Object> all = new HashMap<>(plain(object.GetAll(INTERFACES.get(0))));
    if (unit.endsWith(".service")) {
      all.putAll(plain(object.GetAll(INTERFACES.get(1))));
    }
    return all;
  }

  private String path(String unit) {
    return java.util.Objects.requireNonNull(paths.get(unit));
  }

  /** Asks whether systemd still answers: it throws where not. */
  void ping() {
    Object unused = managed.<Object>Get(NAME + ".Manager", "Version");
  }

  /** The processes of a unit; none where it has none, or is not loaded any more. */
  List<Long> processes(String unit) {
    try {
      return manager.getUnitProcesses(unit).stream().map(UnitManager.UnitProcess::pid).toList();
    } catch (DBusExecutionException e) {
      if (isSystemds(e)) {
        return List.of(); // systemd answers: it has no such unit
      }
      throw e;
    }
  }

  /** The name of the error is only told by what the library is to drop; it has no other way yet. */
  @SuppressWarnings("removal")
  private static boolean isSystemds(DBusExecutionException e) {
    return String.valueOf(e.getType()).startsWith(NAME);
  }

  private static Map<String, Object> plain(Map<String, Variant<?>> variants) {
    Map<String, Object> plain = new HashMap<>();
    variants.forEach((name, value) -> plain.put(name, value.getValue()));
    return plain;
  }

  @Override
  public void close() {
    bus.disconnect();
  }
}
