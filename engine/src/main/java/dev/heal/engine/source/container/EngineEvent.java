package dev.heal.engine.source.container;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Something that the engine tells of a container, as {@code GET /events} has it.
 *
 * @param action {@code start}, {@code die}, {@code oom}, {@code health_status: healthy}
 * @param at nanoseconds since 1970 by the engine's clock
 * @param exitCode of {@code die}
 */
record EngineEvent(String name, String id, String action, long at, OptionalInt exitCode) {
  private static final String ATTRIBUTES = "Actor.Attributes.";
  private static final Set<String> WANTED =
      Set.of(
          "id",
          "Action",
          "status",
          "timeNano",
          "Actor.ID",
          ATTRIBUTES + "name",
          ATTRIBUTES + "exitCode",
          ATTRIBUTES + "containerExitCode");

  /** Empty where the line is no event of a container. */
  static Optional<EngineEvent> read(String line) {
    return JsonPaths.read(line, WANTED).flatMap(EngineEvent::of);
  }

  private static Optional<EngineEvent> of(Map<String, String> found) {
    String action = found.getOrDefault("Action", found.getOrDefault("status", ""));
    String code =
        found.getOrDefault(
            ATTRIBUTES + "exitCode", found.getOrDefault(ATTRIBUTES + "containerExitCode", ""));
    try {
      return action.isEmpty() || !found.containsKey(ATTRIBUTES + "name")
          ? Optional.empty()
          : Optional.of(
              new EngineEvent(
                  found.getOrDefault(ATTRIBUTES + "name", ""),
                  found.getOrDefault("Actor.ID", found.getOrDefault("id", "")),
                  action.equals("died") ? "die" : action, // as podman calls it of old
                  Long.parseLong(found.getOrDefault("timeNano", "")),
                  code.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(code))));
    } catch (NumberFormatException malformed) {
      return Optional.empty();
    }
  }
}
