package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer writes to a real file. */
class MetricsFileFeedTest {
  private static final EntityId JOB = EntityId.job("j7");
  private static final EntityId LLM = EntityId.service("n1", "llm");

  @TempDir private Path folder;
  private final Listened loop = new Listened();
  private final Kept kept = new Kept();
  private Path train;

  @BeforeEach
  void oldNews() throws IOException {
    train = folder.resolve("train.jsonl");
    write("{\"loss\": 9}\n");
  }

  private void write(String text) throws IOException {
    Files.writeString(train, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private MetricsFileFeed feed() {
    CheckedPolicy policies =
        Listened.policies(
            """
            fault filling on service "The queue is long" {
              when       metric.queue >= 10 for 10s
              clear when metric.queue < 5
              missing    freeze
            }
            job j7 { nodes [n1], metrics file "%1$s" }
            service llm on n1 { run ["x"], metrics file "%1$s" }
            job elsewhere { nodes [n2], metrics file "%1$s" }
            """
                .formatted(train));
    return new MetricsFileFeed(policies, "n1", loop, kept, loop);
  }

  @Test
  void figuresAreHeardFromWhereTheEngineBeforeHadRead() throws IOException {
    try (MetricsFileFeed feed = feed()) {
      feed.start();
      assertThat(loop.next().facts()).as("where it begins").isEmpty();
      assertThat(loop.next().facts()).isEmpty();
      write("{\"step\":1,\"loss\":2.5,\"lr\":1e-4,\"queue\":7}\n{\"loss\":NaN,");
      assertThat(two()).containsEntry(JOB, "train.loss 2.5").containsEntry(LLM, "metric.queue 7.0");
      write("\"grad_norm\":\"inf\"}\n");
      Fact.Sample grad = (Fact.Sample) loop.next(fact -> fact.signal().equals("train.grad_norm"));
      assertThat(grad.value()).isNaN();
    }
    write("{\"loss\":3}\n");
    loop.forget();
    try (MetricsFileFeed feed = feed()) {
      feed.start();
      Fact.Sample loss = (Fact.Sample) loop.next(fact -> fact.signal().equals("train.loss"));
      assertThat(loss.value()).as("written while no engine ran").isEqualTo(3);
    }
  }

  private Map<EntityId, String> two() {
    Map<EntityId, String> heard = new TreeMap<>();
    for (int i = 0; i < 2; i++) {
      loop.next()
          .facts()
          .forEach(
              fact -> heard.put(fact.entity(), fact.signal() + " " + ((Fact.Sample) fact).value()));
    }
    return heard;
  }

  @Test
  void linesThatAreNoneAreCountedAndTheFirstOfAKindIsTold() throws IOException {
    try (MetricsFileFeed feed = feed()) {
      feed.start();
      assertThat(loop.next().facts()).as("where it begins").isEmpty();
      assertThat(loop.next().facts()).isEmpty();
      write("step 1 loss 2.5\n{\"loss\":\"high\"}\n{\"loss\":\"high\"}\n{\"step_time\":-1}\n\n");
      loop.awaitTold(
          "metrics file of job:j7: a line cannot be read: this is no JSON, or not all of it");
      loop.awaitTold(
          "metrics file of job:j7: a line cannot be read: `loss` is `high`, not a number");
      loop.awaitTold(
          "metrics file of job:j7: a line cannot be read: `step_time` is never negative: -1.0");
      assertThat(feed.status().get(0).counts()).containsEntry("malformed lines", 4L);
      assertThat(loop.told).doesNotHaveDuplicates();
    }
  }
}
