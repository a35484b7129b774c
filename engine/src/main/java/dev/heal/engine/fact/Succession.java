package dev.heal.engine.fact;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What of one generation of policies means the same in the next one: by the meaning of conditions,
 * not by their text. Comments, formatting, names of {@code let} and the order of declarations count
 * for nothing.
 */
public final class Succession {
  /** How a fault of the next generation follows from the one before. */
  public enum Kind {
    /** What raises it means the same. */
    SAME,
    /** Only numbers differ: bounds, spans, codes. */
    NUMBERS,
    /** Something else is asked. */
    CONDITION,
    /** It means what one of another name meant, which is gone. */
    RENAMED,
    /** There was none. */
    NEW,
    /** There is none any more. */
    GONE
  }

  /**
   * One fault.
   *
   * @param steady whether also all else is the same on which its state depends
   * @param other where it was renamed: its former name, or, of one that is gone, its next
   */
  public record Fate(Kind kind, boolean steady, Optional<String> other) {}

  private final CheckedPolicy before;
  private final CheckedPolicy next;
  private final Map<String, Fate> faults = new LinkedHashMap<>();
  private final NavigableSet<String> samePolicies = new TreeSet<>();
  private final NavigableSet<String> changedPolicies = new TreeSet<>();
  private final NavigableSet<String> newPolicies = new TreeSet<>();
  private final NavigableSet<String> gonePolicies = new TreeSet<>();

  /** The watched conditions that mean the same under the same key. */
  private final NavigableSet<String> sameWatches = new TreeSet<>();

  private final boolean sameSite;

  private Succession(CheckedPolicy before, CheckedPolicy next) {
    this.before = before;
    this.next = next;
    this.sameSite = before.site().meaning().equals(next.site().meaning());
    faults();
    policies();
    maintenances();
  }

  /** Compares two generations; any thread may, and use what comes of it. */
  public static Succession of(CheckedPolicy before, CheckedPolicy next) {
    return new Succession(before, next);
  }

  private void faults() {
    Map<String, Fault> earlier = new LinkedHashMap<>();
    before.faults().forEach(fault -> earlier.put(fault.name(), fault));
    Map<String, List<Fault>> fresh = new HashMap<>();
    for (Fault fault : next.faults()) {
      Fault former = earlier.remove(fault.name());
      if (former == null) {
        fresh.computeIfAbsent(sense(fault), s -> new ArrayList<>()).add(fault);
        faults.put(fault.name(), new Fate(Kind.NEW, false, Optional.empty()));
      } else {
        faults.put(fault.name(), fate(former, fault));
      }
    }
    Map<String, List<Fault>> gone = new HashMap<>();
    for (Fault former : earlier.values()) {
      gone.computeIfAbsent(sense(former), s -> new ArrayList<>()).add(former);
      faults.put(former.name(), new Fate(Kind.GONE, false, Optional.empty()));
    }
    fresh.forEach((sense, named) -> renamed(gone.getOrDefault(sense, List.of()), named));
  }

  /** One gone and one new of the same meaning are one fault; of several nobody can tell. */
  private void renamed(List<Fault> gone, List<Fault> fresh) {
    if (gone.size() == 1 && fresh.size() == 1) {
      String from = gone.get(0).name();
      String to = fresh.get(0).name();
      faults.put(to, new Fate(Kind.RENAMED, true, Optional.of(from)));
      faults.put(from, new Fate(Kind.GONE, false, Optional.of(to)));
    }
  }

  /** All on which the state of an instance depends. */
  private static String sense(Fault fault) {
    return String.join(
        " | ",
        fault.entity().word(),
        fault.when().meaning(),
        fault.end().map(Condition::meaning).orElse(""),
        fault.clearAfter() + "",
        fault.missing().name());
  }

  private static Fate fate(Fault former, Fault fault) {
    boolean steady = sense(former).equals(sense(fault));
    Kind kind = Kind.CONDITION;
    if (former.entity() == fault.entity() && former.event() == fault.event()) {
      if (former.when().meaning().equals(fault.when().meaning())) {
        kind = Kind.SAME;
      } else if (former.when().shape().equals(fault.when().shape())) {
        kind = Kind.NUMBERS;
      }
    }
    return new Fate(kind, steady, Optional.empty());
  }

  private void policies() {
    Map<String, Policy> earlier = new LinkedHashMap<>();
    before.policies().forEach(policy -> earlier.put(policy.name(), policy));
    for (Policy policy : next.policies()) {
      Policy former = earlier.remove(policy.name());
      if (former == null) {
        newPolicies.add(policy.name());
        continue;
      }
      boolean same = former.meaning().equals(policy.meaning());
      (same ? samePolicies : changedPolicies).add(policy.name());
      if (former.entity() == policy.entity() && sameWhere(former.where(), policy.where())) {
        sameWatches.add(FactStage.whereKey(policy));
      }
    }
    gonePolicies.addAll(earlier.keySet());
  }

  private void maintenances() {
    Map<String, Site.Maintenance> earlier = new HashMap<>();
    before.maintenances().forEach(m -> earlier.put(m.name(), m));
    for (Site.Maintenance maintenance : next.maintenances()) {
      Site.Maintenance former = earlier.get(maintenance.name());
      if (former != null
          && former.whereOn() == maintenance.whereOn()
          && sameWhere(former.where(), maintenance.where())) {
        sameWatches.add(FactStage.whereKey(maintenance));
      }
    }
    for (StandingFlag flag : StandingFlag.all()) {
      sameWatches.add(flag.key());
    }
  }

  private static boolean sameWhere(Optional<Condition> one, Optional<Condition> other) {
    return one.map(Condition::meaning).equals(other.map(Condition::meaning));
  }

  /** What has become of a fault, or where it comes from. */
  public Fate fate(String fault) {
    return faults.getOrDefault(fault, new Fate(Kind.GONE, false, Optional.empty()));
  }

  /** The faults of either generation of which that is so, in the order of declaration. */
  public List<String> faults(Kind kind) {
    return faults.entrySet().stream()
        .filter(each -> each.getValue().kind() == kind)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether the policy of that name means the same in both. */
  public boolean isSamePolicy(String policy) {
    return samePolicies.contains(policy);
  }

  /** The policies that both have, and that do not mean the same. */
  public NavigableSet<String> changedPolicies() {
    return changedPolicies;
  }

  public NavigableSet<String> newPolicies() {
    return newPolicies;
  }

  public NavigableSet<String> gonePolicies() {
    return gonePolicies;
  }

  /** Whether the condition watched under a key means the same in both. */
  public boolean isSameWatch(String key) {
    return sameWatches.contains(key);
  }

  /** Whether the machines are declared the same in both. */
  public boolean isSameSite() {
    return sameSite;
  }

  public CheckedPolicy before() {
    return before;
  }

  public CheckedPolicy next() {
    return next;
  }
}
