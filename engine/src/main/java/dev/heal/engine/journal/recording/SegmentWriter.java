package dev.heal.engine.journal.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/** One segment that is being written. */
final class SegmentWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** A third of the work of the usual level, a tenth more of the space. */
  private static final int LEVEL = 3;

  /** With whole blocks at each flush, so that what was flushed can be read. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES, true);
      def.setLevel(LEVEL);
    }
  }

  private final FileChannel channel;
  private final Writer lines;

  SegmentWriter(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lines =
        new OutputStreamWriter(new Gzip(Channels.newOutputStream(channel)), StandardCharsets.UTF_8);
  }

  Writer lines() {
    return lines;
  }

  /** To the operating system: it outlives the process. */
  void flush() throws IOException {
    lines.flush();
  }

  /** To the disk: it outlives the machine. */
  void sync() throws IOException {
    lines.flush();
    channel.force(false);
  }

  /** Compressed bytes that were flushed. */
  long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    try {
      lines.close();
    } finally {
      channel.close();
    }
  }
}
