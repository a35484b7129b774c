package dev.heal.engine.source.systemd;

import java.util.List;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.interfaces.DBusInterface;

/** What is asked of systemd; D-Bus needs it to be public. */
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface UnitManager extends DBusInterface {
  /** Without it there are no signals. */
  @DBusMemberName("Subscribe")
  void subscribe();

  /** The object of a unit, read from its file where it is not loaded. */
  @DBusMemberName("LoadUnit")
  DBusPath loadUnit(String name);

  /** All processes of a unit. */
  @DBusMemberName("GetUnitProcesses")
  List<UnitProcess> getUnitProcesses(String name);

  /** One of them. */
  final class UnitProcess extends Struct {
    @Position(0)
    private final String group;

    @Position(1)
    private final org.freedesktop.dbus.types.UInt32 pid;

    @Position(2)
    private final String command;

    /** As it comes over the bus. */
    public UnitProcess(String group, org.freedesktop.dbus.types.UInt32 pid, String command) {
      this.group = group;
      this.pid = pid;
      this.command = command;
    }

    /** Its control group. */
    public String group() {
      return group;
    }

    /** Its number. */
    public long pid() {
      return pid.longValue();
    }

    /** Its command line. */
    public String command() {
      return command;
    }
  }
}
