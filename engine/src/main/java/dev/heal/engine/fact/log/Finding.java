package dev.heal.engine.fact.log;

import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import dev.heal.engine.fact.log.LogEvent.Subject;
import dev.heal.engine.source.log.LogLine;
import java.util.Map;

/** What a message says, before it is known when and where. */
record Finding(
    String event,
    Subject subject,
    Map<String, FieldValue> fields,
    Severity severity,
    Action action) {

  Finding with(Map<String, FieldValue> other) {
    return new Finding(event, subject, other, severity, action);
  }

  LogEvent at(LogLine line) {
    Subject who =
        subject.equals(Subject.SERVICE)
            ? new Subject(LogEvent.About.SERVICE, line.origin().identifier().orElse(""))
            : subject;
    return new LogEvent(
        line.number(),
        line.stamp(),
        line.host(),
        event,
        who,
        fields,
        severity,
        action,
        line.message());
  }
}
