package dev.heal.engine.actuate.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.Queue;
import dev.heal.dsl.policy.Queue.Redelivery;
import dev.heal.engine.parts.RealRedis;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XAutoClaimParams;
import redis.clients.jedis.params.XClaimParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntry;

/** Requests of consumers that are dead, in a real Redis. */
@Tag("real")
class RequestQueueTest {
  private static final String STREAM = "requests";
  private static final String GROUP = "workers";
  private static final String DEAD = "requests.dead";

  @TempDir private static Path folder;
  private static RealRedis redis;
  private Jedis client = new Jedis();
  private int orders;

  @BeforeAll
  static void start() {
    redis = RealRedis.start(folder);
  }

  @AfterAll
  static void stop() {
    if (redis != null) {
      redis.close();
    }
  }

  @BeforeEach
  void group() {
    client = redis.client();
    String unused = client.flushAll();
    unused = client.xgroupCreate(STREAM, GROUP, new StreamEntryID("0-0"), true);
  }

  private RequestQueue queue(Redelivery redelivery, String... consumers) {
    return queue(redis.port(), Optional.empty(), redelivery, consumers);
  }

  private static RequestQueue queue(
      int port, Optional<String> password, Redelivery redelivery, String... consumers) {
    return new RequestQueue(
        new Queue(
            new Queue.Server("127.0.0.1", port, false, 0, Optional.empty(), password),
            STREAM,
            GROUP,
            List.of(consumers),
            2,
            redelivery,
            Duration.ofMinutes(1)));
  }

  private TakeBack order(TakeBack.Dead dead, boolean crash, boolean skip) {
    return new TakeBack("r1-" + ++orders, "it dies of it", "7: crashed", dead, crash, skip);
  }

  private TakeBack crash() {
    return order(TakeBack.Dead.ALL, true, true);
  }

  private String add(String prompt) {
    return client.xadd(STREAM, Map.of("prompt", prompt), XAddParams.xAddParams()).toString();
  }

