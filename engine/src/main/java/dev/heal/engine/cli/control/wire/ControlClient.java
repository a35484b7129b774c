package dev.heal.engine.cli.control.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;

/** The command's end. */
public final class ControlClient {
  /** Longer than the engine takes for its answer at most. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private ControlClient() {}

  /**
   * Asks the engine that runs on a state folder.
   *
   * @throws ControlException where none runs there, it may not be asked or does not answer
   */
  public static Reply ask(Path state, Request request) throws ControlException {
    return ask(state, request, PATIENCE);
  }

  /**
   * As above, of what may take its time.
   *
   * @param patience with the engine
   */
  public static Reply ask(Path state, Request request, Duration patience) throws ControlException {
    Path path = ControlSocket.of(state);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      connect(channel, state, path);
      try (LineChannel lines = new LineChannel(channel)) {
        lines.writeLine(Messages.line(request), PATIENCE);
        return Messages.reply(lines.readLine(ControlSocket.MOST_REPLY_BYTES, patience));
      }
    } catch (ControlException asIs) {
      throw asIs;
    } catch (LineChannel.TooSlow hangs) {
      throw new ControlException(
          "the engine on `%s` does not answer within %d s".formatted(state, patience.toSeconds()),
          "look at its log, and whether its disk still writes");
    } catch (EOFException busy) {
      throw new ControlException(
          "the engine on `%s` broke off without an answer".formatted(state),
          "it may be ending, or have too many callers: try again");
    } catch (Messages.Unreadable unreadable) {
      throw new ControlException(
          "the answer of the engine cannot be read: " + unreadable.text(),
          "`heal --version` shows the version of this command");
    } catch (IOException failed) {
      throw new ControlException(
          "the engine on `%s` cannot be asked: %s".formatted(state, failed.getMessage()),
          "`heal status` again tells whether it runs",
          failed);
    }
  }

  private static void connect(SocketChannel channel, Path state, Path path)
      throws ControlException {
    if (!Files.isDirectory(state)) {
      throw Files.exists(state, LinkOption.NOFOLLOW_LINKS)
          ? new ControlException(
              "`%s` is no folder".formatted(state), "give the --state folder of `heal run`")
          : new ControlException(
              "there is no folder `%s`".formatted(state), "give the --state folder of `heal run`");
    }
    if (!Files.isExecutable(state)) {
      throw notAllowed(state);
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw noEngine(state, "");
    }
    if (!Files.isWritable(path)) {
      throw notAllowed(state);
    }
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException refused) {
      throw noEngine(state, ": the last one did not end in order");
    }
  }

  private static ControlException noEngine(Path state, String how) {
    return new ControlException(
        "no engine runs on `%s`%s".formatted(state, how),
        "start it: `heal run --policies DIR --site FILE --state %s`".formatted(state));
  }

  private static ControlException notAllowed(Path state) {
    String owner = "its user";
    try {
      owner = Files.getOwner(state).getName();
    } catch (IOException unknown) {
      // the folder says at least that much: not this user
    }
    return new ControlException(
        "this user may not speak to the engine on `%s`".formatted(state),
        "be the user that it runs as: `sudo -u %s heal …`".formatted(owner));
  }
}
