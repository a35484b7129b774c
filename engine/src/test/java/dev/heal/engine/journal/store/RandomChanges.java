package dev.heal.engine.journal.store;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Values of the journal, drawn from a seed: every type, every field there and missing. */
final class RandomChanges {
  private static final List<String> WORDS =
      List.of(
          "llm.crashed",
          "restart",
          "grüße ✓ 𝒳",
          "it's \"quoted\"; DROP TABLE entries",
          "a\nb\tc",
          "%s?1");

  private final Random random;

  RandomChanges(long seed) {
    this.random = new Random(seed);
  }

  /** An entry of the type, any of its fields missing. */
  Entry entry(EntryType type) {
    return new Entry(
        time(),
        type,
        maybe(instance()),
        maybe(word()),
        random.nextBoolean() ? OptionalInt.of(random.nextInt(9)) : OptionalInt.empty(),
        maybe(word()),
        maybe(entity()),
        moment(),
        maybe(word()),
        word());
  }

  Change.Noted noted(EntryType type, OptionalLong incident) {
    return new Change.Noted(entry(type), incident, moment(), maybe("rules/llm.heal:" + word()));
  }

  OrderPlan order(long id, OptionalLong incident) {
    return new OrderPlan(
        id,
        random.nextInt(3),
        pick(List.of(Order.Purpose.values())),
        incident,
        instance(),
        word(),
        word(),
        maybe(word()),
        entity(),
        random.nextBoolean() ? "" : word(),
        random.nextBoolean(),
        random.nextBoolean(),
        moment());
  }

  FaultInstance instance() {
    return new FaultInstance(word(), entity());
  }

  String word() {
    return pick(WORDS) + random.nextInt(4);
  }

  <T> Optional<T> maybe(T value) {
    return random.nextBoolean() ? Optional.of(value) : Optional.empty();
  }

  boolean flag() {
    return random.nextBoolean();
  }

  long time() {
    return random.nextLong();
  }

  private OptionalLong moment() {
    return random.nextBoolean() ? OptionalLong.of(time()) : OptionalLong.empty();
  }

  private EntityId entity() {
    return new EntityId(pick(List.of(EntityKind.values())), "n1/" + word());
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
