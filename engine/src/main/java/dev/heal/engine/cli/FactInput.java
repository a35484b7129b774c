package dev.heal.engine.cli;

import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.source.log.StampRules;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * A file of facts or a log, or {@code -} for standard input; plain or gzip, told apart by the first
 * bytes. Reading past damage in a gzip file fails with a message that names the file.
 */
final class FactInput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAGIC_BYTES = 6;

  /** A fact as the first line is one even where its entity is misspelt; further lines are not. */
  private static final Pattern FACT = Pattern.compile("\\{.*\"entity\"\\s*:.*");

  private static final Pattern CERTAIN_FACT =
      Pattern.compile("\\{.*\"entity\"\\s*:\\s*\"(node|gpu|service|job):.*");

  /** What a file begins with that is no text: a tool that makes text of it. */
  private static final Map<String, String> TO_TEXT =
      Map.of(
          "FD377A585A00", "xz -dc",
          "28B52FFD", "zstd -dc",
          "04224D18", "lz4 -dc",
          "425A68", "bzip2 -dc",
          "504B0304", "unzip -p",
          "FFFE", "iconv -f UTF-16 -t UTF-8",
          "FEFF", "iconv -f UTF-16 -t UTF-8");

  private static final String BYTE_ORDER_MARK = "EFBBBF";

  private final String name;
  private final OptionalLong modified;
  private final BufferedInputStream stream;

  private FactInput(String name, OptionalLong modified, InputStream raw) throws IOException {
    this.name = name;
    this.modified = modified;
    BufferedInputStream bytes = new BufferedInputStream(raw, BUFFER_BYTES);
    boolean gzip = startOf(bytes).startsWith("1F8B");
    this.stream = gzip ? new BufferedInputStream(new Unzipped(name, bytes), BUFFER_BYTES) : bytes;
    String start = startOf(stream);
    for (Map.Entry<String, String> kind : TO_TEXT.entrySet()) {
      if (start.startsWith(kind.getKey())) {
        throw new InputException(
            "`" + name + "` is no text, and not gzip",
            "make text of it first: `" + kind.getValue() + " FILE | heal … --facts -`");
      }
    }
    if (start.startsWith(BYTE_ORDER_MARK)) {
      stream.skipNBytes(BYTE_ORDER_MARK.length() / 2);
    }
  }

  /** The first bytes in hexadecimal; they are still to be read. */
  private static String startOf(BufferedInputStream stream) throws IOException {
    stream.mark(MAGIC_BYTES);
    String start = HexFormat.of().withUpperCase().formatHex(stream.readNBytes(MAGIC_BYTES));
    stream.reset();
    return start;
  }

  /**
   * Refuses names of inputs that no file can have, before any is read.
   *
   * @throws UsageException for an empty name, and where standard input would be read twice
   */
  static void requireDistinct(List<String> names) {
    if (names.contains("")) {
      throw new UsageException("the name of a file of facts is empty");
    }
    if (names.stream().filter("-"::equals).count() > 1) {
      throw new UsageException("standard input can be read only once: `-` stands twice");
    }
  }

  /**
   * Opens a file; close it.
   *
   * @throws IOException where it cannot be read; the message is for the operator
   */
  static FactInput open(String name, Console console) throws IOException {
    if (name.equals("-")) {
      return new FactInput("standard input", OptionalLong.empty(), console.in());
    }
    Path file = Path.of(name);
    if (Files.isDirectory(file)) {
      throw new InputException("`" + name + "` is a folder", "name the files in it");
    }
    InputStream raw = Files.newInputStream(file);
    try {
      // a pipe's time is that of its opening, which is nobody's last line
      OptionalLong modified =
          Files.isRegularFile(file)
              ? OptionalLong.of(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS))
              : OptionalLong.empty();
      return new FactInput(name, modified, raw);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** As the operator named it. */
  String name() {
    return name;
  }

  /** The bytes, unzipped. */
  InputStream stream() {
    return stream;
  }

  /** Whether it is a file of the disk: nobody writes it while it is looked at. */
  boolean isRegular() {
    return modified.isPresent();
  }

  /**
   * Whether it holds JSON facts: its first line is an object with an {@code entity}, or one of its
   * first lines is certainly a fact. A line that was cut or written by hand may stand before it.
   */
  boolean isJsonFacts() throws IOException {
    stream.mark(BUFFER_BYTES);
    String start = new String(upToDamage(), StandardCharsets.UTF_8).stripLeading();
    stream.reset();
    return FACT.matcher(start.lines().findFirst().orElse("")).matches()
        || start.lines().anyMatch(line -> CERTAIN_FACT.matcher(line).matches());
  }

  /** What can be read of the first bytes; whoever reads on meets the damage. */
  private byte[] upToDamage() {
    byte[] bytes = new byte[BUFFER_BYTES - 1];
    int length = 0;
    try {
      int got = stream.read(bytes, 0, bytes.length);
      while (got > 0) {
        length += got;
        got = stream.read(bytes, length, bytes.length - length);
      }
    } catch (IOException damage) {
      return Arrays.copyOf(bytes, length);
    }
    return Arrays.copyOf(bytes, length);
  }

  /** The options for a log in this file: without a year, its last change is the newest line. */
  LogOptions options(LogOptions given) {
    StampRules stamps = given.stamps();
    return stamps.year().isPresent() || stamps.newest().isPresent()
        ? given
        : given.with(new StampRules(stamps.bootedAt(), stamps.year(), modified));
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  /** Names the file where its gzip is damaged, as often as it is read on. */
  private static final class Unzipped extends FilterInputStream {
    private final String name;
    private Optional<IOException> damage = Optional.empty();

    Unzipped(String name, InputStream zipped) throws IOException {
      super(opened(name, zipped));
      this.name = name;
    }

    private static InputStream opened(String name, InputStream zipped) throws IOException {
      try {
        return new GzipStream(zipped);
      } catch (ZipException | EOFException e) {
        throw damaged(name, e);
      }
    }

    private static IOException damaged(String name, IOException cause) {
      return (IOException)
          new InputException(
                  "`" + name + "` is a damaged or cut gzip file",
                  "what is whole of it: `gzip -dc FILE | heal … --facts -`")
              .initCause(cause);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (damage.isPresent()) {
        throw damage.get();
      }
      try {
        return super.read(bytes, from, length);
      } catch (ZipException | EOFException e) {
        IOException found = damaged(name, e);
        damage = Optional.of(found);
        throw found;
      }
    }
  }
}
