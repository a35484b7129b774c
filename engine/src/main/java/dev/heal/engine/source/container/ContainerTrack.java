package dev.heal.engine.source.container;

import dev.heal.engine.source.hosted.HostedEvent;
import dev.heal.engine.source.posix.WaitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One container, as events and looks come in: what has happened. An end is told once, whoever knows
 * of it first: events tell how, looks find what no event has told. Each life has one event of its
 * end; the engine's own times say of which life it is, but for those of a life that lasted a moment
 * only, whose start may be stamped behind its end. So where a look has told an end, the event of it
 * is still owed.
 */
final class ContainerTrack {
  /** A shell's and an engine's way to tell a signal by a code. */
  private static final int SIGNALLED = 128;

  private static final int LAST_SIGNAL = 31; // those of real time end nobody by accident

  private final String name;
  private final List<HostedEvent> kills = new ArrayList<>();
  private final List<EngineEvent> ends = new ArrayList<>();
  private Optional<ContainerState> seen = Optional.empty();
  private boolean known;

  /** When the life began that is told of. */
  private long startedAt;

  /** Whether its end was told. */
  private boolean ended;

  /** Up to when all ends were told. */
  private long endedAt;

  /** Whether a look has told the last end, and its event may still come. */
  private boolean owed;

  private long oomKilledAt;

  ContainerTrack(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Whether it is this one that the event is about. */
  boolean isAbout(EngineEvent event) {
    return event.name().equals(name)
        || seen.filter(state -> state.id().equals(event.id())).isPresent();
  }

  /** Events come from here on only: none is owed of before. */
  void connected() {
    owed = false;
  }

  /** Takes an event; what it means is told by the next look. */
  void take(EngineEvent event) {
    if (known && event.action().equals("die")) {
      ends.add(event);
    } else if (known && event.action().equals("oom")) {
      kills.add(new HostedEvent.OomKilled(name));
      oomKilledAt = event.at();
    }
  }

  /** Takes how it is now; what has happened up to here, the state last. */
  List<HostedEvent> take(ContainerState state) {
    List<HostedEvent> told = new ArrayList<>();
    if (known) {
      happened(state, told);
    } else {
      startedAt = state.startedAt();
      endedAt = end(state);
      owed = !state.running();
      oomKilledAt = state.startedAt();
    }
    known = true;
    seen = Optional.of(state);
    ended = !state.running();
    told.addAll(states());
    return told;
  }

  /** An end that is not behind its start: of one that ran a moment only. */
  private static long end(ContainerState state) {
    return state.running() ? state.ended().at() : Math.max(state.ended().at(), state.startedAt());
  }

  /** Another container may have this name now: its times are later than those of the other. */
  private void happened(ContainerState state, List<HostedEvent> told) {
    boolean another = state.startedAt() > startedAt;
    told.addAll(oomKills(state));
    told.addAll(ends(another ? state.startedAt() : Long.MAX_VALUE));
    boolean unseen = !ended && state.running() && state.startedAt() > startedAt;
    startedAt = Math.max(startedAt, state.startedAt());
    if (state.ended().at() > endedAt) {
      told.add(state.running() ? unseenExit() : exit(state.ended().code()));
      endedAt = end(state);
      owed = true;
    } else if (unseen) {
      told.add(unseenExit());
      owed = true;
    }
  }

  private List<HostedEvent> oomKills(ContainerState state) {
    List<HostedEvent> told = new ArrayList<>(kills);
    kills.clear();
    if (state.ended().oomKilled() && oomKilledAt < state.startedAt()) {
      if (!state.running()) { // else podman has it from a life before
        told.add(new HostedEvent.OomKilled(name));
      }
      oomKilledAt = Math.max(state.startedAt(), state.ended().at());
    }
    return told;
  }

  /**
   * What the events of ends mean.
   *
   * @param nextLife when the next life began that is known of
   */
  private List<HostedEvent> ends(long nextLife) {
    List<HostedEvent> told = new ArrayList<>();
    for (EngineEvent end : ends) {
      if (end.at() >= nextLife && startedAt < nextLife) {
        if (!ended) {
          told.add(unseenExit());
        }
        startedAt = nextLife;
        ended = false;
        owed = false;
      }
      if (end.at() < startedAt || (ended && owed)) {
        owed = false; // of an end that was told
      } else {
        told.add(end.exitCode().isPresent() ? exit(end.exitCode().getAsInt()) : unseenExit());
        ended = true;
        endedAt = end.at();
      }
    }
    ends.clear();
    return told;
  }

  /** Nobody can look now: what events have told, all the same. */
  List<HostedEvent> waiting() {
    List<HostedEvent> told = new ArrayList<>(kills);
    kills.clear();
    told.addAll(ends(Long.MAX_VALUE));
    return told;
  }

  /** There is no such container. */
  List<HostedEvent> missing() {
    List<HostedEvent> told = new ArrayList<>(waiting());
    if (known && !ended) {
      told.add(unseenExit());
      owed = true;
    }
    seen = Optional.empty();
    known = true; // whatever comes under this name is new
    ended = true;
    told.addAll(states());
    return told;
  }

  /** How it is, as far as the engine has said. */
  List<HostedEvent> states() {
    if (!known) {
      return List.of();
    }
    List<HostedEvent> told = new ArrayList<>();
    // first: a state without it would call one well whose check has not said so
    told.add(new HostedEvent.Checked(name, health()));
    told.add(
        new HostedEvent.State(
            name,
            !ended,
            seen.map(state -> OptionalLong.of(state.restarts())).orElse(OptionalLong.empty())));
    return told;
  }

  private HostedEvent.Check health() {
    return seen.flatMap(ContainerState::health)
        .map(
            health ->
                switch (health) {
                  case STARTING -> HostedEvent.Check.NOT_YET;
                  case HEALTHY -> HostedEvent.Check.WELL;
                  case UNHEALTHY -> HostedEvent.Check.NOT_WELL;
                })
        .orElse(HostedEvent.Check.NONE);
  }

  /** As it was seen last. */
  Optional<ContainerState> seen() {
    return seen;
  }

  private HostedEvent exit(int code) {
    int signal = code - SIGNALLED;
    return new HostedEvent.Exited(
        name,
        OptionalInt.of(code),
        signal >= 1 && signal <= LAST_SIGNAL
            ? Optional.of(WaitStatus.name(signal))
            : Optional.empty());
  }

  private HostedEvent unseenExit() {
    return new HostedEvent.Exited(name, OptionalInt.empty(), Optional.empty());
  }
}
