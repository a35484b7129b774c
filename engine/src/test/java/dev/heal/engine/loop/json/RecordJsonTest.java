package dev.heal.engine.loop.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RecordJsonTest {
  enum Colour {
    RED,
    GREEN
  }

  sealed interface Shape {
    record Circle(double radius) implements Shape {}

    record Box(int width, Optional<String> title) implements Shape {}
  }

  /** A type that is no record. */
  static final class Name {
    private final String text;

    Name(String text) {
      this.text = text;
    }
  }

  record Everything(
      long count,
      int small,
      double share,
      boolean yes,
      String text,
      Colour colour,
      Duration span,
      OptionalLong maybe,
      OptionalInt perhaps,
      Optional<Colour> some,
      List<Shape> shapes,
      NavigableSet<String> words,
      Set<Integer> numbers,
      Map<String, List<Long>> lists,
      Optional<Shape.Circle> circle) {}

  @SuppressWarnings("ArrayRecordComponent") // as samples are kept
  record Arrays(long[] times, double[] values) {}

  record Named(Name name, Map<String, Integer> counts) {}

  record Positive(long number) {
    Positive {
      if (number <= 0) {
        throw new IllegalArgumentException("not positive: " + number);
      }
    }
  }

  private static final RecordJson JSON =
      RecordJson.with().text(Name.class, name -> name.text, Name::new).build();

  private static final Everything FULL =
      new Everything(
          Long.MIN_VALUE,
          -7,
          Double.NaN,
          true,
          "a \"b\"\n\u2028ü",
          Colour.GREEN,
          Duration.ofNanos(Long.MAX_VALUE),
          OptionalLong.of(0),
          OptionalInt.of(3),
          Optional.of(Colour.RED),
          List.of(
              new Shape.Circle(-0.0), new Shape.Box(0, Optional.of("")), new Shape.Circle(1e-300)),
          new TreeSet<>(List.of("x", "")),
          Set.of(4),
          Map.of("a", List.of(1L, 0L), "b", List.of()),
          Optional.of(new Shape.Circle(Double.POSITIVE_INFINITY)));

  private static final Everything EMPTY =
      new Everything(
          0,
          0,
          0,
          false,
          "",
          Colour.RED,
          Duration.ZERO,
          OptionalLong.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          List.of(),
          new TreeSet<>(),
          Set.of(),
          Map.of(),
          Optional.empty());

  @Test
  void whatWasWrittenIsRead() throws IOException {
    for (Everything one : List.of(FULL, EMPTY)) {
      assertThat(JSON.read(Everything.class, JSON.write(one))).isEqualTo(one);
    }
    assertThat(JSON.write(FULL)).doesNotContain("\n");
    assertThat(JSON.write(EMPTY))
        .isEqualTo("{\"share\":\"0.0\",\"text\":\"\",\"colour\":\"RED\",\"span\":0}");
  }

  @Test
  void arraysOfNumbersKeepEveryBit() throws IOException {
    long[] times = {Long.MIN_VALUE, 5, 5, Long.MAX_VALUE, 7};
    double[] values = {0.1, -0.0, Double.NaN, Double.MIN_VALUE};
    String text = JSON.write(new Arrays(times, values));
    Arrays read = JSON.read(Arrays.class, text);
    assertThat(read.times()).isEqualTo(times);
    assertThat(read.values()).isEqualTo(values);
    assertThat(JSON.write(new Arrays(new long[] {100, 101, 103}, new double[0])))
        .isEqualTo("{\"times\":[100,1,2],\"values\":[]}");
  }

  @Test
  void whatIsNoRecordStandsForSomething() throws IOException {
    String text = JSON.write(new Named(new Name("n1"), Map.of("a", 0)));
    assertThat(text).isEqualTo("{\"name\":\"n1\",\"counts\":[\"a\",0]}");
    assertThat(JSON.read(Named.class, text).name().text).isEqualTo("n1");
    assertThatThrownBy(() -> RecordJson.with().build().write(new Named(new Name("n1"), Map.of())))
        .hasMessageContaining("nothing says how to write");
  }

  @Test
  void whatIsSomethingElseIsRefused() throws IOException {
    assertThat(JSON.read(Positive.class, "{\"number\":1,\"later\":{\"a\":[1]}}"))
        .isEqualTo(new Positive(1));
    assertThatThrownBy(() -> JSON.read(Positive.class, "{\"number\":-1}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not positive: -1");
    assertThatThrownBy(() -> JSON.read(Positive.class, "{}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not positive: 0");
    assertThatThrownBy(() -> JSON.read(Everything.class, "{}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is missing");
    assertThatThrownBy(() -> JSON.read(Positive.class, "[1]")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> JSON.read(Positive.class, "{\"number\":"))
        .isInstanceOf(IOException.class);
    String full = JSON.write(FULL);
    assertThatThrownBy(() -> JSON.read(Everything.class, full.replace("Circle", "Square")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("`Square` is no Shape");
    assertThatThrownBy(() -> JSON.read(Everything.class, full.replace("GREEN", "BLUE")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("`BLUE` is no Colour");
  }
}
