package dev.heal.engine.fact.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFactReaderTest {
  private static final EntityId GPU = EntityId.gpu("n1", 0);

  private final JsonFactReader reader = new JsonFactReader();

  private Fact fact(String line) {
    JsonFactReader.Line read = reader.read(line);
    assertThat(read.problem()).isEmpty();
    return read.fact().orElseThrow();
  }

  @Test
  void levelsOfEveryKind() {
    String start = "{\"t\":\"2026-01-02T03:04:05.678Z\",\"entity\":\"gpu:n1/0\",\"signal\":";
    long at = 1_767_323_045_678_000_000L;

    assertThat(fact(start + "\"nvml.temperature\",\"value\":91}"))
        .isEqualTo(new Fact.Sample(at, GPU, "nvml.temperature", 91));
    assertThat(fact(start + "\"nvml.memory_used\",\"value\":0.25}"))
        .isEqualTo(new Fact.Sample(at, GPU, "nvml.memory_used", 0.25));
    assertThat(fact(start + "\"nvml.present\",\"value\":true}"))
        .isEqualTo(new Fact.Sample(at, GPU, "nvml.present", 1));
    assertThat(fact(start + "\"nvml.present\",\"value\":false}"))
        .isEqualTo(new Fact.Sample(at, GPU, "nvml.present", 0));
    assertThat(fact(start + "\"train.loss\",\"value\":\"NaN\"}"))
        .isEqualTo(new Fact.Sample(at, GPU, "train.loss", Double.NaN));
    assertThat(fact(start + "\"nvml.recovery_action\",\"value\":\"reset\"}"))
        .isEqualTo(new Fact.Word(at, GPU, "nvml.recovery_action", "reset"));
  }

  @Test
  void eventsWithTheirFieldsInAnyOrder() {
    assertThat(
            fact(
                "{\"code\":79,\"nested\":{\"a\":[1]},\"none\":null,\"event\":\"xid\",\"entity\":\"gpu:n1/0\",\"t\":1.5}"))
        .isEqualTo(new Fact.Event(1_500_000_000L, GPU, "xid", Map.of("code", "79")));
    // nothing of the line before is left
    assertThat(fact("{\"t\":2,\"entity\":\"node:n1\",\"event\":\"heartbeat\"}"))
        .isEqualTo(new Fact.Event(2_000_000_000L, EntityId.node("n1"), "heartbeat", Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "~not a JSON object",
        "[1]~not a JSON object",
        "{\"t\":1,\"entity\":\"gpu:n1/0\",\"signal\":\"a\",\"value\":~not JSON",
        "{\"t\":1,\"entity\":\"gpu:n1/0\"~not JSON",
        "{\"t\":1,\"entity\":\"gpu:n1/0\",\"event\":\"a\"}{}~more than one JSON object",
        "{\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":\"soon\",\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":1e999999999,\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":9223372036.854775807,\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":-1,\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":1767323045000,\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":9999999999,\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":\"9999-12-31T23:59:59Z\",\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":\"1969-12-31T23:59:59Z\",\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":\"2026-02-30T00:00:00Z\",\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":\"\",\"entity\":\"gpu:n1/0\",\"event\":\"a\"}~`t` is missing, or neither ISO-8601 nor seconds of the years 1970 to 2261",
        "{\"t\":1,\"entity\":\"disk:n1\",\"event\":\"a\"}~`entity` is missing, or not of the form kind:name",
        "{\"t\":1,\"entity\":\"gpu:n1/0\",\"signal\":\"a\"}~neither `event`, nor `signal` with its `value`",
        "{\"t\":1,\"entity\":\"gpu:n1/0\",\"signal\":\"a\",\"value\":1e400}~`value` is too large a number",
      })
  void aLineThatIsNoFactSaysWhy(String line, String problem) {
    assertThat(reader.read(line == null ? "" : line).problem()).isEqualTo(problem);
    // and the next line is read as if it had not been there
    assertThat(fact("{\"t\":1,\"entity\":\"node:n1\",\"event\":\"heartbeat\"}").at())
        .isEqualTo(1_000_000_000L);
  }

  @Test
  void timesInASecondThatWasSeenAreReadAsAnyOther() {
    Random random = new Random(7);
    long second = 1_767_323_045L;
    for (int i = 0; i < 20_000; i++) {
      second += random.nextInt(3) - 1;
      long nanos = random.nextInt(1_000_000_000);
      int digits = random.nextInt(10);
      long kept = nanos / (long) Math.pow(10, 9 - digits);
      String text = Instant.ofEpochSecond(second).toString();
      text = text.substring(0, 19) + (digits == 0 ? "" : ".%0" + digits + "d").formatted(kept);
      text += random.nextInt(5) == 0 ? "+00:00" : "Z";
      Instant expected =
          Instant.from(java.time.OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC));
      assertThat(
              fact("{\"t\":\"" + text + "\",\"entity\":\"node:n1\",\"event\":\"heartbeat\"}").at())
          .as(text)
          .isEqualTo(expected.getEpochSecond() * 1_000_000_000L + expected.getNano());
    }
  }

  @Test
  void moreNamesThanAreRememberedAreReadAllTheSame() {
    for (int i = 0; i < 70_000; i++) {
      Fact fact = fact("{\"t\":1,\"entity\":\"node:n" + i + "\",\"event\":\"heartbeat\"}");
      assertThat(fact.entity().name()).isEqualTo("n" + i);
    }
  }
}
