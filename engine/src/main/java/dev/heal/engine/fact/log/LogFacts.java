package dev.heal.engine.fact.log;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Log events as facts about entities. */
public final class LogFacts {
  private LogFacts() {}

  /**
   * Who an event is about. A PCI address is kept as the name of the GPU ({@code
   * gpu:n1/0000:3b:00}): its index is not in the log.
   *
   * @param node the host of a log that does not name it
   * @param service the name of a service whose lines do not name it
   */
  public static EntityId entity(LogEvent event, String node, String service) {
    String host = event.host().filter(name -> !name.isEmpty()).orElse(node);
    String name = event.subject().name();
    return switch (event.subject().about()) {
      case HOST -> EntityId.node(host);
      case PCI_DEVICE ->
          EntityId.parse("gpu:" + host + "/" + name).orElseGet(() -> EntityId.node(host));
      case SERVICE -> EntityId.service(host, name.isEmpty() ? service : name);
    };
  }

  /** The event as a fact; empty where it has no wall-clock time. */
  public static Optional<Fact.Event> fact(LogEvent event, LogOptions options) {
    if (event.at().isEmpty()) {
      return Optional.empty();
    }
    EntityId entity = entity(event, options.node(), options.service());
    return Optional.of(fact(event, entity, event.at().getAsLong()));
  }

  /**
   * The event as a fact; its {@code line} is the text.
   *
   * @param at nanoseconds since 1970, for an event whose line has no time
   */
  public static Fact.Event fact(LogEvent event, EntityId entity, long at) {
    Map<String, String> fields = new LinkedHashMap<>();
    event.fields().forEach((name, value) -> fields.put(name, value.toString()));
    fields.put("severity", event.severity().word());
    fields.put("action", event.action().word());
    fields.put("line", event.text());
    return new Fact.Event(event.at().orElse(at), entity, event.name(), fields);
  }

  /**
   * A Xid of which only the code is known: what the catalogue recommends. What only its line tells
   * asks for support ({@link #isDecidedByItsLine}).
   *
   * @param at nanoseconds since 1970
   */
  public static Fact.Event xid(EntityId gpu, int code, long at) {
    Rule.Verdict verdict = XidVerdict.of(code, "", OptionalInt.empty(), new LinkedHashMap<>());
    return new Fact.Event(
        at,
        gpu,
        "xid",
        Map.of(
            "code", Integer.toString(code),
            "severity", verdict.severity().word(),
            "action", verdict.action().word()));
  }

  /** Whether the code alone does not say what to do: its line has registers, or an action. */
  public static boolean isDecidedByItsLine(int code) {
    return XidVerdict.isDecidedByItsLine(code);
  }
}
