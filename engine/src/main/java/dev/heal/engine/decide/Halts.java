package dev.heal.engine.decide;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What keeps the hands still now. It outlives a change of policies and, through the journal, the
 * engine: a pause that a restart forgets is none.
 */
public final class Halts {
  private static final String PAUSE = "pause";
  private static final Comparator<Halt> ORDER =
      Comparator.comparing(Halt::kind).thenComparing(Halt::name);

  /** Replaced, never changed: whoever has seen a list knows whether another is in force. */
  private List<Halt> standing;

  private boolean ending;

  /** Goes on with what stood. */
  public Halts(List<Halt> standing) {
    this.standing = standing.stream().sorted(ORDER).toList();
  }

  /** The engine ends: from here on nothing new is begun. The next engine knows nothing of it. */
  public void ending() {
    ending = true;
  }

  /** Whether the engine ends. */
  public boolean isEnding() {
    return ending;
  }

  /** All that stand, by kind and name; the same list as long as nothing changes. */
  public List<Halt> all() {
    return standing;
  }

  /** Auto-repair off, where it is. */
  public Optional<Halt> pause() {
    return find(Halt.Kind.PAUSE, PAUSE);
  }

  /** The breaker that stopped all acting, the first by name. */
  public Optional<Halt> openBreaker() {
    return standing.stream().filter(halt -> halt.kind() == Halt.Kind.BREAKER).findFirst();
  }

  /** Begun by operators. */
  public List<Halt> maintenances() {
    return standing.stream().filter(halt -> halt.kind() == Halt.Kind.MAINTENANCE).toList();
  }

  public Optional<Halt> find(Halt.Kind kind, String name) {
    return standing.stream()
        .filter(halt -> halt.kind() == kind && halt.name().equals(name))
        .findFirst();
  }

  /** Switches auto-repair off. */
  public void pause(long now, String by, String because) {
    begin(Halt.everything(Halt.Kind.PAUSE, PAUSE, now, by, because));
  }

  /** Too much failed at once. */
  void trip(String breaker, long now, String because) {
    begin(Halt.everything(Halt.Kind.BREAKER, breaker, now, "", because));
  }

  /** Begins; another of the same kind and name is replaced. */
  public void begin(Halt halt) {
    List<Halt> next = new ArrayList<>(standing);
    next.removeIf(same -> ORDER.compare(same, halt) == 0);
    next.add(halt);
    next.sort(ORDER);
    standing = List.copyOf(next);
  }

  /** Ends it. */
  public void end(Halt halt) {
    standing = standing.stream().filter(other -> !other.equals(halt)).toList();
  }

  /** Ends those whose time is over, and tells which. */
  public List<Halt> expire(long now) {
    List<Halt> over = standing.stream().filter(halt -> halt.until() <= now).toList();
    over.forEach(this::end);
    return over;
  }

  /** When the first ends by itself; {@link Times#NEVER} for none. */
  public long nextEnd() {
    return standing.stream().mapToLong(Halt::until).min().orElse(Times.NEVER);
  }
}
