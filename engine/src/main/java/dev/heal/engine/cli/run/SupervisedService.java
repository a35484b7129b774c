package dev.heal.engine.cli.run;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.LogFeed;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.source.child.ChildEvent;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.log.StampRules;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A service that the engine runs itself: what is declared, and its facts. For the loop's thread.
 */
final class SupervisedService {
  private final EntityId entity;
  private final ChildSpec declared;
  private final ServiceFacts facts;
  private final LogFeed log;

  SupervisedService(EntityId entity, ChildSpec declared, boolean checked) {
    this.entity = entity;
    this.declared = declared;
    this.facts = new ServiceFacts(entity, checked);
    String node = entity.host().orElse("localhost");
    String name = entity.name().substring(entity.name().indexOf('/') + 1);
    this.log = new LogFeed(new LogOptions(node, name, StampRules.NONE, OptionalInt.empty()));
  }

  EntityId entity() {
    return entity;
  }

  ChildSpec declared() {
    return declared;
  }

  ServiceFacts facts() {
    return facts;
  }

  /** What its process did. */
  List<Fact> happened(ChildEvent event, long stamp) {
    return event.match(
        started -> facts.started(stamp),
        exited ->
            exited
                .ending()
                .match(
                    code -> facts.exited(code, stamp),
                    signal -> facts.killed(signal.name(), stamp),
                    () -> facts.gone(stamp)),
        line -> {
          List<Fact> told = new ArrayList<>(log.line(line.text(), stamp));
          told.add(facts.line(line.text(), stamp));
          return told;
        });
  }
}
