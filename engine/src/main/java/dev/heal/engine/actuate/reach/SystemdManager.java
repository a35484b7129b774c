package dev.heal.engine.actuate.reach;

import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;

/** What is called of systemd (org.freedesktop.systemd1(5)); D-Bus needs it to be public. */
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface SystemdManager extends DBusInterface {
  /** Without it there are no signals of jobs. */
  @DBusMemberName("Subscribe")
  void subscribe();

  /** The object of a unit, read from its file where it is not loaded. */
  @DBusMemberName("LoadUnit")
  DBusPath loadUnit(String name);

  /** Forgets that it failed, and how often it was started. */
  @DBusMemberName("ResetFailedUnit")
  void resetFailedUnit(String name);

  /** The job that starts it. */
  @DBusMemberName("StartUnit")
  DBusPath startUnit(String name, String mode);

  /** The job that stops it. */
  @DBusMemberName("StopUnit")
  DBusPath stopUnit(String name, String mode);

  /** Reads all unit files again. */
  @DBusMemberName("Reload")
  void reload();

  /** A job has ended. */
  final class JobRemoved extends DBusSignal {
    private final DBusPath job;
    private final String result;

    /** As it comes over the bus. */
    public JobRemoved(String path, UInt32 id, DBusPath job, String unit, String result)
        throws DBusException {
      super(path, id, job, unit, result);
      this.job = job;
      this.result = result;
    }

    /** The path of the job. */
    public String job() {
      return job.getPath();
    }

    /** {@code done}, {@code failed}, {@code canceled}, {@code timeout}, {@code dependency}. */
    public String result() {
      return result;
    }
  }
}
