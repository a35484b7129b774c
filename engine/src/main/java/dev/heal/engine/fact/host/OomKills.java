package dev.heal.engine.fact.host;

import dev.heal.engine.fact.EntityId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose process the kernel killed for memory, from the counts of control groups. The count of a
 * group that one service has to itself is that service's. Where several share a group, and with the
 * engine, it is the one service of it whose process has ended since; where that is not just one,
 * nobody is accused. For one thread.
 */
public final class OomKills {
  /** A service's process, and the group it is in. */
  public record Member(long pid, Path group) {}

  /**
   * What a look found.
   *
   * @param killed how many processes of which service
   * @param unattributed kills of which nobody can tell whose they were
   */
  public record Found(Map<EntityId, Long> killed, long unattributed) {
    public Found {
      killed = Map.copyOf(killed);
    }
  }

  private final Optional<Path> ownGroup;
  private Map<EntityId, Member> members = Map.of();
  private Map<Path, Long> counts = Map.of();

  /** Kills that were seen before anybody was seen to have ended. */
  private Map<Path, Long> pending = Map.of();

  /**
   * @param ownGroup the engine's
   */
  public OomKills(Optional<Path> ownGroup) {
    this.ownGroup = ownGroup;
  }

  /** The groups to count at the next look: also those of processes that may be gone by now. */
  public Set<Path> groups(Map<EntityId, Member> now) {
    Set<Path> groups = new TreeSet<>();
    members.values().forEach(member -> groups.add(member.group()));
    now.values().forEach(member -> groups.add(member.group()));
    return groups;
  }

  /**
   * One more look: first at the processes, then at the counts.
   *
   * @param nowCounts of the {@link #groups}, without those that are gone
   */
  public Found look(Map<EntityId, Member> now, Map<Path, Long> nowCounts) {
    Map<EntityId, Long> killed = new HashMap<>();
    Map<Path, Long> waiting = new HashMap<>();
    long unattributed = 0;
    for (Map.Entry<Path, Long> group : nowCounts.entrySet()) {
      long before = counts.getOrDefault(group.getKey(), group.getValue());
      long old = pending.getOrDefault(group.getKey(), 0L);
      long kills = Math.max(0, group.getValue() - before) + old;
      if (kills > 0) {
        Optional<EntityId> whose = whose(group.getKey(), now);
        if (whose.isPresent()) {
          killed.put(whose.get(), kills);
        } else if (old == 0) {
          waiting.put(group.getKey(), kills);
        } else {
          unattributed += kills;
        }
      }
    }
    members = Map.copyOf(now);
    counts = Map.copyOf(nowCounts);
    pending = waiting;
    return new Found(killed, unattributed);
  }

  private Optional<EntityId> whose(Path group, Map<EntityId, Member> now) {
    List<EntityId> there = new ArrayList<>();
    List<EntityId> ended = new ArrayList<>();
    Set<EntityId> all = new TreeSet<>(members.keySet());
    all.addAll(now.keySet());
    for (EntityId entity : all) {
      Optional<Member> before = in(group, members.get(entity));
      Optional<Member> today = in(group, now.get(entity));
      if (before.isPresent() || today.isPresent()) {
        there.add(entity);
      }
      if (before.isPresent() && !before.equals(today)) {
        ended.add(entity);
      }
    }
    if (ended.size() == 1) {
      return Optional.of(ended.get(0));
    }
    boolean toItself = there.size() == 1 && ownGroup.filter(group::equals).isEmpty();
    return toItself ? Optional.of(there.get(0)) : Optional.empty();
  }

  private static Optional<Member> in(Path group, @org.jspecify.annotations.Nullable Member member) {
    return Optional.ofNullable(member).filter(one -> Objects.equals(one.group(), group));
  }
}