  /** What a consumer reads now, in the order of the stream. */
  private List<String> read(String consumer) {
    List<String> prompts = new ArrayList<>();
    List<Map.Entry<String, List<StreamEntry>>> read =
        client.xreadGroup(
            GROUP,
            consumer,
            XReadGroupParams.xReadGroupParams().count(1000),
            Map.of(STREAM, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
    if (read != null) {
      read.forEach(s -> s.getValue().forEach(e -> prompts.add(e.getFields().get("prompt"))));
    }
    return prompts;
  }

  private List<Map<String, String>> dead() {
    return client.xrange(DEAD, "-", "+").stream().map(StreamEntry::getFields).toList();
  }

  private long pending() {
    return client.xpending(STREAM, GROUP).getTotal();
  }

  @Test
  void whatADeadConsumerHadGoesToWhoeverReadsNext() throws InterruptedException {
    add("a");
    add("b");
    assertThat(read("llm-1")).containsExactly("a", "b");
    add("c");
    assertThat(read("other-1")).containsExactly("c");

    assertThat(queue(Redelivery.ANEW, "llm-*").takeBack(crash()))
        .isEqualTo(new Outcome(Kind.DONE, "2 requests of `llm-1` handed back"));

    assertThat(read("llm-2")).containsExactly("a", "b");
    assertThat(client.xpending(STREAM, GROUP).getConsumerMessageCount())
        .isEqualTo(Map.of("llm-2", 2L, "other-1", 1L));
    assertThat(dead()).isEmpty();
  }

  @Test
  void aRequestInFlightAtTwoCrashesIsADeadLetter() throws InterruptedException, IOException {
    String first = add("poison");
    RequestQueue queue = queue(Redelivery.ANEW, "llm-*");
    read("llm-1");
    assertThat(queue.takeBack(crash()).because()).isEqualTo("1 request of `llm-1` handed back");
    redis.stop(); // the count is where the request is
    redis.startAgain();
    client = redis.client();
    add("good");
    assertThat(read("llm-2")).containsExactly("poison", "good");

    assertThat(queue(Redelivery.ANEW, "llm-*").takeBack(crash()).because())
        .isEqualTo(
            "1 request of `llm-2` handed back; 1 request in flight at 2 crashes put into"
                + " `requests.dead`: `"
                + first
                + "`");

    assertThat(read("llm-3")).containsExactly("good");
    assertThat(dead())
        .containsExactly(
            Map.of(
                "heal.id", first,
                "heal.reason", "it dies of it",
                "heal.incident", "7: crashed",
                "heal.crashes", "2",
                "heal.deliveries", "1",
                "heal.consumer", "llm-2",
                "heal.group", "workers",
                "heal.order", "r1-2",
                "prompt", "poison"));
    assertThat(pending()).isEqualTo(1);
  }

  @Test
  void anOrderThatIsRepeatedChangesNothing() throws InterruptedException {
    add("a");
    read("llm");
    RequestQueue queue = queue(Redelivery.ANEW, "llm");
    TakeBack order = crash();
    Outcome first = queue.takeBack(order);
    assertThat(read("llm")).as("by now a live process of that name has it").containsExactly("a");

    assertThat(queue.takeBack(order)).isEqualTo(first);

    assertThat(read("llm")).isEmpty();
    assertThat(pending()).isEqualTo(1);
    assertThat(dead()).isEmpty();
  }

  @Test
  void aPlannedRestartIsNoCrash() throws InterruptedException {
    add("a");
    RequestQueue queue = queue(Redelivery.ANEW, "llm");
    for (int i = 0; i < 3; i++) {
      assertThat(read("llm")).containsExactly("a");
      assertThat(queue.takeBack(order(TakeBack.Dead.ALL, false, true)).because())
          .isEqualTo("1 request of `llm` handed back");
    }
    assertThat(dead()).isEmpty();
  }

  @Test
  void withoutSkipPoisonItIsCountedAndHandedBack() throws InterruptedException {
    add("a");
    RequestQueue queue = queue(Redelivery.ANEW, "llm");
    for (int i = 0; i < 3; i++) {
      assertThat(read("llm")).containsExactly("a");
      queue.takeBack(order(TakeBack.Dead.ALL, true, false));
    }
    read("llm");

    queue.takeBack(crash());

    assertThat(dead()).extracting(letter -> letter.get("heal.crashes")).containsExactly("4");
  }

  @Test
  void countsOfAnsweredRequestsAreForgotten() throws InterruptedException {
    add("a");
    RequestQueue queue = queue(Redelivery.ANEW, "llm");
    read("llm");
    queue.takeBack(crash());
    assertThat(client.hlen("requests.heal.workers")).isEqualTo(1);
    read("llm");
    client.xack(
        STREAM,
        GROUP,
        client.xrange(STREAM, "-", "+").stream()
            .map(StreamEntry::getID)
            .toArray(StreamEntryID[]::new));

    assertThat(queue.takeBack(crash()).because()).isEqualTo("no request was pending with `llm`");

    assertThat(client.exists("requests.heal.workers")).isFalse();
    assertThat(client.ttl("requests.heal.workers.order.r1-1")).isPositive();
  }

  @Test
  void whatStaysPendingKeepsItsIdAndCanBeClaimedAtOnce() throws InterruptedException {
    String id = add("a");
    read("llm");
    RequestQueue queue = queue(Redelivery.PENDING, "llm");

    assertThat(queue.takeBack(crash()).because()).isEqualTo("1 request of `llm` handed back");

    assertThat(client.xpending(STREAM, GROUP).getConsumerMessageCount())
        .isEqualTo(Map.of("llm", 1L));
    assertThat(
            client
                .xautoclaim(
                    STREAM,
                    GROUP,
                    "other",
                    3_600_000,
                    new StreamEntryID("0-0"),
                    XAutoClaimParams.xAutoClaimParams())
                .getValue())
        .extracting(entry -> entry.getID().toString())
        .containsExactly(id);
    assertThat(queue.takeBack(crash()).because())
        .as("it is another's now")
        .startsWith("no request");
    client.xclaim(STREAM, GROUP, "llm", 0, XClaimParams.xClaimParams(), new StreamEntryID(id));

    queue.takeBack(crash());

    assertThat(dead()).extracting(letter -> letter.get("heal.id")).containsExactly(id);
    assertThat(pending()).isZero();
  }

  @Test
  void aConsumerThatWasJustSeenIsNotDeadWhereNobodyCanLook() throws InterruptedException {
    add("a");
    read("llm");

    assertThat(
            queue(Redelivery.ANEW, "llm")
                .takeBack(order(TakeBack.Dead.NOT_SEEN, true, true))
                .because())
        .isEqualTo("no request was pending with `llm`; left with `llm`, seen less than 60 s ago");
    assertThat(pending()).isEqualTo(1);
  }

  @Test
  void manyRequestsGoInSeveralStepsAndNoneIsLost() throws InterruptedException {
    for (int i = 0; i < 1234; i++) {
      add("p" + i);
    }
    while (!read(client.xinfoConsumers(STREAM, GROUP).isEmpty() ? "llm-a" : "llm-b").isEmpty()) {
      assertThat(pending()).isPositive();
    }

    assertThat(queue(Redelivery.ANEW, "llm-*").takeBack(crash()).because())
        .startsWith("1234 requests of `llm-a`");

    List<String> prompts = new ArrayList<>(read("llm-c"));
    prompts.addAll(read("llm-c"));
    assertThat(prompts).hasSize(1234).doesNotHaveDuplicates();
    assertThat(pending()).isEqualTo(1234);
  }

  @Test
  void whatTheStreamHasTrimmedIsNamed() throws InterruptedException {
    String gone = add("a");
    add("b");
    read("llm");
    client.xtrim(STREAM, 1, false);

    assertThat(queue(Redelivery.ANEW, "llm").takeBack(crash()).because())
        .isEqualTo(
            "1 request of `llm` handed back; 1 request whose content was trimmed from the stream"
                + " put into `requests.dead`");
    assertThat(dead())
        .extracting(letter -> letter.get("heal.id"), letter -> letter.get("heal.reason"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                gone, "its content was trimmed from the stream before it could be handed back"));
  }

  @Test
  void aWrongNameIsSeen() throws InterruptedException {
    add("a");
    read("worker-1");

    assertThat(queue(Redelivery.ANEW, "llm").takeBack(crash()).because())
        .isEqualTo("no request was pending with `llm`; the group has `worker-1`");
    assertThat(queue(Redelivery.ANEW, "worker-[1]").takeBack(crash()).because())
        .as("only `*` is a wildcard")
        .startsWith("no request was pending");
    assertThat(pending()).isEqualTo(1);
  }

  @Test
  void whatCannotBeDoneIsSaidAndNothingIsLost() throws InterruptedException, IOException {
    add("a");
    read("llm");
    RequestQueue queue = queue(Redelivery.ANEW, "llm");
    String server = "redis://127.0.0.1:" + redis.port();
    client.xgroupDestroy(STREAM, "nobody");
    assertThat(queue(redis.port(), Optional.of("/nowhere"), Redelivery.ANEW, "llm").look())
        .isEqualTo(
            new Outcome(Kind.REFUSED, server + " its password cannot be read from `/nowhere`"));
    Path password = Files.writeString(folder.resolve("password"), "wrong\n");
    assertThat(
            queue(redis.port(), Optional.of(password.toString()), Redelivery.ANEW, "llm")
                .look()
                .kind())
        .isEqualTo(Kind.REFUSED);

    redis.stop();
    try {
      assertThat(queue.takeBack(crash()))
          .isEqualTo(
              new Outcome(
                  Kind.FAILED,
                  server
                      + " cannot be reached, nobody listens there:"
                      + " what is pending stays where it is"));
      assertThat(queue.look().kind()).isEqualTo(Kind.FAILED);
    } finally {
      redis.startAgain();
      client = redis.client();
    }

    assertThat(queue.takeBack(crash()).because()).isEqualTo("1 request of `llm` handed back");
    assertThat(read("llm")).containsExactly("a");
    client.del(STREAM);
    assertThat(queue.takeBack(crash()))
        .isEqualTo(new Outcome(Kind.REFUSED, server + ": there is no stream `requests`"));
    client.set(STREAM, "text");
    assertThat(queue.look())
        .isEqualTo(new Outcome(Kind.REFUSED, server + ": `requests` is no stream"));
    client.del(STREAM);
    client.xadd(STREAM, Map.of("prompt", "a"), XAddParams.xAddParams());
    assertThat(queue.look())
        .isEqualTo(
            new Outcome(Kind.REFUSED, server + ": stream `requests` has no group `workers`"));
  }
}
