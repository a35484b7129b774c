package dev.heal.dsl.policy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a service takes its requests from: a stream of Redis, read by a consumer group.
 *
 * @param stream the key of the stream
 * @param consumers what the service's processes call themselves in the group, and nobody else; a
 *     {@code *} stands for anything
 * @param crashes how many crashes a request may be in flight at, the last of them included, before
 *     it is taken for what causes them; 1..1000
 * @param deadAfter a consumer that was not seen for so long is dead, where nobody can look at its
 *     process
 */
public record Queue(
    Server server,
    String stream,
    String group,
    List<String> consumers,
    int crashes,
    Redelivery redelivery,
    Duration deadAfter) {
  public Queue {
    Objects.requireNonNull(server);
    consumers = List.copyOf(consumers);
    if (stream.isEmpty() || group.isEmpty() || consumers.isEmpty() || crashes < 1) {
      throw new IllegalArgumentException("no queue: " + stream + " " + group + " " + consumers);
    }
  }

  /** The stream for what is not handed back any more: {@code NAME.dead}. */
  public String deadLetters() {
    return stream + ".dead";
  }

  /**
   * A Redis.
   *
   * @param database 0 and up
   * @param user of its ACL; empty: the default one
   * @param passwordFile a file that holds the password, and nothing else
   */
  public record Server(
      String host,
      int port,
      boolean tls,
      int database,
      Optional<String> user,
      Optional<String> passwordFile) {
    public Server {
      if (host.isEmpty() || port < 1 || port > 65_535 || database < 0) {
        throw new IllegalArgumentException("no address: " + host + ":" + port + "/" + database);
      }
    }

    /** As an operator reads it, without secrets: {@code redis://127.0.0.1:6379}. */
    @Override
    public String toString() {
      return (tls ? "rediss" : "redis") + "://" + host + ":" + port;
    }
  }

  /** How a request that a dead consumer had is handed back. */
  public enum Redelivery {
    /** Added once more at the end of the stream, under a new id: whoever reads next gets it. */
    ANEW,
    /** It keeps its id and stays pending, for consumers that read or claim what is pending. */
    PENDING
  }
}
