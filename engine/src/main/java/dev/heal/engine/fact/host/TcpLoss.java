package dev.heal.engine.fact.host;

import dev.heal.engine.source.host.HostFiles.Segments;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * {@code net.loss} of a host: the share of its TCP segments that were sent again, over the last ten
 * looks. Nothing is said where it has sent fewer than 100, for then nobody can tell. For one
 * thread.
 */
public final class TcpLoss {
  private static final int LOOKS = 10;
  private static final long LEAST = 100;

  private final Deque<Segments> looks = new ArrayDeque<>();

  /** One more look. */
  public Optional<Double> share(Segments now) {
    Segments before = looks.isEmpty() ? now : looks.getFirst();
    if (now.sent() < before.sent() || now.sentAgain() < before.sentAgain()) {
      looks.clear(); // the counters began anew
      before = now;
    }
    looks.addLast(now);
    if (looks.size() > LOOKS) {
      looks.removeFirst();
    }
    long again = now.sentAgain() - before.sentAgain();
    long sent = now.sent() - before.sent() + again; // the kernel counts them apart
    return sent < LEAST ? Optional.empty() : Optional.of((double) again / sent);
  }
}
