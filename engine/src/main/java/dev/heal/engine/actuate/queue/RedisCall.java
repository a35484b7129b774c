package dev.heal.engine.actuate.queue;

import dev.heal.dsl.policy.Queue;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One call of a Redis, on a connection of its own. A call whose answer is lost is made once more:
 * only what may be said twice is called here.
 */
final class RedisCall {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int ANSWER_MILLIS = 5_000;

  private final Queue.Server server;

  private RedisCall(Queue.Server server) {
    this.server = server;
  }

  static RedisCall to(Queue.Server server) {
    return new RedisCall(server);
  }

  /**
   * What came back.
   *
   * @param failure why nothing did
   * @param error what Redis said against it
   */
  record Answer(Optional<Outcome> failure, Optional<String> error, List<Object> list) {
    Outcome outcome(Function<List<Object>, Outcome> answered, Function<String, Outcome> refused) {
      return failure.orElseGet(() -> error.map(refused).orElseGet(() -> answered.apply(list)));
    }
  }

  Answer eval(String script, List<String> keys, List<String> arguments)
      throws InterruptedException {
    List<String> words = new ArrayList<>(List.of(script, Integer.toString(keys.size())));
    words.addAll(keys);
    words.addAll(arguments);
    Answer answer = command("EVAL", words);
    return answer.error().isPresent()
        ? new Answer(Optional.of(refused(answer.error().get())), Optional.empty(), List.of())
        : answer;
  }

  Answer command(String name, List<String> words) throws InterruptedException {
    boolean lost = false;
    for (int attempt = 0; attempt < 2; attempt++) {
      if (Thread.interrupted()) {
        throw new InterruptedException("before Redis was asked");
      }
      try (Connection connection = connected()) {
        lost = true;
        CommandArguments arguments =
            new CommandArguments(Protocol.Command.valueOf(name.toUpperCase(Locale.ROOT)));
        words.forEach(arguments::add);
        Object said = connection.executeCommand(arguments);
        return new Answer(Optional.empty(), Optional.empty(), list(text(said)));
      } catch (JedisAccessControlException notAllowed) {
        return failed(Outcome.Kind.REFUSED, "does not let us in: " + said(notAllowed.getMessage()));
      } catch (JedisDataException error) {
        return new Answer(Optional.empty(), Optional.of(said(error.getMessage())), List.of());
      } catch (JedisConnectionException away) {
        List<Throwable> causes = causes(away);
        Optional<String> unsafe = TlsFailure.of(causes, server.host());
        if (!lost || unsafe.isPresent()) {
          return failed(
              Outcome.Kind.FAILED,
              "cannot be reached, %s: what is pending stays where it is"
                  .formatted(unsafe.orElseGet(() -> why(causes))));
        }
      } catch (NoSuchAlgorithmException noStore) {
        return failed(
            Outcome.Kind.REFUSED,
            "needs TLS, and a store named by javax.net.ssl.trustStore or keyStore in"
                + " HEAL_JAVA_OPTS cannot be read: check its path and its password");
      } catch (IOException noPassword) {
        return failed(
            Outcome.Kind.REFUSED,
            "its password cannot be read from `%s`".formatted(server.passwordFile().orElse("")));
      }
    }
    return failed(
        Outcome.Kind.UNKNOWN,
        "was asked twice and has not answered: what is pending is where it was, or handed back");
  }

  private Answer failed(Outcome.Kind kind, String why) {
    return new Answer(
        Optional.of(new Outcome(kind, "%s %s".formatted(server, why))),
        Optional.empty(),
        List.of());
  }

  /** Redis names by its first word what is a matter of now, and what is one of the site. */
  private Outcome refused(String error) {
    boolean later =
        List.of("LOADING", "BUSY", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "OOM", "MISCONF")
            .contains(error.replaceFirst("[ :].*", ""));
    return new Outcome(
        later ? Outcome.Kind.FAILED : Outcome.Kind.REFUSED, "%s: %s".formatted(server, error));
  }

