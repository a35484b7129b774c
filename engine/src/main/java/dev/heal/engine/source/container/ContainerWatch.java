package dev.heal.engine.source.container;

import dev.heal.engine.source.host.HostFiles;
import dev.heal.engine.source.hosted.HostedEvent;
import dev.heal.engine.source.hosted.HostedSink;
import dev.heal.engine.source.log.LineCutter;
import dev.heal.engine.source.retry.Backoff;
import dev.heal.engine.source.retry.Turns;
import dev.heal.engine.source.socket.HttpSocket;
import dev.heal.engine.source.socket.HttpStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Watches containers on a thread of its own: the door of this package. The engine's events say when
 * to look; each container is looked at every few seconds besides, and after each time that the
 * engine was lost. States are told again about every second, as long as the engine answers.
 */
public final class ContainerWatch implements AutoCloseable {
  private static final Duration TELL_EVERY = Duration.ofSeconds(1);
  private static final int TELLS_PER_LOOK = 5;
  private static final int TRIES = 3;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ContainerEngine engine;
  private final HostedSink sink;
  private final HostFiles files;
  private final Backoff backoff;
  private final LongSupplier nanoTime;
  private final TreeMap<String, ContainerTrack> containers = new TreeMap<>();
  private final Set<String> noted = new TreeSet<>();
  private final Turns turns;
  private int failures;

  /**
   * Starts to watch.
   *
   * @param socket of the engine
   * @param names of the containers
   * @param files of the host on which they run
   * @param nanoTime nanoseconds from anywhere
   */
  public ContainerWatch(
      Path socket, Set<String> names, HostedSink sink, HostFiles files, LongSupplier nanoTime) {
    this.engine = new ContainerEngine(new HttpSocket(socket));
    this.sink = sink;
    this.files = files;
    this.backoff = Backoff.USUAL;
    this.nanoTime = nanoTime;
    names.forEach(name -> containers.put(name, new ContainerTrack(name)));
    this.turns = new Turns("heal-containers", this::watch);
    turns.start();
  }

  @Override
  public void close() {
    turns.close();
  }

  private Duration watch() throws InterruptedException {
    Session session = new Session();
    String why = session.toItsEnd();
    failures = session.reached ? 1 : failures + 1;
    sink.lost(
        "the container engine cannot be reached at `%s`: %s"
            .formatted(engine.socket().path(), why));
    return backoff.after(failures);
  }

  /** Of these containers all that the engine tells. */
  private String target() {
    String names =
        containers.keySet().stream()
            .map(name -> "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
            .collect(Collectors.joining(","));
    return "/events?filters="
        + URLEncoder.encode(
            "{\"type\":[\"container\"],\"container\":[%s]}".formatted(names),
            StandardCharsets.UTF_8);
  }

  /** One stream of events, from its beginning to its end. */
  private final class Session {
    private final LineCutter lines = new LineCutter();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final Set<String> due = new TreeSet<>();
    private boolean reached;

    /** Why it has ended. */
    String toItsEnd() throws InterruptedException {
      try (HttpStream events = engine.socket().get(target())) {
        containers.values().forEach(ContainerTrack::connected);
        due.addAll(containers.keySet());
        look(events);
        reached = true;
        sink.found();
        listen(events);
        return "it has ended the stream of its events";
      } catch (IOException e) {
        containers.values().forEach(one -> one.waiting().forEach(sink::event));
        return String.valueOf(e.getMessage());
      }
    }

    private void listen(HttpStream events) throws IOException, InterruptedException {
      long tellAt = nanoTime.getAsLong();
      int tells = 0;
      while (!turns.isClosing()) {
        long left = tellAt - nanoTime.getAsLong();
        if (left > 0) {
          if (!take(events, Duration.ofNanos(left))) {
            return;
          }
        } else {
          tellAt = nanoTime.getAsLong() + TELL_EVERY.toNanos();
          if (tells++ % TELLS_PER_LOOK == 0) {
            due.addAll(containers.keySet());
            containers.values().forEach(this::processes);
          } else {
            containers.values().forEach(one -> one.states().forEach(sink::event));
          }
        }
        look(events);
      }
    }

    /** Takes what comes in time; false where no more will come. */
    private boolean take(HttpStream events, Duration patience)
        throws IOException, InterruptedException {
      int count = events.read(buffer, patience);
      while (count > 0) {
        lines.feed(buffer, count, (text, cut, end) -> event(text));
        count = events.read(buffer, Duration.ZERO);
      }
      return count == 0;
    }

    private void event(String text) {
      Optional<EngineEvent> event = EngineEvent.read(text);
      if (event.isPresent()) {
        containers.forEach(
            (name, container) -> {
              if (container.isAbout(event.get())) {
                container.take(event.get());
                due.add(name);
              }
            });
      }
    }

    /** Looks at those that may have changed. */
    private void look(HttpStream events) throws IOException, InterruptedException {
      for (int tries = 0; !due.isEmpty() && tries < TRIES; tries++) {
        List<String> now = new ArrayList<>(due);
        due.clear();
        for (String name : now) {
          look(name, events);
        }
      }
    }

    /** What comes while it is looked at is older or newer than the look: then it is taken anew. */
    private void look(String name, HttpStream events) throws IOException, InterruptedException {
      ContainerTrack track = Objects.requireNonNull(containers.get(name));
      try {
        Optional<ContainerState> state = engine.look(name);
        if (!take(events, Duration.ZERO)) {
          throw new IOException("it has ended the stream of its events");
        }
        if (!due.contains(name)) {
          state.map(track::take).orElseGet(track::missing).forEach(sink::event);
          note(name, state.isPresent() ? "" : "there is no container `%s`".formatted(name));
        }
      } catch (ContainerEngine.UnclearException unclear) {
        track.waiting().forEach(sink::event);
        note(name, "container `%s`: %s".formatted(name, unclear.getMessage()));
      }
    }

    private void note(String name, String text) {
      if (text.isEmpty()) {
        noted.remove(name);
      } else if (noted.add(name)) {
        sink.note(name, text);
      }
    }

    private void processes(ContainerTrack track) {
      track
          .seen()
          .filter(ContainerState::running)
          .ifPresent(
              state -> {
                List<Long> pids = files.groupProcesses(state.pid(), state.id());
                if (!pids.isEmpty()) {
                  sink.event(new HostedEvent.Processes(track.name(), pids));
                }
              });
    }
  }
}
