package dev.heal.engine.source.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a webhook of Alertmanager as its documentation gives it (configuration, {@code
 * <webhook_config>}, version "4"): the door of this package. Fields that it does not know are
 * passed over.
 */
public final class NotificationReader {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String VERSION = "4";
  private static final Set<String> STATUSES = Set.of("firing", "resolved");

  /** A notification, or what is wrong; exactly one is there. */
  public record Result(Optional<Notification> notification, String problem) {}

  private NotificationReader() {}

  /** Reads the body of a request. */
  public static Result read(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      return new Result(Optional.of(notification(json)), "");
    } catch (Mistake mistake) {
      return new Result(Optional.empty(), mistake.text);
    } catch (JsonProcessingException malformed) {
      return new Result(Optional.empty(), "this is no JSON, or not all of it");
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // the bytes are in memory
    }
  }

  /** What is wrong, on its way out. */
  private static final class Mistake extends IOException {
    private static final long serialVersionUID = 1L;
    private final String text;

    Mistake(String text) {
      super(text);
      this.text = text;
    }
  }

  private static Notification notification(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new Mistake("a JSON object is expected");
    }
    String version = "";
    long truncated = 0;
    Optional<List<Alert>> alerts = Optional.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "version" -> version = value.isScalarValue() ? json.getText() : "";
        case "truncatedAlerts" -> truncated = value.isNumeric() ? json.getLongValue() : 0;
        case "alerts" -> alerts = Optional.of(alerts(json));
        default -> json.skipChildren();
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT) {
      throw new Mistake("the object does not end");
    }
    if (!version.equals(VERSION)) {
      throw new Mistake(
          version.isEmpty()
              ? "`version` is missing: this is no webhook of an Alertmanager"
              : "`version` is `%s`: only version 4 of the webhook is known".formatted(version));
    }
    return new Notification(
        alerts.orElseThrow(() -> new Mistake("`alerts` is missing")), truncated);
  }

  private static List<Alert> alerts(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new Mistake("`alerts` is not a list");
    }
    List<Alert> alerts = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      alerts.add(alert(json, alerts.size()));
    }
    if (json.currentToken() != JsonToken.END_ARRAY) {
      throw new Mistake("`alerts` holds something else than alerts");
    }
    return alerts;
  }

  private static Alert alert(JsonParser json, int number) throws IOException {
    String status = "";
    Map<String, String> labels = Map.of();
    Map<String, String> annotations = Map.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "status" -> status = value.isScalarValue() ? json.getText() : "";
        case "labels" -> labels = texts(json, "labels", number);
        case "annotations" -> annotations = texts(json, "annotations", number);
        default -> json.skipChildren();
      }
    }
    if (!STATUSES.contains(status)) {
      throw new Mistake(
          "`status` of alert %d is `%s`: it is firing or resolved".formatted(number + 1, status));
    }
    return new Alert(status, labels, annotations);
  }

  private static Map<String, String> texts(JsonParser json, String what, int number)
      throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new Mistake("`%s` of alert %d are no object".formatted(what, number + 1));
    }
    Map<String, String> texts = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw new Mistake("`%s` of alert %d is not a text".formatted(name, number + 1));
      }
      texts.put(name, json.getText());
    }
    return texts;
  }
}
