package dev.heal.engine.fact.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.source.log.StampRules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the lines of a log become. */
class LogParserTest {
  private static final String XID_79 =
      "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.";

  /** Each case of corpus.txt: the lines, then what they become, {@code -} for nothing. */
  @TestFactory
  List<DynamicTest> corpus() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream in = LogParserTest.class.getResourceAsStream("corpus.txt")) {
      assertThat(in).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String block : text.split("\n\n", -1)) {
        List<String> lines = block.lines().filter(line -> !line.startsWith("##")).toList();
        List<String> log =
            lines.stream().filter(l -> l.startsWith("> ")).map(l -> l.substring(2)).toList();
        String expected =
            String.join(
                "\n",
                lines.stream().filter(l -> l.startsWith("= ")).map(l -> l.substring(2)).toList());
        if (!log.isEmpty()) {
          tests.add(
              DynamicTest.dynamicTest(
                  log.get(0), () -> assertThat(facts(String.join("\n", log))).isEqualTo(expected)));
        }
      }
    }
    return tests;
  }

  @Test
  void everyFrameGivesTheSameEvent() {
    List<String> framed =
        List.of(
            XID_79,
            "[ 123.456] " + XID_79,
            "[12345.678901] " + XID_79,
            "[    5.100000][ T1234] " + XID_79,
            "[Sun Feb 23 16:24:18 2025] " + XID_79,
            "6,1234,5678901,-;" + XID_79,
            "3,1234,5678901,-,caller=T12;" + XID_79,
            "<3>[ 12.3] " + XID_79,
            "Feb 23 16:24:18 localhost kernel: [ 12.3] " + XID_79,
            "Feb  3 16:24:18 localhost kernel: " + XID_79,
            "<4>Feb 23 16:24:18 localhost kernel: " + XID_79,
            "<3>1 2025-02-23T16:24:18.5Z localhost kernel - - - " + XID_79,
            "<3>1 2025-02-23T16:24:18.5+01:00 localhost kernel - - [x a=\"b\"] [ 1.5] " + XID_79,
            "2025-02-23T16:24:18.123456+00:00 localhost kernel: [ 12.3] " + XID_79,
            "2025-02-23T16:24:18+0000 localhost kernel: " + XID_79,
            "Feb 23 16:24:18.123456 localhost kernel: " + XID_79,
            "[ 123.456] localhost kernel: " + XID_79,
            "2025-02-23T16:24:18,123456+00:00 " + XID_79,
            "{\"MESSAGE\":\""
                + XID_79
                + "\",\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":\"localhost\"}");
    for (String line : framed) {
      assertThat(facts(line).replaceAll("\"t\":\"[^\"]*\",|\"uptime\":[0-9.]+,", ""))
          .as(line)
          .isEqualTo(
              "{\"entity\":\"gpu:localhost/0000:3b:00\",\"event\":\"xid\",\"code\":79,"
                  + "\"mnemonic\":\"ROBUST_CHANNEL_GPU_HAS_FALLEN_OFF_THE_BUS\","
                  + "\"severity\":\"fatal\",\"action\":\"restart_node\",\"line\":1}");
    }
  }

  @Test
  void timesAreThoseOfTheFrame() {
    assertThat(facts("[Sun Feb 23 16:24:18 2025] " + XID_79)).contains("2025-02-23T16:24:18Z");
    assertThat(facts("2025-02-23T16:24:18.5+01:00 n1 kernel: " + XID_79))
        .contains("\"t\":\"2025-02-23T15:24:18.500Z\",\"entity\":\"gpu:n1/0000:3b:00\"");
    assertThat(
            facts(
                "Dec 31 23:59:59 n1 kernel: " + XID_79 + "\nJan  1 00:00:01 n1 kernel: " + XID_79))
        .contains("2000-12-31T23:59:59Z")
        .contains("2001-01-01T00:00:01Z");
    assertThat(facts("[ 12.5] " + XID_79)).doesNotContain("\"t\"");
    assertThat(
            report(
                bytes("[ 12.5] " + XID_79),
                LogOptions.none()
                    .with(
                        new StampRules(
                            OptionalLong.of(1_000_000_000_000L),
                            OptionalInt.empty(),
                            OptionalLong.empty()))))
        .contains("\"t\":\"1970-01-01T00:16:52.500Z\"");
  }

  @Test
  void theDriverInUseDecidesHowRegistersAreRead() {
    String line =
        "NVRM: Xid (PCI:0018:01:00): 145, RLW_REMAP Fatal XC1 i0 Link 08 (0x00000082 0x00000040 0x0)";
    String older = "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  570.124.06  Wed Feb 26 2025\n";
    assertThat(facts(older + line)).contains("\"action\":\"reset_gpu\"");
    assertThat(facts(line)).contains("\"action\":\"reset_gpu\"");
    String newer = "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  575.57.08  Release\n";
    assertThat(facts(newer + line))
        .contains("\"severity\":\"fatal\",\"action\":\"contact_support\"");
  }

  @Test
  void hostileBytesAreSurvived() {
    byte[] huge = new byte[10_000_000];
    java.util.Arrays.fill(huge, (byte) 'x');
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(new byte[] {0, 1, (byte) 0xFF, (byte) 0xC3, '\n', '\r', '\n'});
    all.writeBytes(huge);
    all.writeBytes(bytes("\n[ 1.0] " + XID_79 + "\r\n"));
    assertThat(report(all.toByteArray(), LogOptions.none()))
        .contains("\"code\":79")
        .contains("\"line\":4}");
    assertThat(facts("")).isEmpty();
  }

  @Test
  void aChangedLineNeverCrashesAndChangesNoOther() {
    long seed = 20250223;
    Random random = new Random(seed);
    String template =
        "[ 1.0] NVRM: Xid (PCI:0000:3b:00 GPU-I:05): 145, pid=12, name=a, RLW_REMAP Fatal XC1 i0 "
            + "Link 08 (0x00000004 0x00000040)\n"
            + "[ 2.0] EDAC MC0: 1 UE memory read error on CPU_SrcID#0\n"
            + "[ 3.0] mlx5_core 0000:12:00.0 eth0: Link down\n";
    for (int i = 0; i < 5_000; i++) {
      byte[] changed = bytes(template);
      for (int j = 0; j <= i % 4; j++) {
        byte value = (byte) random.nextInt(256);
        changed[random.nextInt(template.length() - 1)] = value == '\n' ? 0 : value;
      }
      ByteArrayOutputStream log = new ByteArrayOutputStream();
      log.writeBytes(bytes("[ 0.5] " + XID_79 + "\n"));
      log.writeBytes(changed);
      assertThat(report(log.toByteArray(), LogOptions.none()))
          .as("seed %d, mutant %d", seed, i)
          .startsWith(
              "{\"uptime\":0.5,\"entity\":\"gpu:localhost/0000:3b:00\",\"event\":\"xid\",\"code\":79,");
    }
  }

  @Test
  void alarmingUnknownLinesAreCountedByShape() {
    List<LogEvent> events = new ArrayList<>();
    LogParser parser = new LogParser(LogOptions.none(), events::add);
    byte[] log = bytes("[ 1.0] foo: error 17\n[ 2.0] foo: error 18\n[ 3.0] all is well\n");
    try {
      parser.read(new ByteArrayInputStream(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(events).isEmpty();
    assertThat(parser.unknown().shapes()).containsExactly(java.util.Map.entry("foo: error #", 2L));
    assertThat(parser.unknownCount()).isEqualTo(3);
  }

  private static String facts(String log) {
    return report(bytes(log), LogOptions.none()).stripTrailing();
  }

  private static String report(byte[] log, LogOptions options) {
    StringWriter out = new StringWriter();
    try {
      new FactsReport(
              new LogOptions("localhost", "app", options.stamps(), options.driverBranch()), false)
          .write(new ByteArrayInputStream(log), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
