package dev.heal.engine.source.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;

/** Datagrams to unix sockets, which the Java platform has none of. */
public final class UnixDatagram {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int FAMILY_BYTES = 2;
  private static final int MOST_PATH_BYTES = 107;
  private static final char ABSTRACT = '@';

  private UnixDatagram() {}

  /**
   * Sends one datagram; never waits for the receiver.
   *
   * @param address a path, or a name of the abstract namespace behind {@code @}
   * @throws PosixException where nobody receives there, or too much waits there already
   */
  public static void send(String address, byte[] payload) throws PosixException {
    byte[] name = address.getBytes(StandardCharsets.UTF_8);
    if (name.length == 0 || name.length > MOST_PATH_BYTES) {
      throw new IllegalArgumentException("no address of a unix socket: `" + address + "`");
    }
    int descriptor = Posix.LIBC.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
    if (descriptor < 0) {
      throw Posix.failure("socket", Native.getLastError());
    }
    try (Memory to = new Memory(FAMILY_BYTES + MOST_PATH_BYTES + 1)) {
      to.clear();
      to.setShort(0, (short) AF_UNIX);
      boolean isAbstract = address.charAt(0) == ABSTRACT;
      if (isAbstract) {
        name[0] = 0;
      }
      to.write(FAMILY_BYTES, name, 0, name.length);
      // the name of an abstract socket ends with the address, a path with a zero
      int length = FAMILY_BYTES + name.length + (isAbstract ? 0 : 1);
      long sent =
          Posix.LIBC.sendto(
              descriptor, payload, payload.length, MSG_NOSIGNAL | MSG_DONTWAIT, to, length);
      if (sent < 0) {
        throw Posix.failure("sendto", Native.getLastError());
      }
    } finally {
      Posix.close(descriptor);
    }
  }
}
