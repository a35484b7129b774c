package dev.heal.engine.parts;

import dev.heal.nvml.fake.FakeMachine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis of the test's own, on a port of its own, that keeps what it has over a restart. */
public final class RealRedis implements AutoCloseable {
  private final Path folder;
  private final int port = Part.freePort();
  private Process process;

  private RealRedis(Path folder) {
    this.folder = folder;
    this.process = launch();
  }

  /** Starts it, or skips the test. */
  public static RealRedis start(Path folder) {
    Part.need("a real Redis", "redis-server", false, "/usr/bin/redis-server");
    return new RealRedis(folder);
  }

  private Process launch() {
    Process started =
        Part.start(
            folder.resolve("redis.log"),
            Map.of(),
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

  /** As a site names a queue of it. */
  public String url(String stream, String group) {
    return "redis://127.0.0.1:%d/%s?group=%s".formatted(port, stream, group);
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
