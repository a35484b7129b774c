package dev.heal.engine.source.probe;

import dev.heal.engine.source.child.ChildSpec;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** What is asked. */
public sealed interface Check {
  /** Handles every kind. */
  <R> R match(
      Function<Http, R> http,
      Function<Tcp, R> tcp,
      Function<Command, R> command,
      Function<Scrape, R> scrape,
      Function<RoundTrip, R> roundTrip);

  /** GET; healthy with a status of 200 to 399. Redirections are not followed. */
  record Http(URI uri) implements Check {
    public Http {
      web(uri);
    }

    @Override
    public <R> R match(
        Function<Http, R> http,
        Function<Tcp, R> tcp,
        Function<Command, R> command,
        Function<Scrape, R> scrape,
        Function<RoundTrip, R> roundTrip) {
      return http.apply(this);
    }
  }

  /** Healthy where a connection is accepted. */
  record Tcp(String host, int port) implements Check {
    public Tcp {
      if (host.isEmpty() || port < 1 || port > 65535) {
        throw new IllegalArgumentException("`" + host + "` port " + port);
      }
    }

    @Override
    public <R> R match(
        Function<Http, R> http,
        Function<Tcp, R> tcp,
        Function<Command, R> command,
        Function<Scrape, R> scrape,
        Function<RoundTrip, R> roundTrip) {
      return tcp.apply(this);
    }
  }

  /** Healthy where it exits with 0. After the time-out its process group is killed. */
  record Command(ChildSpec run) implements Check {
    public Command {
      Objects.requireNonNull(run);
    }

    @Override
    public <R> R match(
        Function<Http, R> http,
        Function<Tcp, R> tcp,
        Function<Command, R> command,
        Function<Scrape, R> scrape,
        Function<RoundTrip, R> roundTrip) {
      return command.apply(this);
    }
  }

  /**
   * GET of metrics in the text format of Prometheus.
   *
   * @param names of the metrics in use, as {@link MetricSample#plain} writes them; all others are
   *     skipped as they are read
   */
  record Scrape(URI uri, Set<String> names) implements Check {
    public Scrape {
      web(uri);
      names = Set.copyOf(names);
    }

    @Override
    public <R> R match(
        Function<Http, R> http,
        Function<Tcp, R> tcp,
        Function<Command, R> command,
        Function<Scrape, R> scrape,
        Function<RoundTrip, R> roundTrip) {
      return scrape.apply(this);
    }
  }

  /**
   * How long the network takes to a host and back: the time in which a connection is made. That is
   * one packet there and one back, by the kernels of both, and needs no privilege, as the echo of
   * ICMP does. A port that refuses has answered, too. The name of the host is resolved before.
   *
   * <p>Where the first packet is lost, the kernel sends it again after a second: then it took that
   * much longer, as it does for whoever else connects.
   */
  record RoundTrip(String host, int port) implements Check {
    public RoundTrip {
      if (host.isEmpty() || port < 1 || port > 65535) {
        throw new IllegalArgumentException("`" + host + "` port " + port);
      }
    }

    @Override
    public <R> R match(
        Function<Http, R> http,
        Function<Tcp, R> tcp,
        Function<Command, R> command,
        Function<Scrape, R> scrape,
        Function<RoundTrip, R> roundTrip) {
      return roundTrip.apply(this);
    }
  }

  private static void web(URI uri) {
    if (uri.getHost() == null
        || !("http".equalsIgnoreCase(uri.getScheme())
            || "https".equalsIgnoreCase(uri.getScheme()))) {
      throw new IllegalArgumentException("`" + uri + "` is no address of a web server");
    }
  }
}
