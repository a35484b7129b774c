package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.event.EventType;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.event.Notice.GpuEvent;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What NVML tells by itself. */
class BridgeEventsTest extends BridgeCase {
  private final List<Notice> heard = new CopyOnWriteArrayList<>();

  private void listen(String name, String... lines) throws IOException {
    start(name, lines);
    bridge.listen(heard::add);
    awaitListening(1);
  }

  private void awaitListening(int times) {
    FakeMachine.await(
        () -> heard.stream().filter(Notice.Listening.class::isInstance).count() >= times);
  }

  private List<GpuEvent> events(int count) {
    FakeMachine.await(() -> heard.stream().filter(GpuEvent.class::isInstance).count() >= count);
    return heard.stream().filter(GpuEvent.class::isInstance).map(GpuEvent.class::cast).toList();
  }

  @Test
  void anXidNamesItsGpuAndItsSlice() throws IOException {
    listen("h100x8");

    machine.set("gpu 3 xid 79", "gpu 5 xid 94 gi 2 ci 0");

    List<GpuEvent> events = events(2);
    assertThat(events).extracting(GpuEvent::type).containsOnly(EventType.XID);
    assertThat(events).extracting(GpuEvent::data).containsExactly(79L, 94L);
    assertThat(events)
        .extracting(GpuEvent::gpu)
        .containsExactly(Optional.of(gpu(3)), Optional.of(gpu(5)));
    assertThat(events.get(0).gpuInstance()).isEmpty();
    assertThat(events.get(1).gpuInstance()).contains(2);
    assertThat(events.get(1).computeInstance()).contains(0);
  }

  @Test
  void hearsAllThatTheDriverOffers() throws IOException {
    listen("h100x8");

    machine.set(
        "gpu 0 event single_bit_ecc",
        "gpu 0 event double_bit_ecc",
        "gpu 0 event clock",
        "gpu 0 event power_source",
        "gpu 0 event page_retired",
        "gpu 0 event fatal_poison",
        "gpu 0 event unavailable",
        "gpu 0 recovery_action reset");

    assertThat(events(8))
        .extracting(GpuEvent::type)
        .containsExactly(
            EventType.SINGLE_BIT_ECC,
            EventType.DOUBLE_BIT_ECC,
            EventType.CLOCK,
            EventType.POWER_SOURCE,
            EventType.PAGE_RETIRED,
            EventType.FATAL_POISON,
            EventType.UNAVAILABLE,
            EventType.RECOVERY_ACTION);
  }

  @Test
  void anOldDriverOffersLessAndSaysSo() throws IOException {
    listen("old-driver");

    Notice.Listening listening = (Notice.Listening) heard.get(0);
    assertThat(listening.offered().get(gpu(0)))
        .contains(EventType.XID, EventType.DOUBLE_BIT_ECC)
        .doesNotContain(EventType.RECOVERY_ACTION, EventType.UNAVAILABLE);
    machine.set("gpu 1 xid 48");
    assertThat(events(1).get(0).gpu()).contains(gpu(1));
  }

  @Test
  void aDriverReloadIsToldAndListeningGoesOn() throws IOException {
    listen("h100x8");

    machine.set("driver unloaded");
    FakeMachine.await(
        () ->
            heard.stream()
                .filter(Notice.Interrupted.class::isInstance)
                .map(n -> ((Notice.Interrupted) n).why().kind())
                .anyMatch(Problem.Kind.DRIVER_NOT_LOADED::equals));

    machine.set("driver 550.90.07");
    awaitListening(2);
    machine.set("gpu 6 xid 31");
    assertThat(events(1).get(0).gpu()).contains(gpu(6));
    assertThat(machine.number("heal_fake_event_sets")).isEqualTo(1);
  }

  @Test
  void aGpuThatComesBackIsHeardAgain() throws IOException {
    listen("h100x8", "gpu 2 lost on");

    machine.set("gpu 2 lost off");
    FakeMachine.await(() -> isPresent(bridge.poll(FAST), 2));
    awaitListening(2);
    machine.set("gpu 2 xid 63");

    assertThat(events(1).get(0).gpu()).contains(gpu(2));
  }
}
