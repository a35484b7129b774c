package dev.heal.engine.cli.control.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.loop.EngineView;
import dev.heal.engine.loop.live.LoopView;
import dev.heal.engine.loop.live.SourceBook.SourceView;
import dev.heal.engine.reload.ReloadResult;
import dev.heal.engine.reload.ReloadStatus;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.FaultView;
import dev.heal.engine.schedule.RepairView;
import dev.heal.engine.schedule.StandingAct;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A status for programs: one object on one line. Times are ISO 8601 in UTC. */
public final class StatusJson {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator json;

  private StatusJson(JsonGenerator json) {
    this.json = json;
  }

  /** The object, without a line end. */
  public static String of(StatusPage page) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      new StatusJson(json).write(page);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return text.toString();
  }

  private interface Writing<T> {
    void write(T value) throws IOException;
  }

  private <T> void list(String name, Collection<T> values, Writing<T> writing) throws IOException {
    json.writeArrayFieldStart(name);
    for (T value : values) {
      writing.write(value);
    }
    json.writeEndArray();
  }

  private <T> void objects(String name, Collection<T> values, Writing<T> writing)
      throws IOException {
    list(
        name,
        values,
        value -> {
          json.writeStartObject();
          writing.write(value);
          json.writeEndObject();
        });
  }

  private void words(String name, Collection<?> values) throws IOException {
    list(name, values, value -> json.writeString(value.toString()));
  }

  private void word(String name, Object value) throws IOException {
    json.writeStringField(name, value.toString());
  }

  private void word(String name, Optional<?> value) throws IOException {
    if (value.isPresent()) {
      word(name, value.get());
    }
  }

  private void time(String name, long at) throws IOException {
    word(name, Times.iso(at));
  }

  private void time(String name, OptionalLong at) throws IOException {
    if (at.isPresent()) {
      time(name, at.getAsLong());
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void write(StatusPage page) throws IOException {
    LoopView loop = page.loop();
    EngineView engine = loop.engine();
    json.writeStartObject();
    time("t", engine.at());
    about(page.about());
    word("mode", page.modes().get(0).word());
    words("modes", page.modes().stream().map(StatusPage.Mode::word).toList());
    policies(page.policies());
    objects("halts", engine.halts(), this::halt);
    objects(
        "windows",
        engine.windows(),
        window -> {
          word("maintenance", window.name());
          time("until", window.until());
        });
    objects("faults", engine.faults(), fault -> fault(fault, loop));
    objects("repairs", engine.repairs(), this::repair);
    objects("orders", engine.orders(), this::order);
    objects("standing", engine.acts(), this::act);
    objects("entities", engine.entities(), this::entity);
    words("unresolved", engine.unresolved());
    json.writeNumberField("duplicates", engine.duplicates());
    objects("sources", loop.sources(), this::source);
    surroundings(loop);
    json.writeEndObject();
  }

  private void about(StatusPage.About about) throws IOException {
    word("version", about.version());
    word("node", about.node());
    json.writeNumberField("process", about.process());
    word("state", about.state());
    time("since", about.since());
  }

  private void reload(ReloadStatus reload) throws IOException {
    json.writeObjectFieldStart("reload");
    json.writeBooleanField("fine", reload.isFine());
    json.writeNumberField("loaded", reload.loaded());
    json.writeNumberField("refused", reload.refused());
    if (reload.refusedSince().isPresent()) {
      time("refused_since", reload.refusedSince().get());
    }
    if (reload.last().isPresent()) {
      ReloadResult last = reload.last().get();
      word("last", last.outcome().name().toLowerCase(Locale.ROOT));
      word("trigger", last.trigger());
      word("because", last.because());
    }
    json.writeObjectFieldStart("tuned");
    for (Map.Entry<String, Deviations.Tuned> one : reload.deviations().tuned().entrySet()) {
      word(one.getKey(), one.getValue().value());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void policies(PoliciesInForce policies) throws IOException {
    json.writeObjectFieldStart("policies");
    json.writeNumberField("generation", policies.generation());
    word("digest", policies.digest());
    time("since", policies.since());
    json.writeNumberField("enforcing", policies.enforcing());
    json.writeNumberField("approving", policies.approving());
    json.writeNumberField("observing", policies.observing());
    words("notes", policies.notes());
    if (policies.reload().isPresent()) {
      reload(policies.reload().get());
    }
    json.writeEndObject();
  }

  private void halt(Halt halt) throws IOException {
    word("kind", halt.kind().word());
    word("name", halt.name());
    time("since", halt.since());
    if (halt.until() != Times.NEVER) {
      time("until", halt.until());
    }
    words("on", halt.on());
    words("allowed", halt.allowed());
    word("by", halt.by());
    word("because", halt.because());
  }

  private void fault(FaultView fault, LoopView loop) throws IOException {
    word("fault", fault.instance().fault());
    word("entity", fault.instance().entity());
    word("severity", lower(fault.severity()));
    time("raised", fault.raisedAt());
    Optional<Long> incident = Optional.ofNullable(loop.incidents().get(fault.instance()));
    if (incident.isPresent()) {
      json.writeNumberField("incident", incident.get());
    }
    if (fault.repair().isPresent()) {
      json.writeNumberField("repair", fault.repair().getAsLong());
    }
    word("care", fault.care());
    json.writeBooleanField("left_to_humans", fault.left());
  }

  private void repair(RepairView repair) throws IOException {
    json.writeNumberField("repair", repair.number());
    word("policy", repair.policy());
    word("mode", lower(repair.mode()));
    json.writeNumberField("priority", repair.priority());
    word("fault", repair.instance().fault());
    word("entity", repair.instance().entity());
    time("raised", repair.raisedAt());
    word("phase", lower(repair.phase()));
    json.writeBooleanField("begun", repair.begun());
    word("next", repair.next());
    word("held", repair.held().map(StatusJson::lower));
    word("because", repair.because());
    json.writeBooleanField("waits_for_approval", repair.waitsForApproval());
    time("wakes", repair.wakeAt());
    time("deadline", repair.deadline());
    json.writeBooleanField("deadline_missed", repair.missed());
    time("expires", repair.expiresAt());
  }

  private void order(EngineView.OpenOrder open) throws IOException {
    json.writeNumberField("order", open.order().id());
    word("verb", open.order().act().verb());
    word("target", open.order().target());
    word("purpose", lower(open.order().purpose()));
    time("since", open.since());
  }

  private void act(StandingAct act) throws IOException {
    word("verb", act.verb());
    word("target", act.target());
    word("fault", act.instance().fault());
    word("entity", act.instance().entity());
    time("due", act.dueAt());
    json.writeNumberField("failures", act.failures());
  }

  private void entity(EngineView.EntityView entity) throws IOException {
    word("entity", entity.entity());
    word("state", entity.state().word());
    time("heard", entity.vitals().heardAt());
    words("silent", entity.vitals().silent());
  }

  private void source(SourceView source) throws IOException {
    word("source", source.name());
    word("state", source.state().word());
    if (source.every().isPresent()) {
      json.writeNumberField("every_seconds", source.every().get().toNanos() / 1e9);
    }
    time("heard", source.heardAt());
    json.writeNumberField("count", source.count());
    word("trouble", source.trouble());
    json.writeNumberField(
        "dropped", source.dropped().values().stream().mapToLong(Long::longValue).sum());
  }

  private void surroundings(LoopView loop) throws IOException {
    json.writeObjectFieldStart("queue");
    json.writeNumberField("waiting", loop.waiting());
    json.writeNumberField("dropped", loop.dropped());
    json.writeEndObject();
    json.writeObjectFieldStart("journal");
    json.writeBooleanField("writable", loop.journalProblem().isEmpty());
    word("problem", loop.journalProblem());
    json.writeNumberField("pending", loop.journalPending());
    json.writeEndObject();
    json.writeObjectFieldStart("recorder");
    json.writeNumberField("recorded", loop.recorder().recorded());
    json.writeNumberField("lost", loop.recorder().lost());
    word("problem", loop.recorder().problem());
    json.writeEndObject();
  }

  /** What is said of a command, for programs: one object, without a line end. */
  public static String answer(String outcome, String message) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("outcome", outcome);
      json.writeStringField("message", message);
      json.writeEndObject();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return text.toString();
  }
}
