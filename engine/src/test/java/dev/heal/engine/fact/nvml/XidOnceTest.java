package dev.heal.engine.fact.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.log.LogFacts;
import dev.heal.engine.fact.nvml.XidOnce.Teller;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same Xid from NVML and from the kernel log is one fact. */
class XidOnceTest {
  private static final EntityId GPU0 = EntityId.gpu("n1", 0);
  private static final EntityId GPU1 = EntityId.gpu("n1", 1);
  private static final long MS = 1_000_000L;
  private static final long S = 1_000 * MS;

  private final XidOnce once = new XidOnce();

  private static Fact.Event nvml(EntityId gpu, int code) {
    return LogFacts.xid(gpu, code, 0);
  }

  private static Fact.Event line(EntityId gpu, int code) {
    return new Fact.Event(
        0, gpu, "xid", Map.of("code", Integer.toString(code), "line", "NVRM: Xid " + code));
  }

  @Test
  void theFirstOfTheTwoIsTheFact() {
    assertThat(once.take(nvml(GPU0, 79), Teller.NVML, 0)).containsExactly(nvml(GPU0, 79));
    assertThat(once.take(line(GPU0, 79), Teller.KERNEL_LOG, 40 * MS)).isEmpty();

    assertThat(once.take(line(GPU1, 48), Teller.KERNEL_LOG, S)).containsExactly(line(GPU1, 48));
    assertThat(once.take(nvml(GPU1, 48), Teller.NVML, S + MS)).isEmpty();
  }

  @Test
  void threeOfOneTellerAreThree() {
    for (int i = 0; i < 3; i++) {
      assertThat(once.take(line(GPU0, 48), Teller.KERNEL_LOG, i * MS)).hasSize(1);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(once.take(nvml(GPU0, 48), Teller.NVML, 10 * MS + i)).isEmpty();
    }
    assertThat(once.take(nvml(GPU0, 48), Teller.NVML, 20 * MS)).as("a fourth").hasSize(1);
  }

  @Test
  void anotherGpuOrCodeIsAnotherXid() {
    assertThat(once.take(nvml(GPU0, 79), Teller.NVML, 0)).hasSize(1);
    assertThat(once.take(line(GPU1, 79), Teller.KERNEL_LOG, 0)).hasSize(1);
    assertThat(once.take(line(GPU0, 48), Teller.KERNEL_LOG, 0)).hasSize(1);
  }

  @Test
  void afterTenSecondsItIsAnother() {
    assertThat(once.take(nvml(GPU0, 79), Teller.NVML, 0)).hasSize(1);
    assertThat(once.take(line(GPU0, 79), Teller.KERNEL_LOG, 10 * S + 1)).hasSize(1);
  }

  @Test
  void whatOnlyTheLineTellsWaitsForIt() {
    assertThat(once.take(nvml(GPU0, 154), Teller.NVML, 0)).isEmpty();
    assertThat(once.nextDue()).hasValue(S);
    assertThat(once.take(line(GPU0, 154), Teller.KERNEL_LOG, 300 * MS))
        .containsExactly(line(GPU0, 154));
    assertThat(once.nextDue()).isEmpty();
    assertThat(once.due(5 * S)).isEmpty();
  }

  @Test
  void withoutALineItIsAFactAfterASecond() {
    assertThat(once.take(nvml(GPU0, 145), Teller.NVML, 0)).isEmpty();
    assertThat(once.due(S - 1)).isEmpty();
    assertThat(once.due(S)).containsExactly(nvml(GPU0, 145));
    assertThat(once.take(line(GPU0, 145), Teller.KERNEL_LOG, 2 * S)).as("too late").isEmpty();
  }

  @Test
  void aXidWithoutALineAsksForWhatTheCatalogueSays() {
    assertThat(nvml(GPU0, 79).fields()).containsEntry("action", "restart_node");
    assertThat(nvml(GPU0, 94).fields()).containsEntry("action", "restart_app");
    assertThat(nvml(GPU0, 154).fields()).containsEntry("action", "contact_support");
    assertThat(nvml(GPU0, 145).fields()).containsEntry("action", "contact_support");
    assertThat(nvml(GPU0, 999).fields()).as("unknown").containsEntry("action", "contact_support");
  }
}
