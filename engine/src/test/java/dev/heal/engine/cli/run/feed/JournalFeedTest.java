package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries as journalctl has written them on other hosts. */
class JournalFeedTest {
  private static final String KERNEL =
      """
      {"__CURSOR":"s=1;i=1","_TRANSPORT":"kernel","SYSLOG_IDENTIFIER":"kernel","PRIORITY":"3",\
      "__REALTIME_TIMESTAMP":"1740327858000000","MESSAGE":"NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=x, GPU has fallen off the bus."}
      {"__CURSOR":"s=1;i=2","_TRANSPORT":"kernel","SYSLOG_IDENTIFIER":"kernel","PRIORITY":"6","MESSAGE":"eth0: up"}
      {"__CURSOR":"s=1;i=3","_SYSTEMD_UNIT":"llm.service","SYSLOG_IDENTIFIER":"llm","MESSAGE":"one\\nRuntimeError: CUDA out of memory. x"}
      {"__CURSOR":"s=1;i=4","_SYSTEMD_UNIT":"llm.service","MESSAGE":[104,105,255]}
      {"__CURSOR":"s=1;i=5","_SYSTEMD_UNIT":"stranger.service","MESSAGE":"x"}
      {"__CURSOR":"s=1;i=6","_SYSTEMD_UNIT":"llm.service","MESSAGE":null}
      Hint: no entry
      """;

  @TempDir private Path folder;
  private final Listened loop = new Listened();
  private final Kept kept = new Kept();

  private final NvmlBridge bridge = NvmlBridge.open(NvmlOptions.ofThisHost());
  private final XidFacts xids =
      new XidFacts(
          Listened.policies("node n1 { gpu 0 { pci \"0000:3b:00.0\" } }").site(), "n1", bridge);

  @AfterEach
  void close() {
    bridge.close();
  }

  private JournalFeed feed(String script) throws IOException {
    Path program = folder.resolve("journalctl");
    Files.writeString(program, "#!/bin/sh\n" + script);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    JournalFeed feed =
        new JournalFeed(
            List.of(program.toString()),
            "n1",
            new LogInterest(Listened.policies("")),
            loop,
            kept,
            loop);
    feed.add("llm.service", EntityId.service("n1", "llm"));
    feed.addKernel(xids);
    feed.start();
    return feed;
  }

  @Test
  void entriesOfTheKernelAndOfUnits() throws IOException {
    Files.writeString(folder.resolve("entries"), KERNEL);
    try (JournalFeed feed =
        feed("echo \"$@\" > %1$s/arguments; cat %1$s/entries; exec sleep 1000".formatted(folder))) {
      Listened.Part xid = loop.next();
      assertThat(xid.importance()).isEqualTo(Importance.FAULT);
      assertThat(xid.facts())
          .extracting(fact -> fact.entity() + " " + fact.signal())
          .containsExactly("gpu:n1/0 xid", "node:n1 kernel");
      assertThat(loop.next())
          .isEqualTo(
              new Listened.Part(
                  Importance.NOISE,
                  "journald",
                  List.of(
                      new Fact.Event(
                          2,
                          EntityId.node("n1"),
                          "kernel",
                          java.util.Map.of("line", "eth0: up")))));
      assertThat(loop.next().facts())
          .as("an entry of two lines")
          .extracting(fact -> fact.entity() + " " + fact.signal())
          .containsExactly("service:n1/llm log");
      assertThat(loop.next().facts())
          .extracting(fact -> fact.entity() + " " + fact.signal())
          .containsExactly("service:n1/llm cuda_oom", "service:n1/llm log");
      assertThat(loop.next().facts())
          .as("bytes that are no text")
          .extracting(fact -> ((Fact.Event) fact).fields().get("line"))
          .containsExactly("hi\ufffd");
      loop.awaitTold("journald: an entry cannot be read: Hint: no entry");
      FakeMachine.await(() -> "s=1;i=6".equals(kept.of("journald").get("cursor")));
      assertThat(Files.readString(folder.resolve("arguments")))
          .isEqualTo(
              "--follow --quiet --output=json --all"
                  + " --output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM,_PID,_SYSTEMD_UNIT,_TRANSPORT"
                  + " --since=now _SYSTEMD_UNIT=llm.service + _TRANSPORT=kernel\n");
      loop.awaitFound(feed, "journald");
    }
  }

  @Test
  void whatCannotRunOrDiesIsTroubleAndTriedAgain() throws IOException {
    try (JournalFeed feed =
        feed(
            "echo 'Hint: You are not seeing messages' >&2; echo x >> %s/runs; exit 7"
                .formatted(folder))) {
      loop.awaitTold("journald: journalctl ended with 7: Hint: You are not seeing messages");
      loop.awaitTold("journald: journalctl says: Hint: You are not seeing messages");
      FakeMachine.await(() -> folder.resolve("runs").toFile().length() >= 4); // twice
      assertThat(feed.status().get(0).trouble()).isPresent();
      assertThat(loop.told).as("once").hasSize(2);
    }
  }
}
