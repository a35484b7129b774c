package dev.heal.engine.decide;

import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** One repair of one raised fault: where on its rungs it stands. Only {@code schedule} moves it. */
public final class Ladder {
  /** What it waits for. */
  public enum Phase {
    /** For a decision. */
    DUE,
    /** For {@code start when}. */
    WAITING_TO_START,
    /** For the outcomes of its orders. */
    ACTING,
    /** For the proof. */
    CONFIRMING,
    /** For the pause before a repetition. */
    BACKOFF,
    /** For the breaker or a maintenance to let its next step begin. */
    HELD,
    /** Nothing: it ended. */
    ENDED
  }

  private final long id;
  private Policy policy;
  private Fault fault;
  private final FaultInstance instance;
  private final long raisedAt;
  private final Optional<String> identity;
  private final Map<String, String> captures;

  private Phase phase = Phase.DUE;
  private int rung;
  private int step;
  private int tries;
  private boolean begun;
  private boolean done;
  private boolean missed;
  private long wakeAt = Times.NEVER;
  private Optional<Verdict> lastVerdict = Optional.empty();
  private Optional<String> outrankedBy = Optional.empty();
  private final Set<Long> openOrders = new TreeSet<>();
  private Optional<String> failure = Optional.empty();
  private boolean refused;
  private boolean unknown;
  private boolean approved;
  private boolean heldBack;
  private boolean resumed;
  private long confirmUntil = Times.NEVER;
  private boolean former;
  private Optional<String> ownWhere = Optional.empty();
  private boolean calledOff;

  /**
   * A ladder at its foot.
   *
   * @param fault as the policies in force declare it
   * @param raisedAt nanoseconds since the epoch
   * @param identity what tells the device from another in the same place; empty: nobody says
   * @param firstRung from 0
   * @param captures what raised the fault said, by name
   */
  public Ladder(
      long id,
      Policy policy,
      Fault fault,
      FaultInstance instance,
      long raisedAt,
      Optional<String> identity,
      int firstRung,
      Map<String, String> captures) {
    this.id = id;
    this.policy = policy;
    this.fault = fault;
    this.instance = instance;
    this.raisedAt = raisedAt;
    this.identity = identity;
    this.rung = firstRung;
    this.captures = Map.copyOf(captures);
  }

  /**
   * A ladder none of whose orders is under way.
   *
   * @param policy its name
   */
  public record Kept(
      long id,
      String policy,
      FaultInstance instance,
      long raisedAt,
      Map<String, String> captures,
      Optional<String> identity,
      Phase phase,
      int rung,
      int step,
      int tries,
      boolean begun,
      boolean done,
      boolean missed,
      long wakeAt,
      Optional<Verdict> lastVerdict,
      Optional<String> outrankedBy,
      Optional<String> failure,
      boolean refused,
      boolean unknown,
      boolean approved,
      boolean heldBack,
      boolean resumed,
      long confirmUntil,
      boolean calledOff) {
    public Kept {
      captures = Map.copyOf(captures);
    }
  }

  /** It in plain values. */
  public Kept kept() {
    return new Kept(
        id,
        policy.name(),
        instance,
        raisedAt,
        captures,
        identity,
        phase,
        rung,
        step,
        tries,
        begun,
        done,
        missed,
        wakeAt,
        lastVerdict,
        outrankedBy,
        failure,
        refused,
        unknown,
        approved,
        heldBack,
        resumed,
        confirmUntil,
        calledOff);
  }

  /** The ladder that was kept. */
  public static Ladder of(Kept kept, Policy policy, Fault fault) {
    Ladder ladder =
        new Ladder(
            kept.id(),
            policy,
            fault,
            kept.instance(),
            kept.raisedAt(),
            kept.identity(),
            kept.rung(),
            kept.captures());
    ladder.goOnWith(kept);
    return ladder;
  }

  private void goOnWith(Kept kept) {
    phase = kept.phase();
    wakeAt = kept.wakeAt();
    step = kept.step();
    tries = kept.tries();
    begun = kept.begun();
    done = kept.done();
    missed = kept.missed();
    lastVerdict = kept.lastVerdict();
    outrankedBy = kept.outrankedBy();
    failure = kept.failure();
    refused = kept.refused();
    unknown = kept.unknown();
    approved = kept.approved();
    heldBack = kept.heldBack();
    resumed = kept.resumed();
    confirmUntil = kept.confirmUntil();
    calledOff = kept.calledOff();
  }

  /** What raised the fault said, by name: for those who carry its orders out. */
  public Map<String, String> captures() {
    return captures;
  }

  public Optional<String> identity() {
    return identity;
  }

  public long id() {
    return id;
  }

  public Policy policy() {
    return policy;
  }

  /** The fault as it was declared where the ladder began. */
  public Fault fault() {
    return fault;
  }

  /** Policies were loaded anew that mean the same: the ladder goes on by them. */
  public void follow(Policy samePolicy, Fault sameFault) {
    policy = samePolicy;
    fault = sameFault;
  }

  /**
   * The policies in force no longer raise its fault, or raise another one by that name: it finishes
   * by the policies that began it.
   */
  public void outlive() {
    former = true;
  }

  /** It is not to go on: it stops before its next step. */
  public void callOff() {
    calledOff = true;
  }

  /** Whether it stops before its next step. */
  public boolean isCalledOff() {
    return calledOff;
  }

