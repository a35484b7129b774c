package dev.heal.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A confirmation that waits for a check of the site asks for it, and takes its result. */
class EngineChecksTest {
  private static final long SECOND = 1_000_000_000L;
  private static final EntityId GPU = EntityId.gpu("n1", 0);

  private static CheckedPolicy policies() {
    CheckResult result =
        Checker.check(
            List.of(
                new SourceFile(
                    "t.heal",
                    """
                    heal 1
                    node n1 { gpu 0 }
                    check dcgm on gpu { command ["dcgmi"], timeout 3m }
                    budget all { applies to all, limit 5 nodes over 1h }
                    fault off_bus on gpu "Off the bus" { when xid == 79, clear after 1h }
                    policy mend {
                      on off_bus, mode enforce, budget all, attempts 3 over 1h
                      try     { reset gpu, takes 1s, confirm check dcgm, timeout 10m }
                      give up { page ops }
                    }
                    """)),
            ImportResolver.NONE);
    assertThat(result.diagnostics().stream().filter(d -> d.isError())).isEmpty();
    return result.policy().orElseThrow();
  }

  @Test
  void theCheckIsAskedForWhenTheStepIsDoneAndItsResultConfirmsIt() {
    CheckedPolicy policies = policies();
    try (Engine engine = new Engine(policies, new Topology(policies.site()), 0, Past.NONE)) {
      engine.accept(new Fact.Event(SECOND, GPU, "xid", Map.of("code", "79")));
      Engine.Step begun = engine.take();
      assertThat(begun.orders()).hasSize(1);
      assertThat(begun.checks()).isEmpty();

      engine.ended(begun.orders().get(0).id(), new Outcome(Outcome.Kind.DONE, "reset"), 2 * SECOND);

      assertThat(engine.take().checks())
          .containsExactly(new CheckRun("dcgm", GPU, Duration.ofMinutes(10)));
      engine.accept(new Fact.Sample(3 * SECOND, GPU, "check.dcgm", 0));
      assertThat(engine.take().entries())
          .extracting(Entry::type)
          .doesNotContain(EntryType.CONFIRMED);
      engine.accept(new Fact.Sample(4 * SECOND, GPU, "check.dcgm", 1));
      assertThat(engine.take().entries()).extracting(Entry::type).contains(EntryType.CONFIRMED);
    }
  }
}
