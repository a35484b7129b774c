package dev.heal.engine.parts;

import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntry;

/**
 * A worker that answers requests of a stream, and that SIGKILL ends when it meets the prompt {@code
 * poison}: with several requests in its hands, of which it has answered some. An answer and its
 * acknowledgement are one transaction.
 */
public final class CrashingConsumer {
  private static final int BATCH = 3;

  private CrashingConsumer() {}

  /**
   * Works until it is killed.
   *
   * @param args port, stream, group, consumer; then, perhaps, {@code pending}: it first takes up
   *     what is pending under its name
   */
  public static void main(String[] args) throws InterruptedException {
    String stream = args[1];
    String group = args[2];
    String consumer = args[3];
    try (Jedis redis = new Jedis("127.0.0.1", Integer.parseInt(args[0]), 60_000)) {
      if (args.length > 4) {
        work(redis, stream, group, read(redis, stream, group, consumer, new StreamEntryID("0-0")));
      }
      while (true) {
        work(
            redis,
            stream,
            group,
            read(redis, stream, group, consumer, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
      }
    }
  }

  private static List<StreamEntry> read(
      Jedis redis, String stream, String group, String consumer, StreamEntryID from) {
    List<Map.Entry<String, List<StreamEntry>>> read =
        redis.xreadGroup(
            group,
            consumer,
            XReadGroupParams.xReadGroupParams().count(BATCH).block(500),
            Map.of(stream, from));
    return read == null || read.isEmpty() ? List.of() : read.get(0).getValue();
  }

  private static void work(Jedis redis, String stream, String group, List<StreamEntry> entries)
      throws InterruptedException {
    for (StreamEntry entry : entries) {
      String prompt = entry.getFields().get("prompt");
      if ("poison".equals(prompt)) {
        kill();
      }
      Transaction answer = redis.multi();
      answer.hincrBy("answers", prompt, 1);
      answer.xack(stream, group, entry.getID());
      answer.exec();
    }
  }

  /** As the kernel would: nothing of this process gets a chance to tidy up. */
  private static void kill() throws InterruptedException {
    try {
      Process unused =
          new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Thread.sleep(60_000);
  }
}
