package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.loop.live.SourceBook.SourceView;
import dev.heal.engine.loop.live.SourceBook.State;
import dev.heal.engine.parts.SlowCable;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network of a host, the whole way: a real cable, a running engine, what it does about it. */
class ReferenceHostTest {
  private static final String SITE =
      """
      heal 1
      node n1 {
        heartbeat every 1s
        @REFERENCE@
      }
      service worker on n1 {
        run       ["sleep", "600"]
        restart   via supervised
        reconnect via command ["/usr/bin/touch", "@FOLDER@/reconnected"]
        profile   lean { file "@FOLDER@/mode" "lean" }
      }
      pager oncall { command ["/usr/bin/touch", "@FOLDER@/paged"] }
      fault jitter on node "The network round trip is unsteady" {
        when       (net.rtt >= 50ms and heartbeat alive) for 2s
        clear when net.rtt < 20ms for 2s
        missing    @MISSING@
      }
      policy ride_out {
        mode enforce
        on jitter, within 30s, attempts 3 over 10m
        try     { reconnect service, takes 1s, confirm net.rtt < 20ms for 2s, timeout 4s }
        or else { degrade service { to profile "lean" }, takes 1s, confirm net.rtt < 20ms for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;

  private final Watched observer = new Watched();

  private String site(String reference, String missing) {
    return SITE.replace("@REFERENCE@", reference)
        .replace("@FOLDER@", folder.toString())
        .replace("@MISSING@", missing);
  }

  private Daemon.Settings settings(String site) {
    return new Daemon.Settings(
        SiteFile.in(folder.resolve("policies"), site),
        folder.resolve("state"),
        "n1",
        NvmlOptions.ofThisHost(),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  private static String to(SlowCable cable) {
    return "reference \"%s:9\" every 500ms".formatted(cable.host());
  }

  /** How the source stands in {@code heal status}. */
  private static Optional<SourceView> source(Daemon daemon) {
    return daemon.page().join().loop().sources().stream()
        .filter(source -> source.name().equals("reference host"))
        .findFirst();
  }

  @Test
  @Tag("real")
  void whileTheNetworkIsSlowItReconnectsAndThenDegrades() throws IOException {
    String site;
    try (SlowCable cable = SlowCable.lay(folder)) {
      site = site(to(cable), "freeze");
      try (Daemon daemon = new Daemon(settings(site), observer)) {
        daemon.start();
        FakeMachine.await(() -> source(daemon).filter(s -> s.state() == State.HEARD).isPresent());
        assertThat(observer.count(EntryType.FAULT_RAISED, "jitter")).isZero();

        cable.delay(40);
        FakeMachine.await(() -> observer.count(EntryType.ACTION_DONE, "jitter") == 2);
        assertThat(folder.resolve("reconnected")).exists();
        assertThat(folder.resolve("mode")).hasContent("lean");
        cable.delay(0);

        observer.await(EntryType.FAULT_CLEARED, "jitter");
        observer.await(EntryType.REVERTED, "jitter");
        assertThat(folder.resolve("mode")).doesNotExist();
      }
    }
    assertThat(observer.entries)
        .extracting(Entry::type)
        .containsSubsequence(
            EntryType.FAULT_RAISED,
            EntryType.ACTION_DONE,
            EntryType.RUNG_FAILED,
            EntryType.ACTION_DONE,
            EntryType.CONFIRMED,
            EntryType.ENDED);
    assertThat(folder.resolve("paged")).doesNotExist();
    ReplayLaw.assertHolds(folder.resolve("state"), site);
  }

  @Test
  @Tag("real")
  void anotherReferenceHostIsMeasuredFromTheReloadOn() throws IOException {
    try (ServerSocket near = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SlowCable far = SlowCable.lay(folder)) {
      far.delay(40);
      String first = "reference \"127.0.0.1:%d\" every 500ms".formatted(near.getLocalPort());
      try (Daemon daemon = new Daemon(settings(site(first, "freeze")), observer)) {
        daemon.start();
        FakeMachine.await(() -> source(daemon).filter(s -> s.state() == State.HEARD).isPresent());

        Daemon.Settings unused = settings(site(to(far), "freeze"));
        observer.await(EntryType.FAULT_RAISED, "jitter");

        unused = settings(site("rack \"r1\"", "freeze"));
        FakeMachine.await(() -> source(daemon).isEmpty());
      }
    }
  }

  @Test
  void whereNobodyAnswersItIsSilenceAndNeverHealth() throws IOException {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> waiting = new ArrayList<>();
      try {
        for (int i = 0; i < 2; i++) { // as many as the kernel takes before it leaves some waiting
          waiting.add(new Socket(full.getInetAddress(), full.getLocalPort()));
        }
        String to = "reference \"127.0.0.1:%d\" every 200ms".formatted(full.getLocalPort());
        try (Daemon daemon = new Daemon(settings(site(to, "raise")), observer)) {
          daemon.start();
          observer.await(EntryType.FAULT_RAISED, "jitter");
          FakeMachine.await(
              () -> source(daemon).filter(s -> s.state() == State.SILENT).isPresent());
          SourceView source = source(daemon).orElseThrow();
          assertThat(source.count()).isZero();
          assertThat(source.trouble().orElse("")).endsWith(": no answer in 400 ms");
        }
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }
}
