package dev.heal.engine.source.ingest;

import dev.heal.engine.source.alert.Notification;
import dev.heal.engine.source.training.Figures;
import java.util.List;

/** Takes what is told, on threads of the server; it must not wait. */
public interface IngestSink {
  /**
   * A sign of life.
   *
   * @param entity as it was named: {@code service:n1/llm}
   */
  Reply heartbeat(String entity);

  /**
   * Figures of a training run, in their order.
   *
   * @param entity {@code job:j7}
   */
  Reply figures(String entity, List<Figures> figures);

  /** Alerts. */
  Reply alerts(Notification notification);

  /** A request was not taken, before it was known what it told. */
  void refused(String why);
}
