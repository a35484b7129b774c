package dev.heal.engine.source.systemd;

import dev.heal.engine.source.hosted.HostedEvent;
import dev.heal.engine.source.hosted.HostedSink;
import dev.heal.engine.source.retry.Backoff;
import dev.heal.engine.source.retry.Turns;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;

/**
 * Watches units on a thread of its own: the door of this package. States are told again about every
 * second, as long as systemd answers; a bus that is lost is told, and tried again with growing
 * pauses. What ended meanwhile is told then.
 */
public final class UnitWatch implements AutoCloseable {
  private static final Duration TELL_EVERY = Duration.ofSeconds(1);
  private static final int TELLS_PER_LOOK = 5; // at the processes

  /** Something that a session has to take: changed properties, or the end of the bus. */
  private record Heard(int session, String unit, Map<String, Object> properties, String gone) {}

  private final String address;
  private final HostedSink sink;
  private final Backoff backoff;
  private final Map<String, UnitTrack> units = new TreeMap<>();
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final Turns turns;
  private int failures;
  private final Set<String> noted = new TreeSet<>();
  private int sessions;

  /**
   * Starts to watch.
   *
   * @param address of the system bus: {@code unix:path=/run/dbus/system_bus_socket}
   * @param names of the units: {@code vllm.service}
   */
  public UnitWatch(String address, Set<String> names, HostedSink sink, Backoff backoff) {
    this.address = address;
    this.sink = sink;
    this.backoff = backoff;
    names.forEach(name -> units.put(name, new UnitTrack(name)));
    this.turns = new Turns("heal-systemd", this::watch);
    turns.start();
  }

  @Override
  public void close() {
    turns.close();
  }

  private Duration watch() throws InterruptedException {
    Session session = new Session(++sessions);
    session.run();
    failures = session.reached ? 1 : failures + 1;
    if (!turns.isClosing()) {
      sink.lost("systemd cannot be reached at `%s`: %s".formatted(address, session.why));
    }
    return backoff.after(failures);
  }

  /** One connection, from its beginning to its end. */
  private final class Session implements UnitBus.Listener {
    private final int number;
    private boolean reached;
    private String why = "";

    Session(int number) {
      this.number = number;
    }

    @Override
    public void changed(String unit, Map<String, Object> properties) {
      heard.add(new Heard(number, unit, properties, ""));
    }

    @Override
    public void gone(String reason) {
      heard.add(new Heard(number, "", Map.of(), reason));
    }

    void run() throws InterruptedException {
      try (UnitBus bus = UnitBus.open(address, units.keySet(), this)) {
        for (String unit : units.keySet()) {
          take(unit, bus.properties(unit));
        }
        reached = true;
        sink.found();
        listen(bus);
      } catch (DBusException | DBusExecutionException e) {
        why = String.valueOf(e.getMessage());
      }
    }

    private void listen(UnitBus bus) throws InterruptedException {
      int tells = 0;
      while (!turns.isClosing()) {
        Heard next = heard.poll(TELL_EVERY.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
          bus.ping();
          units.values().forEach(unit -> sink.event(unit.state()));
          if (tells++ % TELLS_PER_LOOK == 0) {
            processes(bus);
          }
        } else if (next.session() == number && !next.gone().isEmpty()) {
          why = next.gone();
          return;
        } else if (next.session() == number) {
          take(next.unit(), next.properties());
        }
      }
    }

    private void processes(UnitBus bus) {
      units.forEach(
          (name, unit) -> {
            List<Long> pids = unit.running() ? bus.processes(name) : List.of();
            if (!pids.isEmpty()) {
              sink.event(new HostedEvent.Processes(name, pids));
            }
          });
    }
  }

  private void take(String name, Map<String, Object> properties) {
    UnitTrack unit = Objects.requireNonNull(units.get(name));
    unit.take(properties).forEach(sink::event);
    if (unit.unloaded().isEmpty()) {
      noted.remove(name);
    } else if (noted.add(name)) {
      sink.note(name, "unit `%s` cannot run: it is %s".formatted(name, unit.unloaded().get()));
    }
  }
}
