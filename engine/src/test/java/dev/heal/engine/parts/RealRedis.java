package dev.heal.engine.parts;

import dev.heal.nvml.fake.FakeMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis of the test's own, on a port of its own, that keeps what it has over a restart. */
public final class RealRedis implements AutoCloseable {
  private final Path folder;
  private final int port = Part.freePort();
  private final int tlsPort = Part.freePort();
  private final List<String> more;
  private Process process;

  private RealRedis(Path folder, List<String> more) {
    this.folder = folder;
    this.more = more;
    this.process = launch();
  }

  /** Starts it, or skips the test. */
  public static RealRedis start(Path folder) {
    Part.need("a real Redis", "redis-server", false, "/usr/bin/redis-server");
    return new RealRedis(folder, List.of());
  }

  /**
   * Starts one that speaks TLS, too, at a port of its own; or skips the test.
   *
   * @param certificate what it shows, of {@code certificates}
   * @param asksClients whether it wants to see a certificate of who connects
   */
  public static RealRedis start(
      Path folder, RealCertificates certificates, String certificate, boolean asksClients) {
    Part.need("a real Redis", "redis-server", false, "/usr/bin/redis-server");
    return new RealRedis(
        folder,
        List.of(
            "--tls-cert-file",
            certificates.certificate(certificate).toString(),
            "--tls-key-file",
            certificates.key(certificate).toString(),
            "--tls-ca-cert-file",
            certificates.authority().toString(),
            "--tls-auth-clients",
            asksClients ? "yes" : "no"));
  }

  private Process launch() {
    List<String> argv =
        new ArrayList<>(
            List.of(
                "/usr/bin/redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "always"));
    if (!more.isEmpty()) {
      argv.addAll(List.of("--tls-port", Integer.toString(tlsPort)));
      argv.addAll(more);
    }
    Process started = Part.start(folder.resolve("redis.log"), Map.of(), argv);
    FakeMachine.await(this::answers);
    return started;
  }

  private boolean answers() {
    try (Jedis redis = client()) {
      return redis.ping().equals("PONG");
    } catch (JedisException notYet) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  /** Where it speaks TLS, if it does. */
  public int tlsPort() {
    return tlsPort;
  }

  /** As a site names a queue of it. */
  public String url(String stream, String group) {
    return "redis://127.0.0.1:%d/%s?group=%s".formatted(port, stream, group);
  }

  /** As a site names a queue of it, over TLS. */
  public String safeUrl(String stream, String group) {
    return "rediss://localhost:%d/%s?group=%s".formatted(tlsPort, stream, group);
  }

  /** A connection; to be closed by whoever asked for it. */
  public Jedis client() {
    return new Jedis("127.0.0.1", port, 10_000);
  }

  /** Ends it; nobody listens at the port any more. */
  public void stop() {
    Part.end(process);
  }

  /** Starts it again, with what it had. */
  public void startAgain() {
    process = launch();
  }

  @Override
  public void close() {
    stop();
  }
}
