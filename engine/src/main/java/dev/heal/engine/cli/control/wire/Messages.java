package dev.heal.engine.cli.control.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages as lines: {@code {"version":1,"words":["pause"],"form":"text"}} and {@code
 * {"version":1,"outcome":"done","message":"…","body":"…"}}. Unknown fields are left out of account.
 */
final class Messages {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MOST_WORDS = 100;

  private Messages() {}

  /** A line that is no message, in words. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }

    /** What is wrong. */
    String text() {
      return String.valueOf(getMessage());
    }
  }

  static String line(Request request) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("version", ControlSocket.VERSION);
      json.writeArrayFieldStart("words");
      for (String word : request.words()) {
        json.writeString(word);
      }
      json.writeEndArray();
      json.writeStringField("form", request.form().json() ? "json" : "text");
      json.writeBooleanField("all", request.form().all());
      json.writeBooleanField("colour", request.form().colour());
      json.writeStringField("for", request.claimed());
      json.writeEndObject();
    }
    return text.toString();
  }

  static String line(Reply reply) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("version", ControlSocket.VERSION);
      json.writeStringField("outcome", reply.outcome());
      json.writeStringField("message", reply.message());
      json.writeStringField("body", reply.body());
      json.writeEndObject();
    }
    return text.toString();
  }

  static Request request(byte[] line) throws Unreadable {
    int version = 0;
    List<String> words = new ArrayList<>();
    boolean asJson = false;
    boolean all = false;
    boolean colour = false;
    String claimed = "";
    try (JsonParser json = begin(line)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "version" -> version = json.getIntValue();
          case "words" -> words = words(json);
          case "form" -> asJson = json.getText().equals("json");
          case "all" -> all = json.getBooleanValue();
          case "colour" -> colour = json.getBooleanValue();
          case "for" -> claimed = json.getText();
          default -> json.skipChildren();
        }
      }
      requireEnd(json);
    } catch (IOException malformed) {
      throw new Unreadable(inWords(malformed));
    }
    if (version != ControlSocket.VERSION) {
      throw new Unreadable(otherVersion("the command", version, "this engine"));
    }
    if (words.isEmpty()) {
      throw new Unreadable("the request has no words");
    }
    return new Request(words, new Request.Form(asJson, all, colour), claimed);
  }

  static Reply reply(byte[] line) throws Unreadable {
    int version = 0;
    String outcome = "";
    String message = "";
    String body = "";
    try (JsonParser json = begin(line)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "version" -> version = json.getIntValue();
          case "outcome" -> outcome = json.getText();
          case "message" -> message = json.getText();
          case "body" -> body = json.getText();
          default -> json.skipChildren();
        }
      }
      requireEnd(json);
    } catch (IOException malformed) {
      throw new Unreadable(inWords(malformed));
    }
    if (version != ControlSocket.VERSION) {
      throw new Unreadable(otherVersion("the engine", version, "this command"));
    }
    if (outcome.isBlank()) {
      throw new Unreadable("the answer has no outcome");
    }
    return new Reply(outcome, message, body);
  }

  private static JsonParser begin(byte[] line) throws IOException {
    JsonParser json = JSON.createParser(line);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      json.close();
      throw new IOException("no JSON object");
    }
    return json;
  }

  private static void requireEnd(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
      throw new IOException("more than one JSON object, or none that ends");
    }
  }

  private static List<String> words(JsonParser json) throws IOException {
    List<String> words = new ArrayList<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IOException("`words` is no list");
    }
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      words.add(json.getText());
    }
    if (json.currentToken() != JsonToken.END_ARRAY || words.size() > MOST_WORDS) {
      throw new IOException("`words` is no list of at most %d strings".formatted(MOST_WORDS));
    }
    return words;
  }

  private static String inWords(IOException malformed) {
    return malformed instanceof JsonProcessingException json
        ? "it is no JSON, at byte " + json.getLocation().getByteOffset()
        : String.valueOf(malformed.getMessage());
  }

  private static String otherVersion(String one, int version, String other) {
    return "%s speaks version %d of the protocol, %s version %d: use the same heal for both"
        .formatted(one, version, other, ControlSocket.VERSION);
  }
}
