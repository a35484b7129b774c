package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
    Files.write(cut, Arrays.copyOf(zipped.toByteArray(), zipped.size() - 12));
    Result damaged = facts("--facts", cut.toString());
    assertThat(damaged.code).isEqualTo(1);
    assertThat(damaged.err).contains("cut.gz` is a damaged or cut gzip file");
    assertThat(facts("--facts", folder.toString()).err)
        .isEqualTo("heal: `" + folder + "` is a folder\n  = help: name the files in it\n");
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

  @Test
  void everyMemberIsReadAlsoWhereAPipePausesBetweenTwo() throws IOException {
    byte[] member = zipped(XID);
    InputStream pausing =
        new SequenceInputStream( // of which nothing is known to be available between the two
            new ByteArrayInputStream(member),
            new ByteArrayInputStream(join(member, new byte[512])));
    Result result = run(pausing, "facts", "--facts", "-");
    assertThat(result.code).isZero();
    assertThat(result.err).startsWith("2 lines, 2 facts");
  }

  @Test
  void whatFollowsAMemberAndIsNoneIsDamageAndTheFactsBeforeItAreShown() throws IOException {
    byte[] member = zipped(XID);
    for (byte[] rest :
        List.of(
            Arrays.copyOf(member, 5),
            Arrays.copyOf(member, member.length - 1),
            new byte[] {'x'},
            flipped(member, member.length - 6),
            flipped(member, member.length - 2))) {
      Path file = Files.write(folder.resolve("kernel.log.gz"), join(member, rest));
      Result result = facts("--facts", file.toString());
      assertThat(result.code).isEqualTo(1);
      assertThat(result.out).startsWith("{\"entity\":\"gpu:localhost/0000:3b:00\"");
      assertThat(result.err)
          .isEqualTo(
              """
              heal: `FILE` is a damaged or cut gzip file
                = help: what is whole of it: `gzip -dc FILE | heal … --facts -`
              """
                  .replaceFirst("FILE", file.toString()));
    }
  }

  @Test
  void namesAndCommentsOfGzipAreNoPartOfTheLog() throws IOException {
    byte[] plain = zipped(XID);
    byte[] start = Arrays.copyOf(plain, 10);
    start[3] = 2 | 4 | 8 | 16;
    byte[] fields = {2, 0, 'e', 'x', 'n', 0, 'c', 'c', 0, 0, 0};
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
    Path file = Files.write(folder.resolve("k.gz"), join(join(start, fields), rest));
    assertThat(facts("--facts", file.toString()).err).startsWith("1 lines, 1 facts");
    start[3] = 32;
    Files.write(file, join(start, rest));
    assertThat(facts("--facts", file.toString()).err).contains("damaged");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
    Path log = file("kernel.log", "\uFEFF2026-01-05T03:00:00Z n1 kernel: " + XID);
    assertThat(facts("--facts", log.toString()).out).startsWith("{\"t\":\"2026-01-05T03:00:00Z\"");
  }

  @Test
  void whatIsPackedOrEncodedInAnotherWayIsRefused() throws IOException {
    Path log = folder.resolve("kernel.log");
    Files.write(log, new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0, 1, 2});
    Result packed = facts("--facts", log.toString());
    assertThat(packed.code).isEqualTo(1);
    assertThat(packed.err)
        .isEqualTo(
            "heal: `"
                + log
                + "` is no text, and not gzip\n"
                + "  = help: make text of it first: `xz -dc FILE | heal … --facts -`\n");
    Files.write(log, XID.getBytes(StandardCharsets.UTF_16));
    assertThat(facts("--facts", log.toString()).err).contains("iconv -f UTF-16 -t UTF-8");
  }

  @Test
  void namesThatCannotBeReadAreRefusedBeforeAnyFileIs() throws IOException {
    Path facts = file("f.jsonl", "{\"t\":1,\"entity\":\"node:n1\",\"event\":\"boot\"}\n");
    assertThat(facts("--facts", facts.toString()).err).contains("holds facts already");
    assertThat(facts("--facts", "").code).isEqualTo(2);
    Result twice = facts("--facts", "-", "-");
    assertThat(twice.code).isEqualTo(2);
    assertThat(twice.err).startsWith("heal: standard input can be read only once");
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return zipped.toByteArray();
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    other[at] ^= 1;
    return other;
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
    return run(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), arguments);
  }

  private static Result run(InputStream in, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = Console.of(in, out, err);
    int code = new HealCommand(Commands.all(), console, Map.of()).run(List.of(arguments)).number();
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private record Result(int code, String out, String err) {}
}