  /** Whether it has outlived its fault. */
  public boolean isFormer() {
    return former;
  }

  /** Under which the {@code where} of its policy is watched. */
  public String whereKey() {
    return ownWhere.orElseGet(() -> FactStage.whereKey(policy));
  }

  /** Where the {@code where} of its own policy is watched for it alone. */
  public Optional<String> ownWhere() {
    return ownWhere;
  }

  /** The policies in force have another {@code where}: that of its own is watched under the key. */
  public void ownWhere(String key) {
    ownWhere = Optional.of(key);
  }

  public FaultInstance instance() {
    return instance;
  }

  public long raisedAt() {
    return raisedAt;
  }

  /** When the rung's last step must be done; empty without {@code within}. */
  public OptionalLong deadline() {
    return policy.within().isPresent()
        ? OptionalLong.of(Times.after(raisedAt, policy.within().get()))
        : OptionalLong.empty();
  }

  /** What has not begun by then is void. */
  public long expiresAt() {
    return Times.after(raisedAt, policy.expires());
  }

  public Phase phase() {
    return phase;
  }

  public int rung() {
    return rung;
  }

  public Policy.Rung currentRung() {
    return policy.rungs().get(Math.min(rung, policy.rungs().size() - 1));
  }

  public boolean hasRung() {
    return rung < policy.rungs().size();
  }

  public Policy.Step currentStep() {
    return currentRung().steps().get(step);
  }

  public int step() {
    return step;
  }

  public boolean isLastStep() {
    return step == currentRung().steps().size() - 1;
  }

  public int tries() {
    return tries;
  }

  public boolean begun() {
    return begun;
  }

  public boolean ended() {
    return phase == Phase.ENDED;
  }

  /** Whether the rung's last step that counts for the deadline was done. */
  public boolean done() {
    return done;
  }

  public boolean missed() {
    return missed;
  }

  public long wakeAt() {
    return wakeAt;
  }

  public Optional<Verdict> lastVerdict() {
    return lastVerdict;
  }

  public Optional<String> outrankedBy() {
    return outrankedBy;
  }

  public Set<Long> openOrders() {
    return openOrders;
  }

  public Optional<String> failure() {
    return failure;
  }

  public void phase(Phase next, long wake) {
    this.phase = next;
    this.wakeAt = wake;
  }

  public void begin() {
    this.begun = true;
  }

  /** Back to the start of the ladder: reconsidered after what outranked it has ended. */
  public void startOver() {
    begun = false;
    outrankedBy = Optional.empty();
    step = 0;
    tries = 0;
    freshStep();
    lastVerdict = Optional.empty();
    phase(Phase.DUE, Times.NEVER);
  }

  public void toRung(int index) {
    this.rung = index;
    this.step = 0;
    this.tries = 0;
    freshStep();
  }

  public void toStep(int index) {
    this.step = index;
    this.tries = 0;
    freshStep();
  }

  public void tryAgain() {
    this.tries++;
    freshStep();
  }

  public void markDone() {
    this.done = true;
  }

  public void markMissed() {
    this.missed = true;
  }

  public void outrank(String policyName) {
    this.outrankedBy = Optional.of(policyName);
  }

  public void verdict(Verdict verdict) {
    this.lastVerdict = Optional.of(verdict);
  }

  public void fail(String why) {
    this.failure = Optional.of(why);
  }

  /** The actuator will not: no use to try the step again. */
  public void refuse(String why) {
    this.failure = Optional.of(why);
    this.refused = true;
  }

  public boolean refused() {
    return refused;
  }

  /** How an order ended is not known: only verification tells. */
  public void doubt() {
    this.unknown = true;
  }

  public boolean unknown() {
    return unknown;
  }

  /** An operator approved it. */
  public void approve() {
    this.approved = true;
  }

  public boolean approved() {
    return approved;
  }

  /** An operator asked for it: whatever attempts are left. */
  public void resume() {
    this.resumed = true;
  }

  /** A pause, a breaker or a maintenance held it: it is released behind the others. */
  public void holdBack() {
    this.heldBack = true;
  }

  boolean resumed() {
    return resumed;
  }

  public boolean heldBack() {
    return heldBack;
  }

  /** Its step is to be confirmed by then. */
  public void confirmUntil(long until) {
    this.confirmUntil = until;
  }

  public long confirmUntil() {
    return confirmUntil;
  }

  private void freshStep() {
    failure = Optional.empty();
    refused = false;
    unknown = false;
  }

  /**
   * On whom an act of this ladder acts now; empty where no such entity is known. One that names no
   * kind, such as a page, is about the faulty entity itself.
   */
  public NavigableSet<EntityId> targets(Policy.Act act, Estate estate) {
    return act.target()
        .map(kind -> estate.related(instance.entity(), kind))
        .orElseGet(() -> new TreeSet<>(Set.of(instance.entity())));
  }

  /** Everything that this ladder's rungs touch, with all that is inside it. */
  public NavigableSet<EntityId> region(Estate estate) {
    NavigableSet<EntityId> region = new TreeSet<>(estate.inside(instance.entity()));
    for (Policy.Rung each : policy.rungs()) {
      for (Policy.Step one : each.steps()) {
        targets(one.act(), estate).forEach(target -> region.addAll(estate.inside(target)));
      }
    }
    return region;
  }

  @Override
  public String toString() {
    return "ladder " + id + " of " + policy.name() + " for " + instance;
  }
}
