package dev.heal.engine.actuate.reach;

import java.util.List;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

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

  /** Sets properties of a unit, until the next boot where {@code runtime} says so. */
  @DBusMemberName("SetUnitProperties")
  void setUnitProperties(String name, boolean runtime, List<UnitProperty> properties);

  /** A property and its value: {@code (sv)}. */
  final class UnitProperty extends Struct {
    @Position(0)
    private final String name;

    @Position(1)
    private final Variant<?> value;

    /** As it goes over the bus. */
    public UnitProperty(String name, Variant<?> value) {
      this.name = name;
      this.value = value;
    }

    /** {@code CPUQuotaPerSecUSec}. */
    public String name() {
      return name;
    }

    /** What it is set to. */
    public Variant<?> value() {
      return value;
    }
  }

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
