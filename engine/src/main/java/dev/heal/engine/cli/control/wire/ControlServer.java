package dev.heal.engine.cli.control.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * The engine's end. Only the engine's own user and root are heard: the socket is of mode 0600, and
 * each caller is asked for who it is. A caller that is slow, says too much or stays silent is let
 * go; it never holds the engine up.
 */
public final class ControlServer implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int THREADS = 4;
  private static final int MOST_WAITING = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String ROOT = "root";

  /** Answers. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers a request; may take its time, within limits of its own.
     *
     * @param by the user who asks
     */
    Reply answer(Request request, String by) throws InterruptedException;
  }

  private final Path path;
  private final String owner;
  private final ServerSocketChannel server;
  private final Handler handler;
  private final Consumer<String> troubles;
  private final ThreadPoolExecutor pool;
  private final Thread acceptor;

  private ControlServer(
      Path path,
      String owner,
      ServerSocketChannel server,
      Handler handler,
      Consumer<String> troubles) {
    this.path = path;
    this.owner = owner;
    this.server = server;
    this.handler = handler;
    this.troubles = troubles;
    this.pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            work -> daemon(work, "heal control"));
    pool.allowCoreThreadTimeOut(true);
    this.acceptor = daemon(this::accept, "heal control door");
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Listens in a state folder that nobody else has: a socket that is there was left by an engine
   * that is gone, and is replaced.
   *
   * @param troubles is told what goes wrong with the socket itself
   * @throws ControlException where there can be no socket
   */
  public static ControlServer open(Path state, Handler handler, Consumer<String> troubles)
      throws ControlException {
    Path path = ControlSocket.of(state);
    try {
      removeOld(path);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      boolean opened = false;
      try {
        server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        String owner =
            Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .owner()
                .getName();
        ControlServer made = new ControlServer(path, owner, server, handler, troubles);
        made.acceptor.start();
        opened = true;
        return made;
      } finally {
        if (!opened) {
          server.close();
        }
      }
    } catch (ControlException asIs) {
      throw asIs;
    } catch (IOException failed) {
      throw new ControlException(
          "no socket can be made at `%s`: %s".formatted(path, reason(failed)),
          "the --state folder must be on a local file system that this user may write",
          failed);
    }
  }

  private static String reason(IOException failed) {
    String text =
        failed instanceof FileSystemException file ? file.getReason() : failed.getMessage();
    return text == null ? failed.getClass().getSimpleName() : text;
  }

  private static void removeOld(Path path) throws IOException {
    try {
      PosixFileAttributes there =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!there.isOther()) {
        throw new ControlException(
            "`%s` is there already, and is no socket".formatted(path),
            "move it away: the engine listens there");
      }
      Files.delete(path);
    } catch (NoSuchFileException asUsual) {
      // the engine before ended in order, or there was none
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel caller = server.accept();
        hand(caller);
      } catch (ClosedChannelException over) {
        return;
      } catch (IOException failed) {
        troubles.accept("a caller could not be heard: " + failed.getMessage());
      }
    }
  }

  private void hand(SocketChannel caller) throws IOException {
    try {
      pool.execute(() -> serve(caller));
    } catch (RejectedExecutionException busy) {
      caller.close();
    }
  }

  private void serve(SocketChannel caller) {
    try (LineChannel channel = new LineChannel(caller)) {
      UnixDomainPrincipal peer = caller.getOption(ExtendedSocketOptions.SO_PEERCRED);
      Reply reply = reply(channel, peer.user().getName());
      channel.writeLine(Messages.line(reply), PATIENCE);
    } catch (EOFException | LineChannel.TooSlow gone) {
      // it has let go, or never meant to ask
    } catch (IOException failed) {
      troubles.accept("a caller was lost: " + failed.getMessage());
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private Reply reply(LineChannel channel, String user) throws IOException, InterruptedException {
    if (!user.equals(owner) && !user.equals(ROOT)) {
      return Reply.failed("the engine hears `%s` and root, not `%s`".formatted(owner, user));
    }
    try {
      Request request =
          Messages.request(channel.readLine(ControlSocket.MOST_REQUEST_BYTES, PATIENCE));
      boolean forSomebody = user.equals(ROOT) && !request.claimed().isBlank();
      return handler.answer(request, forSomebody ? request.claimed() + " (root)" : user);
    } catch (LineChannel.TooLong tooLong) {
      return Reply.failed(
          "the request has more than %d bytes".formatted(ControlSocket.MOST_REQUEST_BYTES));
    } catch (Messages.Unreadable unreadable) {
      return Reply.failed("the request cannot be read: " + unreadable.text());
    }
  }

  /** Hears nobody any more, and takes the socket away. */
  @Override
  public void close() throws IOException {
    server.close();
    pool.shutdownNow();
    Files.deleteIfExists(path);
  }
}