  private Connection connected() throws IOException, NoSuchAlgorithmException {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(CONNECT_MILLIS)
            .socketTimeoutMillis(ANSWER_MILLIS)
            .database(server.database())
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    server.user().ifPresent(config::user);
    if (server.passwordFile().isPresent()) {
      config.password(Files.readString(Path.of(server.passwordFile().get())).strip());
    }
    JedisClientConfig built = config.build();
    DefaultJedisSocketFactory sockets =
        new DefaultJedisSocketFactory(new HostAndPort(server.host(), server.port()), built);
    Optional<SSLContext> tls =
        server.tls() ? Optional.of(SSLContext.getDefault()) : Optional.empty(); // the JVM's stores
    Connection connection =
        new Connection(
            () -> {
              Socket socket = sockets.createSocket();
              return tls.isPresent() ? safe(socket, tls.get()) : socket;
            },
            built);
    try {
      connection.connect();
      greet(connection);
      return connection;
    } catch (JedisException notGreeted) {
      connection.close();
      throw notGreeted;
    }
  }

  /**
   * Hears one word of it before anything is asked that counts: whoever wants a certificate, or TLS,
   * may say so only by hanging up on the first word.
   */
  private static void greet(Connection connection) {
    try {
      boolean unused = connection.ping();
    } catch (JedisDataException answered) {
      return; // not allowed, or not yet: the command will be told the same
    }
  }

  /** No TLS came about: nothing was said yet. */
  private static final class NoHandshake extends IOException {
    private static final long serialVersionUID = 1;

    NoHandshake(IOException cause) {
      super(cause);
    }
  }

  /**
   * TLS with the host that the site names, and no other. Hands are shaken at once: what fails later
   * may have been carried out.
   */
  private Socket safe(Socket plain, SSLContext stores) {
    try {
      SSLSocket socket =
          (SSLSocket)
              stores.getSocketFactory().createSocket(plain, server.host(), server.port(), true);
      SSLParameters named = socket.getSSLParameters();
      named.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(named);
      socket.startHandshake();
      return socket;
    } catch (IOException failed) {
      throw new JedisConnectionException(closed(plain, failed));
    }
  }

  private static NoHandshake closed(Socket socket, IOException failed) {
    try {
      socket.close();
    } catch (IOException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
    return new NoHandshake(failed);
  }

  /** The client hangs what went wrong onto its own exception, as a cause or beside it. */
  private static List<Throwable> causes(Throwable away) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable beside : away.getSuppressed()) {
      causes.add(beside);
      causes.addAll(causes(beside));
    }
    if (away.getCause() != null) {
      causes.add(away.getCause());
      causes.addAll(causes(away.getCause()));
    }
    return causes;
  }

  private String why(List<Throwable> causes) {
    for (Throwable cause : causes) {
      if (cause instanceof UnknownHostException) {
        return "its name cannot be resolved";
      }
      if (cause instanceof NoHandshake && !(cause.getCause() instanceof SSLException)) {
        return "it does not answer to TLS there";
      }
      if (cause instanceof SocketTimeoutException) {
        return "it does not answer";
      }
      if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
        return "nobody listens there";
      }
      if (cause instanceof SSLException) {
        return "TLS fails: " + said(cause.getMessage());
      }
    }
    return "it hangs up on the first word, "
        + (server.tls()
            ? "perhaps it wants a certificate of heal's own, from the store named by"
                + " javax.net.ssl.keyStore in HEAL_JAVA_OPTS"
            : "perhaps it takes TLS alone: `rediss://`");
  }

  private static String said(@org.jspecify.annotations.Nullable String message) {
    return String.valueOf(message).replaceAll("\\s+", " ").strip();
  }

  private static List<Object> list(Object said) {
    return said instanceof List<?> list ? List.<Object>copyOf(list) : List.of(said);
  }

  private static Object text(Object said) {
    if (said instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (said instanceof List<?> list) {
      List<Object> texts = new ArrayList<>();
      for (Object each : list) {
        texts.add(each == null ? "" : text(each));
      }
      return texts;
    }
    return said;
  }
}
