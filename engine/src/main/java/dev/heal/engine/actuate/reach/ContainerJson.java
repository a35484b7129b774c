package dev.heal.engine.actuate.reach;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;

/**
 * What {@code GET /containers/NAME/json} says: {@code Id}, {@code State.Running}, {@code
 * State.Pid}.
 */
final class ContainerJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ContainerJson() {}

  static ContainerSocket.Seen seen(String text) {
    String id = "";
    boolean running = false;
    long pid = 0;
    int depth = 0;
    boolean inState = false;
    try (JsonParser json = JSON.createParser(text)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
          depth++;
          inState |= depth == 2 && "State".equals(json.currentName());
        } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
          inState &= depth > 2;
          depth--;
        } else if (depth == 1
            && token == JsonToken.VALUE_STRING
            && "Id".equals(json.currentName())) {
          id = json.getText();
        } else if (inState && depth == 2 && "Running".equals(json.currentName())) {
          running = token == JsonToken.VALUE_TRUE;
        } else if (inState && depth == 2 && token == JsonToken.VALUE_NUMBER_INT) {
          pid = "Pid".equals(json.currentName()) ? json.getLongValue() : pid;
        }
      }
    } catch (IOException notJson) {
      return new ContainerSocket.Seen(
          new Outcome(Outcome.Kind.UNKNOWN, "the answer of the container engine is no JSON"),
          "",
          false,
          0);
    }
    return new ContainerSocket.Seen(new Outcome(Outcome.Kind.DONE, ""), id, running, pid);
  }
}
