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
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of facts or a log, or {@code -} for standard input; plain or gzip, told apart by the first
 * bytes. Reading past damage in a gzip file fails with a message that names the file.
 */
final class FactInput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PEEK_BYTES = 1 << 12;

  private final String name;
  private final OptionalLong modified;
  private final BufferedInputStream stream;

  private FactInput(String name, OptionalLong modified, InputStream raw) throws IOException {
    this.name = name;
    this.modified = modified;
    BufferedInputStream bytes = new BufferedInputStream(raw, BUFFER_BYTES);
    bytes.mark(2);
    boolean gzip = bytes.read() == 0x1F && bytes.read() == 0x8B;
    bytes.reset();
    this.stream = gzip ? new BufferedInputStream(new Unzipped(name, bytes), BUFFER_BYTES) : bytes;
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
      throw new IOException("`" + name + "` is a folder; name the files in it");
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

  /** Whether it holds JSON facts: its first line is an object with an {@code entity}. */
  boolean isJsonFacts() throws IOException {
    stream.mark(PEEK_BYTES);
    String start =
        new String(stream.readNBytes(PEEK_BYTES - 1), StandardCharsets.UTF_8).stripLeading();
    stream.reset();
    return start.startsWith("{")
        && start.lines().findFirst().orElse("").matches(".*\"entity\"\\s*:.*");
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

  /** Names the file where its gzip is damaged. */
  private static final class Unzipped extends FilterInputStream {
    private final String name;

    Unzipped(String name, InputStream zipped) throws IOException {
      super(opened(name, zipped));
      this.name = name;
    }

    private static InputStream opened(String name, InputStream zipped) throws IOException {
      try {
        return new GZIPInputStream(zipped, BUFFER_BYTES);
      } catch (ZipException | EOFException e) {
        throw damaged(name, e);
      }
    }

    private static IOException damaged(String name, IOException cause) {
      return new IOException("`" + name + "` is a damaged or cut gzip file", cause);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      try {
        return super.read(bytes, from, length);
      } catch (ZipException | EOFException e) {
        throw damaged(name, e);
      }
    }
  }
}
