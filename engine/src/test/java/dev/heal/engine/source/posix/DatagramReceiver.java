package dev.heal.engine.source.posix;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Receives datagrams on a unix socket, as systemd does. */
public final class DatagramReceiver implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int MOST_BYTES = 4_096;

  /** What only a receiver needs of the C library. */
  interface Receiving extends Library {
    int bind(int descriptor, Pointer address, int length);
  }

  private static final Receiving RECEIVING = Native.load(null, Receiving.class);

  private final int descriptor;

  /** Listens at a path, or a name of the abstract namespace behind {@code @}. */
  public DatagramReceiver(String address) throws IOException {
    descriptor = Posix.LIBC.socket(AF_UNIX, SOCK_DGRAM, 0);
    byte[] name = address.getBytes(StandardCharsets.UTF_8);
    try (Memory at = new Memory(2 + 108)) {
      at.clear();
      at.setShort(0, (short) AF_UNIX);
      if (name[0] == '@') {
        name[0] = 0;
      }
      at.write(2, name, 0, name.length);
      if (RECEIVING.bind(descriptor, at, 2 + name.length) != 0) {
        throw new IOException("no socket at " + address);
      }
    }
  }

  /** The next; empty where none comes in time. */
  public Optional<String> next(int milliseconds) throws IOException {
    if (!Posix.poll(new int[] {descriptor}, milliseconds)[0]) {
      return Optional.empty();
    }
    byte[] bytes = new byte[MOST_BYTES];
    int count = Posix.read(descriptor, bytes);
    return Optional.of(new String(bytes, 0, count, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    Posix.close(descriptor);
  }
}
