package dev.heal.engine.source.container.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pieces as Docker and podman send them. */
class ChannelLinesTest {
  private static final LogPlace NOWHERE = LogPlace.beginning("ab");

  private final List<String> heard = new ArrayList<>();

  private ChannelLines lines(LogPlace from) {
    return new ChannelLines(
        from,
        new ChannelLines.Sink() {
          @Override
          public void line(String text, LogPlace place) {
            heard.add(text);
          }

          @Override
          public void gap(String why) {
            heard.add("gap");
          }
        });
  }

  private static void give(ChannelLines lines, String... pieces) {
    for (String piece : pieces) {
      lines.piece(piece.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static final String[] LOG = {
    "2026-01-05T10:00:00.000000001Z one\n",
    "2026-01-05T10:00:00.000000002Z two\n",
    "2026-01-05T11:00:00.000000002+01:00 three\n",
    "2026-01-05T10:00:00.000000003Z four\n"
  };

  @Test
  void fromEachPlaceItGoesOnWithTheNextLine() {
    List<LogPlace> places = new ArrayList<>();
    ChannelLines whole = lines(NOWHERE);
    places.add(whole.place());
    for (String piece : LOG) {
      give(whole, piece);
      places.add(whole.place());
    }
    assertThat(heard).containsExactly("one", "two", "three", "four");
    for (int taken = 0; taken < places.size(); taken++) {
      heard.clear();
      LogPlace kept = LogPlace.parse(places.get(taken).text()).orElseThrow();
      assertThat(kept).isEqualTo(places.get(taken));
      ChannelLines again = lines(kept);
      give(again, LOG);
      assertThat(heard)
          .as("after %d", taken)
          .isEqualTo(List.of("one", "two", "three", "four").subList(taken, 4));
      assertThat(again.place()).isEqualTo(places.get(4));
    }
  }

  @Test
  void aLogThatHasTheLineNoMoreIsAGap() {
    ChannelLines before = lines(NOWHERE);
    give(before, LOG[0], LOG[1], LOG[2]);
    heard.clear();
    give(lines(before.place()), LOG[1], LOG[3]);
    assertThat(heard).containsExactly("gap", "four");
  }

  @Test
  void aLongLineInPiecesOfOneStampIsOneLine() {
    give(
        lines(NOWHERE),
        "2026-01-05T10:00:00.5Z a",
        "2026-01-05T10:00:00.5Z b",
        "2026-01-05T10:00:00.5Z c\n",
        "2026-01-05T10:00:00.5Z d\n");
    assertThat(heard).containsExactly("abc", "d");
  }

  @Test
  void theLastWordOfOneThatDiedIsNotGluedToTheFirstOfTheNext() {
    ChannelLines lines = lines(NOWHERE);
    give(lines, "2026-01-05T10:00:00Z panic: no", "2026-01-05T10:00:09Z hello\r\n");
    assertThat(heard).containsExactly("panic: no", "hello");
    give(lines, "2026-01-05T10:00:10Z end");
    assertThat(heard).hasSize(2);
    lines.finish();
    assertThat(heard).containsExactly("panic: no", "hello", "end");
  }

  @Test
  void onlyWhatWasNeverSeenIsCountedFromTheEnd() {
    FirstSight sight = new FirstSight("ab", 4);
    for (String piece : LOG) {
      sight.piece(Channel.STDOUT, piece.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(sight.isTooShort()).isFalse();
    assertThat(sight.place(Channel.STDOUT).lines()).isEqualTo(1);
    assertThat(sight.place(Channel.STDERR))
        .isEqualTo(new LogPlace("ab", sight.place(Channel.STDOUT).at(), 0));

    FirstSight twins = new FirstSight("ab", 2);
    twins.piece(Channel.STDOUT, LOG[1].getBytes(StandardCharsets.UTF_8));
    twins.piece(Channel.STDOUT, LOG[2].getBytes(StandardCharsets.UTF_8));
    assertThat(twins.isTooShort()).as("there may be more of this stamp").isTrue();
    assertThat(new FirstSight("ab", 2).place(Channel.STDOUT)).isEqualTo(NOWHERE);
  }

  @Test
  void framesMayComeByteByByte() throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    sent.writeBytes(ByteBuffer.allocate(8).put(0, (byte) 1).putInt(4, 2).array());
    sent.writeBytes("ab".getBytes(StandardCharsets.UTF_8));
    sent.writeBytes(ByteBuffer.allocate(8).put(0, (byte) 2).array()); // empty
    sent.writeBytes(ByteBuffer.allocate(8).put(0, (byte) 2).putInt(4, 1).array());
    sent.writeBytes("c".getBytes(StandardCharsets.UTF_8));
    for (int size : new int[] {1, 3, 8, sent.size()}) {
      List<String> frames = new ArrayList<>();
      Frames parser = new Frames();
      for (int from = 0; from < sent.size(); from += size) {
        byte[] part =
            java.util.Arrays.copyOfRange(
                sent.toByteArray(), from, Math.min(from + size, sent.size()));
        parser.feed(
            part,
            part.length,
            (channel, bytes) ->
                frames.add(channel.word() + " " + new String(bytes, StandardCharsets.UTF_8)));
      }
      assertThat(frames).containsExactly("stdout ab", "stderr ", "stderr c");
    }
  }

  @Test
  void whatIsNoFrameIsRefused() {
    byte[] text = "unable to read the log".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> new Frames().feed(text, text.length, (channel, bytes) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no log");
  }

  @Test
  void aPlaceOfAnotherVersionIsNone() {
    for (String text : List.of("", "x 1 1", "ab 1", "ab -1 1", "ab 9999999999999999999 1")) {
      assertThat(LogPlace.parse(text)).as(text).isEqualTo(Optional.empty());
    }
  }
}
