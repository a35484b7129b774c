package dev.heal.engine.source.follow;

import dev.heal.engine.source.follow.LineBatch.FollowedLine;
import dev.heal.engine.source.log.LineCutter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** An open file, and how far it was read. It stays the same file when its name changes. */
final class Tail implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int READS_IN_A_ROW = 64; // then others have their turn

  private final Path name; // under which it is followed
  private Path file; // where it is now
  private final FileId id;
  private final FileChannel channel;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private Head head;
  private LineCutter lines = new LineCutter();
  private long base; // where the cutter began
  private long offset; // of the next byte to read
  private long given; // behind the last line given
  private int quiet; // looks that found nothing new

  private Tail(Path name, Path file, FileId id, FileChannel channel, long offset)
      throws IOException {
    this.name = name;
    this.file = file;
    this.id = id;
    this.channel = channel;
    this.head = Head.of(channel, offset);
    this.base = offset;
    this.offset = offset;
    this.given = offset;
  }

  /**
   * Opens a file.
   *
   * @param name under which it is followed
   * @param file where it is
   * @throws IOException also where another file takes the name at this moment
   */
  static Tail open(Path name, Path file, long offset) throws IOException {
    FileId before = FileId.of(file);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      if (!FileId.of(file).equals(before)) {
        throw new IOException("`%s` is being rotated".formatted(file));
      }
      return new Tail(name, file, before, channel, offset);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  Path name() {
    return name;
  }

  FileId id() {
    return id;
  }

  Path file() {
    return file;
  }

  int quiet() {
    return quiet;
  }

  void isNowCalled(Path now) {
    file = now;
  }

  long size() throws IOException {
    return channel.size();
  }

  /** The place behind the last line given. */
  FilePosition position() {
    int headBytes = head.length(given);
    return new FilePosition(name, id, given, headBytes, head.hash(headBytes));
  }

  /** Whether this is the file that was read up to there, and not another in its place. */
  boolean continues(FilePosition position) throws IOException {
    if (channel.size() < position.offset()) {
      return false;
    }
    Head now = Head.of(channel, position.headBytes());
    return now.length(position.headBytes()) == position.headBytes()
        && now.hash(position.headBytes()) == position.headHash();
  }

  /** Whether it was emptied, or written anew, since the last read. */
  boolean wasTruncated() throws IOException {
    return channel.size() < offset || !head.isStillOf(channel); // it may have grown again
  }

  /** Reads from the start, as if nothing had been read. */
  void startAgain() {
    goTo(0, new Head());
  }

  /** Goes on behind what was read before. */
  void goTo(long place) throws IOException {
    goTo(place, Head.of(channel, place));
  }

  private void goTo(long place, Head seen) {
    head = seen;
    lines = new LineCutter();
    base = place;
    offset = place;
    given = place;
  }

  /**
   * Gives the whole lines that are there.
   *
   * @return whether there is more
   */
  boolean read(FollowSink sink) throws IOException {
    for (int i = 0; i < READS_IN_A_ROW; i++) {
      int count = channel.read(ByteBuffer.wrap(buffer), offset);
      if (count <= 0) {
        quiet = i == 0 ? quiet + 1 : 0;
        return false;
      }
      head.see(buffer, count, offset);
      offset += count;
      List<FollowedLine> batch = new ArrayList<>();
      lines.feed(
          buffer, count, (text, cut, end) -> batch.add(new FollowedLine(text, cut, base + end)));
      give(batch, sink);
    }
    quiet = 0;
    return true;
  }

  /** Reads up to the end. */
  void drain(FollowSink sink) throws IOException {
    while (read(sink)) {
      quiet = 0;
    }
  }

  /** The line feed will not come any more. */
  void finish(FollowSink sink) {
    List<FollowedLine> batch = new ArrayList<>();
    lines.finish((text, cut, end) -> batch.add(new FollowedLine(text, cut, base + end)));
    give(batch, sink);
  }

  private void give(List<FollowedLine> batch, FollowSink sink) {
    if (!batch.isEmpty()) {
      FilePosition before = position();
      given = batch.get(batch.size() - 1).end();
      sink.lines(new LineBatch(file, before, position(), batch));
    }
  }

  /** Says where the file begins to be followed. */
  void announce(FollowSink sink) {
    sink.lines(new LineBatch(file, position(), position(), List.of()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
