package dev.heal.engine.source.kmsg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's log: the real one where it may be written, and what a FIFO gives in its place. */
class KmsgReaderTest implements KmsgSink {
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final List<KmsgRecord> records = new ArrayList<>();

  @Override
  public void record(KmsgRecord record) {
    synchronized (records) {
      records.add(record);
    }
    said.add("record " + record.message());
  }

  @Override
  public void gap(long lost, long total) {
    said.add("gap " + lost + " of " + total);
  }

  @Override
  public void unreadable(String text) {
    said.add("unreadable " + text);
  }

  @Override
  public void ended(String reason) {
    said.add("ended " + reason);
  }

  @Test
  void aRecordHasItsNumberItsPriorityAndItsStamp() {
    String line = "11,1234,5678901,-,caller=T1;NVRM: Xid (PCI:0000:1a:00): 79, x";
    byte[] bytes = (line + "\n SUBSYSTEM=pci\n").getBytes(StandardCharsets.UTF_8);
    assertThat(KmsgRecord.parse(bytes, bytes.length))
        .contains(new KmsgRecord(1234, 3, 1, 5678901, false, line));
    assertThat(KmsgRecord.parse(bytes, bytes.length).map(KmsgRecord::message))
        .contains("NVRM: Xid (PCI:0000:1a:00): 79, x");
    byte[] piece = "6,7,8,c;x".getBytes(StandardCharsets.UTF_8);
    assertThat(KmsgRecord.parse(piece, piece.length).map(KmsgRecord::continued)).contains(true);
    assertThat(KmsgRecord.parse("no".getBytes(StandardCharsets.UTF_8), 2)).isEmpty();
  }

  @Test
  void numbersThatAreLeftOutAreAGap(@TempDir Path directory) throws Exception {
    Path fifo = directory.resolve("kmsg");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    try (KmsgReader reader = new KmsgReader(fifo, OptionalLong.of(5), this)) {
      assertThat(reader).isNotNull();
      try (OutputStream kernel = Files.newOutputStream(fifo)) {
        // each is read before the next is written: a read gives one record
        assertThat(answer(kernel, "6,6,2,-;six")).isEqualTo("record six");
        assertThat(answer(kernel, "garbage")).isEqualTo("unreadable garbage");
        assertThat(answer(kernel, "6,10,3,-;ten")).isEqualTo("gap 3 of 3");
        assertThat(poll()).contains("record ten");
      }
      assertThat(poll()).contains("ended the log has ended");
    }
  }

  private Optional<String> poll() throws InterruptedException {
    return Optional.ofNullable(said.poll(30, TimeUnit.SECONDS));
  }

  private String answer(OutputStream kernel, String line) throws Exception {
    kernel.write(line.getBytes(StandardCharsets.UTF_8));
    return poll().orElse("nothing");
  }

  @Test
  @Tag("real")
  void whatIsWrittenToTheRealLogArrives() throws Exception {
    assumeTrue(
        Files.isWritable(KmsgReader.DEVICE) && Files.isReadable(KmsgReader.DEVICE),
        "SKIPPED: /dev/kmsg cannot be written here; run as root");
    String mark = "heal-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    long first;
    try (KmsgReader reader = new KmsgReader(KmsgReader.DEVICE, OptionalLong.empty(), this)) {
      assertThat(reader).isNotNull();
      write("<3>" + mark + " one");
      KmsgRecord one = await(mark + " one");
      assertThat(one.priority()).isEqualTo(3);
      assertThat(one.facility()).isEqualTo(1);
      first = one.sequence();
    }
    assertThat(said).last().isEqualTo("ended it was closed");
    write("<4>" + mark + " two");
    try (KmsgReader reader = new KmsgReader(KmsgReader.DEVICE, OptionalLong.of(first), this)) {
      assertThat(reader).isNotNull();
      KmsgRecord two = await(mark + " two");
      assertThat(two.sequence()).isGreaterThan(first);
    }
    synchronized (records) {
      assertThat(records.stream().filter(r -> r.message().equals(mark + " one")))
          .as("it is not given twice")
          .hasSize(1);
    }
  }

  private KmsgRecord await(String message) throws InterruptedException {
    while (true) {
      Optional<String> next = poll();
      assertThat(next).as("waiting for %s", message).isPresent();
      if (next.get().equals("record " + message)) {
        synchronized (records) {
          return records.stream().filter(r -> r.message().equals(message)).findFirst().get();
        }
      }
    }
  }

  private static void write(String line) throws IOException {
    Files.writeString(KmsgReader.DEVICE, line + "\n", StandardOpenOption.WRITE);
  }
}
