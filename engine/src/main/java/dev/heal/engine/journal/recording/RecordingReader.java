package dev.heal.engine.journal.recording;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Gives back the inputs of a recording, in order. A segment whose engine was killed ends in the
 * middle of something: what can be read of it is, and the rest is named. Not for several threads.
 */
public final class RecordingReader implements AutoCloseable {
  private static final int FIRST_LINE_BYTES = 1 << 12;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Deque<Segments.Segment> left;
  private final LineParser parser = new LineParser();
  private final List<String> problems = new ArrayList<>();
  private Optional<InputStream> open = Optional.empty();
  private String name = "";
  private long lineNumber;
  private byte[] line = new byte[FIRST_LINE_BYTES];
  private long torn;
  private long lost;

  private RecordingReader(List<Segments.Segment> segments) {
    this.left = new ArrayDeque<>(segments);
  }

  /** The recording in a state folder; empty where there is none. */
  public static RecordingReader open(Path state) throws IOException {
    return new RecordingReader(new Segments(state).list());
  }

  /**
   * The same, only as far back as what was decided from a time on needs: from the last segment
   * before that which begins with a {@link Recorded.Beginning}.
   *
   * @param from nanoseconds since the epoch
   */
  public static RecordingReader open(Path state, long from) throws IOException {
    List<Segments.Segment> all = new Segments(state).list();
    int first = all.size() - 1;
    while (first > 0 && !isBeginningBefore(all.get(first), from)) {
      first--;
    }
    return new RecordingReader(all.subList(Math.max(0, first), all.size()));
  }

  private static boolean isBeginningBefore(Segments.Segment segment, long from) throws IOException {
    try (RecordingReader reader = new RecordingReader(List.of(segment))) {
      return reader
          .next()
          .filter(first -> first instanceof Recorded.Beginning && first.stamp() <= from)
          .isPresent();
    }
  }

  /** The next input; empty behind the last. */
  public Optional<Recorded> next() throws IOException {
    while (open.isPresent() || nextSegment()) {
      int length = readLine(open.orElseThrow());
      if (length < 0) {
        closeSegment();
        continue;
      }
      Optional<Recorded> input = parse(length);
      if (input.isPresent()) {
        return input;
      }
    }
    return Optional.empty();
  }

  /** Segments that end in the middle, so far. */
  public long torn() {
    return torn;
  }

  /** Inputs that the recorder could not record, so far. */
  public long lost() {
    return lost;
  }

  /** What is wrong with the recording, so far, a line each, in the operator's words. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  private Optional<Recorded> parse(int length) {
    try {
      LineParser.Line parsed = parser.parse(line, length);
      if (parsed.lost() > 0) {
        lost += parsed.lost();
        problem("%d inputs could not be recorded".formatted(parsed.lost()));
      }
      return parsed.input();
    } catch (IOException malformed) {
      problem("no input of a recording: " + malformed.getMessage());
      return Optional.empty();
    }
  }

  private boolean nextSegment() throws IOException {
    while (!left.isEmpty()) {
      Path file = left.remove().file();
      name = file.getFileName().toString();
      lineNumber = 0;
      InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
      try {
        open =
            Optional.of(
                new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES), BUFFER_BYTES));
        return true;
      } catch (EOFException | ZipException cut) {
        raw.close();
        tear("nothing of it can be read");
      }
    }
    return false;
  }

  /** The length of the line, without its line feed; -1 at the end, torn or not. */
  private int readLine(InputStream in) throws IOException {
    int length = 0;
    try {
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          if (length > 0) {
            tear("its last line is cut off");
          }
          return -1;
        }
        if (length == line.length) {
          line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = (byte) next;
      }
    } catch (EOFException cut) {
      tear(length > 0 ? "its last line is cut off" : "it was not ended");
      return -1;
    } catch (ZipException damaged) {
      tear("the rest is damaged: " + damaged.getMessage());
      return -1;
    }
    lineNumber++;
    return length;
  }

  private void tear(String what) {
    torn++;
    problem("the segment ends in the middle: " + what);
  }

  private void problem(String what) {
    problems.add("%s, behind line %d: %s".formatted(name, lineNumber, what));
  }

  private void closeSegment() throws IOException {
    if (open.isPresent()) {
      open.get().close();
      open = Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    closeSegment();
  }
}
