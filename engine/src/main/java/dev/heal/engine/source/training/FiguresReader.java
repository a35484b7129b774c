package dev.heal.engine.source.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads JSON objects such as {@code {"step":120,"loss":2.31,"grad_norm":"NaN"}}, one or several,
 * with or without line feeds between them: the door of this package. {@code NaN} and the infinities
 * may stand bare, as Python writes them, or as a string; {@code null} is no value.
 */
public final class FiguresReader {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final int SHOWN = 60;

  /** What is done with a field that is not asked for. */
  public enum OtherFields {
    /** It is a mistake. */
    REFUSED,
    /** Trainers write much that nobody asks for. */
    LEFT_OUT
  }

  /**
   * What was read.
   *
   * @param figures of the objects before the mistake; objects without any figure are left out
   * @param problem what is wrong, and where; empty where all could be read
   */
  public record Result(List<Figures> figures, Optional<String> problem) {
    public Result {
      figures = List.copyOf(figures);
    }
  }

  private final Set<String> names;
  private final Set<String> passengers;
  private final OtherFields others;

  /**
   * @param names of the figures that are taken
   * @param passengers that may stand beside them whatever they hold, and are not read
   */
  public FiguresReader(Set<String> names, Set<String> passengers, OtherFields others) {
    this.names = Set.copyOf(names);
    this.passengers = Set.copyOf(passengers);
    this.others = others;
  }

  /** Reads the objects of a line or body, up to the first mistake. */
  public Result read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same of UTF-8. */
  public Result read(byte[] text) {
    List<Figures> figures = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      while (json.nextToken() != null) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
          throw new Mistake(json, "a JSON object is expected");
        }
        Map<String, Double> values = object(json);
        if (!values.isEmpty()) {
          figures.add(new Figures(values));
        }
      }
      return new Result(figures, Optional.empty());
    } catch (Mistake mistake) {
      return new Result(figures, Optional.of(mistake.text));
    } catch (JsonProcessingException malformed) {
      return new Result(
          figures, Optional.of(at(malformed.getLocation()) + "this is no JSON, or not all of it"));
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible); // the bytes are in memory
    }
  }

  /** What is wrong with a field, on its way out. */
  private static final class Mistake extends IOException {
    private static final long serialVersionUID = 1L;
    private final String text;

    Mistake(JsonParser json, String text) {
      super(text);
      this.text = at(json.currentTokenLocation()) + text;
    }
  }

  private static String at(JsonLocation place) {
    return place == null ? "" : "line %d: ".formatted(place.getLineNr());
  }

  private Map<String, Double> object(JsonParser json) throws IOException {
    Map<String, Double> values = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (names.contains(name)) {
        number(name, json, value).ifPresent(number -> values.put(name, number));
      } else if (others == OtherFields.REFUSED && !passengers.contains(name)) {
        throw new Mistake(
            json,
            "`%s` is not known: the figures are %s"
                .formatted(shown(name), String.join(", ", names())));
      } else {
        json.skipChildren();
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT) {
      throw new Mistake(json, "the object does not end");
    }
    return values;
  }

  private List<String> names() {
    return names.stream().sorted().toList();
  }

  private static OptionalDouble number(String name, JsonParser json, JsonToken value)
      throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return OptionalDouble.empty();
    }
    if (value.isNumeric()) {
      return OptionalDouble.of(json.getDoubleValue());
    }
    if (value == JsonToken.VALUE_STRING) {
      OptionalDouble word = word(json.getText());
      if (word.isPresent()) {
        return word;
      }
    }
    throw new Mistake(
        json,
        "`%s` is %s, not a number"
            .formatted(
                name, value.isStructStart() ? "a structure" : "`" + shown(json.getText()) + "`"));
  }

  private static OptionalDouble word(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> OptionalDouble.of(Double.NaN);
      case "inf", "infinity", "+inf", "+infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
      case "-inf", "-infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
      default -> OptionalDouble.empty();
    };
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
