package dev.heal.engine.source.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines out of bytes, whatever the bytes are. */
class LineReaderTest {
  @Test
  void lineFeedsCutAndCarriageReturnsAreLeftOut() throws IOException {
    assertThat(lines("a\r\n\nb\rc\nlast")).containsExactly("1:a", "2:", "3:b\rc", "4:last");
    assertThat(lines("")).isEmpty();
    assertThat(lines("\n")).containsExactly("1:");
  }

  @Test
  void aLineThatIsTooLongIsCutAndCounted() throws IOException {
    byte[] log = new byte[1_000_000];
    Arrays.fill(log, (byte) 'x');
    log[900_000] = '\n';
    LineReader reader = new LineReader(new ByteArrayInputStream(log));
    assertThat(reader.next()).isTrue();
    assertThat(reader.to() - reader.from()).isEqualTo(LineReader.LONGEST);
    assertThat(reader.next()).isTrue();
    assertThat(reader.number()).isEqualTo(2);
    assertThat(reader.next()).isFalse();
    assertThat(reader.cut()).isEqualTo(2);
  }

  @Test
  void bytesThatAreNoTextAreCounted() throws IOException {
    LineReader reader =
        new LineReader(
            new ByteArrayInputStream(
                new byte[] {
                  'o',
                  'k',
                  '\n',
                  'a',
                  0,
                  '\n',
                  (byte) 0xFF,
                  '\n',
                  (byte) 0xC3,
                  (byte) 0xBC,
                  '\n',
                  (byte) 0xE2,
                  (byte) 0x82,
                  '\n',
                  '\t',
                  'z',
                  '\n'
                }));
    while (reader.next()) {
      assertThat(reader.number()).isLessThanOrEqualTo(6);
    }
    assertThat(reader.number()).isEqualTo(6);
    assertThat(reader.damaged()).isEqualTo(3);
  }

  /** However the bytes arrive, the lines are the same. */
  @Test
  void smallReadsGiveTheSameLines() throws IOException {
    String log = "first line\nsecond\r\n\nfourth \u00fc\nend";
    byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
    for (int piece = 1; piece < 8; piece++) {
      assertThat(lines(new Dripping(bytes, piece)))
          .as("%d bytes at a time", piece)
          .containsExactlyElementsOf(lines(log));
    }
  }

  private static List<String> lines(String log) throws IOException {
    return lines(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> lines(InputStream in) throws IOException {
    LineReader reader = new LineReader(in);
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add(
          reader.number()
              + ":"
              + new String(
                  reader.bytes(),
                  reader.from(),
                  reader.to() - reader.from(),
                  StandardCharsets.UTF_8));
    }
    return lines;
  }

  private static final class Dripping extends InputStream {
    private final ByteArrayInputStream bytes;
    private final int piece;

    Dripping(byte[] bytes, int piece) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.piece = piece;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int from, int length) {
      return bytes.read(target, from, Math.min(piece, length));
    }
  }
}
