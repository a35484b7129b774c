package dev.heal.engine.source.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is kept and what is dropped when too much comes. */
class InboxTest {
  private final AtomicLong clock = new AtomicLong(100);

  @Test
  void itemsComeOutInTheOrderInWhichTheyCameWithTheirStamps() throws InterruptedException {
    Inbox<String> inbox = inbox(10, 10);
    inbox.offer(Importance.NOISE, "log", "a");
    clock.set(103);
    inbox.offer(Importance.FAULT, "kmsg", "b");
    clock.set(101); // a clock that goes back does not turn the order
    inbox.offer(Importance.SAMPLE, "nvml", "c");
    assertThat(inbox.take(2, 0))
        .containsExactly(
            new Entry<>(100, Importance.NOISE, "log", "a"),
            new Entry<>(103, Importance.FAULT, "kmsg", "b"));
    assertThat(inbox.take(2, 0)).containsExactly(new Entry<>(103, Importance.SAMPLE, "nvml", "c"));
    assertThat(inbox.take(2, 1)).isEmpty();
    assertThat(inbox.drainDrops()).isEmpty();
  }

  @Test
  void theOldestOfTheLeastImportantMakesRoom() throws InterruptedException {
    Inbox<String> inbox = inbox(3, 4);
    inbox.offer(Importance.NOISE, "log", "n1");
    inbox.offer(Importance.SAMPLE, "nvml", "s1");
    inbox.offer(Importance.NOISE, "log", "n2");
    assertThat(inbox.offer(Importance.SAMPLE, "nvml", "s2")).as("n1 goes").isTrue();
    assertThat(inbox.offer(Importance.NOISE, "log", "n3")).as("n2 goes").isTrue();
    assertThat(inbox.offer(Importance.HEALTH, "http", "h1")).as("n3 goes").isTrue();
    assertThat(inbox.offer(Importance.NOISE, "log", "n4")).as("none is less").isFalse();
    assertThat(inbox.offer(Importance.SAMPLE, "nvml", "s3")).as("s1 goes").isTrue();
    assertThat(inbox.drainDrops())
        .containsExactly(
            new Drops(Importance.SAMPLE, "nvml", 1), new Drops(Importance.NOISE, "log", 4));
    for (String fault : List.of("f1", "f2", "f3", "f4")) {
      assertThat(inbox.offer(Importance.FAULT, "kmsg", fault)).isTrue();
    }
    assertThat(inbox.offer(Importance.FAULT, "kmsg", "f5")).as("memory is finite").isFalse();
    assertThat(inbox.take(9, 0)).extracting(Entry::item).containsExactly("f1", "f2", "f3", "f4");
    assertThat(inbox.drainDrops())
        .containsExactly(
            new Drops(Importance.FAULT, "kmsg", 1),
            new Drops(Importance.HEALTH, "http", 1),
            new Drops(Importance.SAMPLE, "nvml", 2));
    assertThat(inbox.droppedEver()).isEqualTo(9);
  }

  @Test
  void longItemsFillItSooner() throws InterruptedException {
    Inbox<String> inbox = new Inbox<>(new Bounds(100, 10, 100), String::length, clock::get);
    inbox.offer(Importance.NOISE, "log", "12345678");
    inbox.offer(Importance.NOISE, "log", "1234");
    assertThat(inbox.offer(Importance.NOISE, "log", "x".repeat(11))).isFalse();
    inbox.offer(Importance.NOISE, "log", "abc");
    assertThat(inbox.take(9, 0)).extracting(Entry::item).containsExactly("abc");
    assertThat(inbox.droppedEver()).isEqualTo(3);
  }

  /** A million lines while nobody takes, from two threads, with a fault in every thousand. */
  @Test
  void aFloodOfNoiseLosesNoFault() throws Exception {
    Inbox<Integer> inbox = inbox(10_000, 20_000);
    List<Thread> sources = new ArrayList<>();
    for (int source = 0; source < 2; source++) {
      int first = source * 500_000;
      Thread thread = new Thread(() -> flood(inbox, first));
      thread.start();
      sources.add(thread);
    }
    List<Entry<Integer>> taken = new ArrayList<>();
    for (Thread source : sources) {
      source.join(TimeUnit.SECONDS.toMillis(60));
      assertThat(inbox.size()).isLessThanOrEqualTo(10_000);
    }
    List<Entry<Integer>> some;
    do {
      some = inbox.take(1_000, 0);
      taken.addAll(some);
    } while (!some.isEmpty());
    assertThat(taken).hasSize(10_000);
    assertThat(taken.stream().filter(entry -> entry.importance() == Importance.FAULT))
        .extracting(Entry::item)
        .hasSize(1_000)
        .allMatch(number -> number % 1_000 == 999)
        .doesNotHaveDuplicates();
    assertThat(inbox.drainDrops()).containsExactly(new Drops(Importance.NOISE, "log", 990_000));
  }

  private static void flood(Inbox<Integer> inbox, int first) {
    for (int number = first; number < first + 500_000; number++) {
      boolean fault = number % 1_000 == 999;
      boolean unused = inbox.offer(fault ? Importance.FAULT : Importance.NOISE, "log", number);
    }
  }

  private <T> Inbox<T> inbox(int items, int faults) {
    return new Inbox<>(new Bounds(items, 1_000_000_000, faults), item -> 10, clock::get);
  }
}
