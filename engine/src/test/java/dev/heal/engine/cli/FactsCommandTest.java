package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heal facts}: what a log leaves out is said on the command line, or by a stated rule. */
class FactsCommandTest {
  private static final String XID = "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.\n";

  @TempDir private Path folder;

  @Test
  void theTimeOfBootMakesSecondsATime() throws IOException {
    Path log = file("kernel.log", "[  100.500000] " + XID);
    assertThat(facts("--facts", log.toString()).out).startsWith("{\"uptime\":100.5,\"entity\":");
    Result given = facts("--facts", log.toString(), "--boot-time", "2026-01-05T03:00:00+01:00");
    assertThat(given.out).startsWith("{\"t\":\"2026-01-05T02:01:40.500Z\",\"entity\":");
    Result strict = facts("--facts", log.toString(), "--strict");
    assertThat(strict.code).isEqualTo(1);
    assertThat(strict.err)
        .contains("1 lines, 1 facts, 0 lines unknown, 1 facts without a time (see --boot-time)");
  }

  /** 29 December is before the file's last change only in the year before. */
  @Test
  void aYearIsGivenOrTheLastThatFitsTheFile() throws IOException {
    Path log =
        file("syslog", "Dec 29 10:00:00 n1 kernel: " + XID + "Jan  2 10:00:00 n1 kernel: " + XID);
    Files.setLastModifiedTime(log, FileTime.from(Instant.parse("2026-01-02T11:00:00Z")));
    assertThat(facts("--facts", log.toString()).out)
        .contains("2025-12-29T10:00:00Z")
        .contains("2026-01-02T10:00:00Z");
    assertThat(facts("--facts", log.toString(), "--year", "2019").out)
        .contains("2019-12-29T10:00:00Z")
        .contains("2020-01-02T10:00:00Z");
  }

  @Test
  void theDriverDecidesHowRegistersAreRead() throws IOException {
    Path log =
        file(
            "kernel.log",
            "NVRM: Xid (PCI:0000:04:00): 145, RLW_REMAP Fatal XC1 i0 Link 08 (0x00000082 0x00000040)\n");
    assertThat(facts("--facts", log.toString(), "--driver", "570.124.06").out)
        .contains("\"action\":\"reset_gpu\"");
    assertThat(facts("--facts", log.toString(), "--driver", "580.65").out)
        .contains("\"action\":\"contact_support\"");
  }

  @Test
  void whatIsNoDriverTimeOrYearIsSaid() throws IOException {
    Path log = file("kernel.log", XID);
    assertThat(facts("--facts", log.toString(), "--driver", "new").err)
        .contains("`new` is not a driver's version such as 570.124.06");
    assertThat(facts("--facts", log.toString(), "--boot-time", "yesterday").err)
        .contains("`yesterday` is not a time such as 2026-01-05T03:00:00Z");
    Result year = facts("--facts", log.toString(), "--year", "26");
    assertThat(year.err).contains("`26` is not a year from 1970 to 2261");
    assertThat(year.code).isEqualTo(2);
  }

  @Test
  void gzipIsReadAsItIsAndDamageIsNamed() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(XID.getBytes(StandardCharsets.UTF_8));
    }
    Path whole = folder.resolve("kernel.log.gz");
    Files.write(whole, zipped.toByteArray());
    assertThat(facts("--facts", whole.toString()).out).contains("\"code\":79");
    Path cut = folder.resolve("cut.gz");
    Files.write(cut, java.util.Arrays.copyOf(zipped.toByteArray(), zipped.size() - 12));
    Result damaged = facts("--facts", cut.toString());
    assertThat(damaged.code).isEqualTo(1);
    assertThat(damaged.err).contains("cut.gz` is a damaged or cut gzip file");
    assertThat(facts("--facts", folder.toString()).err)
        .contains("is a folder; name the files in it");
  }

  @Test
  void standardInputIsReadAndDamageIsCounted() {
    Result result = run("[ 1.0] a\0b\n" + XID, "facts", "--facts", "-", "--node", "gpu-01");
    assertThat(result.code).isZero();
    assertThat(result.out).contains("\"entity\":\"gpu:gpu-01/0000:3b:00\"");
    assertThat(result.err)
        .isEqualTo(
            "2 lines, 1 facts, 1 lines unknown, 1 facts without a time (see --boot-time),"
                + " 1 lines with bytes that are no text\n");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Result facts(String... arguments) {
    List<String> all = new ArrayList<>(List.of("facts"));
    all.addAll(List.of(arguments));
    return run("", all.toArray(String[]::new));
  }

  private static Result run(String in, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        Console.of(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out, err);
    int code = new HealCommand(Commands.all(), console, Map.of()).run(List.of(arguments)).number();
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private record Result(int code, String out, String err) {}
}
