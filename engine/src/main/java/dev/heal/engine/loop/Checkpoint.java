package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FactCopy;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.loop.json.RecordJson;
import dev.heal.engine.schedule.AtRest;
import dev.heal.engine.verify.Verifier;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that an engine knows at one moment, besides its policies: another one that begins with it
 * decides what this one decides. There is none while an order is under way.
 *
 * @param now the time of the last input, in nanoseconds since the epoch
 * @param toldAt when the rules were told last what suppresses
 */
public record Checkpoint(
    long now,
    long toldAt,
    FactCopy facts,
    AtRest repairs,
    Verifier.Kept confirmations,
    Appointments.Kept appointments) {

  /** As JSON, on one line; by any thread. */
  public String json() {
    return format(facts.policies()).write(this);
  }

  /**
   * Reads what {@link #json} has written.
   *
   * @param policies those that were in force
   * @throws IOException where it is something else, or of other policies
   */
  public static Checkpoint parse(String json, CheckedPolicy policies) throws IOException {
    return format(policies).read(Checkpoint.class, json);
  }

  private static RecordJson format(CheckedPolicy policies) {
    Known known = new Known(policies);
    return RecordJson.with()
        .text(EntityId.class, EntityId::toString, Checkpoint::entity)
        .text(
            FaultInstance.class,
            instance -> instance.fault() + " " + instance.entity(),
            Checkpoint::instance)
        .text(Condition.class, Condition::meaning, meaning -> require(known.find(meaning), meaning))
        .standIn(
            FactCopy.class,
            FactCopy.Kept.class,
            FactCopy::kept,
            kept -> FactCopy.of(kept, policies))
        .build();
  }

  private static EntityId entity(String text) {
    return require(EntityId.parse(text), text);
  }

  private static FaultInstance instance(String text) {
    int blank = text.indexOf(' ');
    return new FaultInstance(
        text.substring(0, Math.max(0, blank)), entity(text.substring(blank + 1)));
  }

  private static <T> T require(Optional<T> found, String text) {
    return found.orElseThrow(
        () -> new IllegalArgumentException("the policies know no `" + text + "`"));
  }

  /**
   * All that is asked for anywhere, by meaning: of those that mean the same any will do. Gathered
   * when first asked: only who reads does.
   */
  private static final class Known {
    private final CheckedPolicy policies;
    private final Map<String, Condition> found = new HashMap<>();

    Known(CheckedPolicy policies) {
      this.policies = policies;
    }

    Optional<Condition> find(String meaning) {
      if (found.isEmpty()) {
        gather();
      }
      return Optional.ofNullable(found.get(meaning));
    }

    private void gather() {
      Stream.of(
              FactStage.standingConditions().stream(),
              policies.faults().stream()
                  .flatMap(fault -> Stream.concat(Stream.of(fault.when()), fault.end().stream())),
              policies.policies().stream().flatMap(Known::conditions),
              policies.maintenances().stream().flatMap(each -> each.where().stream()))
          .flatMap(all -> all)
          .forEach(condition -> add(List.of(condition)));
    }

    private static Stream<Condition> conditions(Policy policy) {
      return Stream.of(
              policy.where().stream(),
              policy.startWhen().stream().map(Policy.StartWhen::condition),
              policy.rungs().stream()
                  .flatMap(rung -> rung.steps().stream())
                  .map(Policy.Step::confirm))
          .flatMap(all -> all);
    }

    private void add(List<Condition> conditions) {
      for (Condition condition : conditions) {
        found.putIfAbsent(condition.meaning(), condition);
        add(condition.parts());
      }
    }
  }
}
