package dev.heal.engine.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unzips gzip data (RFC 1952) to its end: every member, also where a pipe pauses between two, and
 * zeros behind the last. Java's own reader leaves out, in silence, what comes behind such a pause
 * or behind a member whose start is damaged: it would look like a quiet night.
 */
final class GzipStream extends InputStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int FIRST_MAGIC = 0x1F;
  private static final int SECOND_MAGIC = 0x8B;
  private static final int DEFLATE = 8;
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xE0;
  private static final int TIME_SYSTEM_BYTES = 6;
  private static final int CHECKSUM_BYTES = 2;

  private final InputStream zipped;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next; // of the buffer's bytes, the first that was not used
  private int limit;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private boolean ended;

  /**
   * Reads the start of the first member.
   *
   * @throws ZipException where the data is damaged; so does {@link #read}
   * @throws EOFException where it is cut; so does {@link #read}
   */
  GzipStream(InputStream zipped) throws IOException {
    this.zipped = zipped;
    startOfMember(needed());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    while (length > 0 && !ended) {
      int got = inflate(bytes, from, length);
      if (got > 0) {
        checksum.update(bytes, from, got);
        return got;
      }
      if (inflater.finished()) {
        endOfMember();
      } else if (!inflater.needsInput()) {
        throw new ZipException("asks for a dictionary");
      } else {
        next = limit;
        if (!fill()) {
          throw new EOFException("cut");
        }
        inflater.setInput(buffer, 0, limit);
      }
    }
    return length == 0 ? 0 : -1;
  }

  private int inflate(byte[] bytes, int from, int length) throws ZipException {
    try {
      return inflater.inflate(bytes, from, length);
    } catch (DataFormatException damaged) {
      throw new ZipException(damaged.getMessage());
    }
  }

  private void endOfMember() throws IOException {
    next = limit - inflater.getRemaining();
    if (number() != checksum.getValue()
        || number() != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw new ZipException("the checksum is another");
    }
    int first = 0;
    while (first == 0) {
      first = fill() ? needed() : -1;
    }
    if (first < 0) {
      ended = true;
    } else {
      startOfMember(first);
    }
  }

  private void startOfMember(int first) throws IOException {
    if (first != FIRST_MAGIC || needed() != SECOND_MAGIC || needed() != DEFLATE) {
      throw new ZipException("not gzip");
    }
    int flags = needed();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("unknown flags");
    }
    skip(TIME_SYSTEM_BYTES);
    if ((flags & HAS_EXTRA) != 0) {
      int low = needed();
      skip(low | needed() << Byte.SIZE);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_CHECKSUM) != 0) {
      skip(CHECKSUM_BYTES);
    }
    inflater.reset();
    inflater.setInput(buffer, next, limit - next);
    checksum.reset();
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      needed();
    }
  }

  /** Up to and with its NUL. */
  private void skipText() throws IOException {
    int last = needed();
    while (last != 0) {
      last = needed();
    }
  }

  /** Four bytes, the lowest first. */
  private long number() throws IOException {
    long number = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      number |= (long) needed() << shift;
    }
    return number;
  }

  private int needed() throws IOException {
    if (!fill()) {
      throw new EOFException("cut");
    }
    return buffer[next++] & 0xFF;
  }

  /** Makes sure of one unused byte in the buffer; false at the end. */
  private boolean fill() throws IOException {
    if (next < limit) {
      return true;
    }
    next = 0;
    limit = Math.max(0, zipped.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    zipped.close();
  }
}
