package dev.heal.engine.cli.control.wire;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the socket is, and what a message may be. */
public final class ControlSocket {
  /** The edition of the protocol; a client and an engine of different ones say so. */
  public static final int VERSION = 1;

  /** Its name in the state folder. */
  public static final String NAME = "heal.sock";

  static final int MOST_REQUEST_BYTES = 64 << 10;
  static final int MOST_REPLY_BYTES = 64 << 20;

  /** What an address of the operating system holds. */
  private static final int MOST_PATH_BYTES = 107;

  private ControlSocket() {}

  /**
   * The socket of a state folder.
   *
   * @throws ControlException where its path is longer than an address can be
   */
  public static Path of(Path state) throws ControlException {
    Path path = state.resolve(NAME);
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_PATH_BYTES) {
      throw new ControlException(
          "the path of the socket, `%s`, has %d bytes, and no more than %d are possible"
              .formatted(path, bytes, MOST_PATH_BYTES),
          "give a shorter --state folder, or a relative one");
    }
    return path;
  }
}
