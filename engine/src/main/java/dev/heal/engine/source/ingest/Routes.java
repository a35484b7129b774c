package dev.heal.engine.source.ingest;

import dev.heal.engine.source.alert.NotificationReader;
import dev.heal.engine.source.training.FiguresReader;
import dev.heal.engine.source.training.FiguresReader.OtherFields;
import java.util.Optional;
import java.util.Set;

/** What can be posted, and where. */
final class Routes {
  private static final String HEARTBEAT = "/v1/heartbeat/";
  private static final String METRICS = "/v1/metrics/";
  private static final String ALERTS = "/v1/alerts";
  private static final String KNOWN =
      "POST /v1/heartbeat/ENTITY, POST /v1/metrics/job/NAME and POST /v1/alerts are known";

  private static final FiguresReader FIGURES =
      new FiguresReader(
          Set.of("loss", "grad_norm", "step_time"),
          Set.of("step", "epoch", "rank", "t", "time", "timestamp"),
          OtherFields.REFUSED);

  private final IngestSink sink;

  Routes(IngestSink sink) {
    this.sink = sink;
  }

  /** Why this is not even read. */
  static Optional<Reply> refused(Request request) {
    String path = request.path();
    if (!path.startsWith(HEARTBEAT) && !path.startsWith(METRICS) && !path.equals(ALERTS)) {
      return Optional.of(Reply.refused(404, "nothing is taken here: " + KNOWN));
    }
    if (!request.method().equals("POST")) {
      return Optional.of(Reply.refused(405, "only POST is taken here"));
    }
    if (request.origin().isPresent()) {
      return Optional.of(Reply.refused(403, "a page in a browser may not tell anything"));
    }
    return request
        .encoding()
        .map(encoding -> Reply.refused(415, "a body in `%s` is not read".formatted(encoding)));
  }

  Reply reply(Request request, byte[] body) {
    String path = request.path();
    if (path.startsWith(HEARTBEAT)) {
      return sink.heartbeat(path.substring(HEARTBEAT.length()));
    }
    return path.startsWith(METRICS)
        ? figures(path.substring(METRICS.length()), body)
        : alerts(body);
  }

  /**
   * @param whose {@code job/j7}
   */
  private Reply figures(String whose, byte[] body) {
    int slash = whose.indexOf('/');
    if (slash <= 0 || slash == whose.length() - 1) {
      return refuse(404, "whose metrics are these? Post to /v1/metrics/job/NAME");
    }
    FiguresReader.Result read = FIGURES.read(body);
    if (read.problem().isPresent()) {
      return refuse(400, read.problem().get()); // all or nothing, so that it can be sent again
    }
    if (read.figures().isEmpty()) {
      return refuse(400, "there is no figure in it: loss, grad_norm or step_time");
    }
    return sink.figures(
        whose.substring(0, slash) + ":" + whose.substring(slash + 1), read.figures());
  }

  private Reply alerts(byte[] body) {
    NotificationReader.Result read = NotificationReader.read(body);
    return read.notification().map(sink::alerts).orElseGet(() -> refuse(400, read.problem()));
  }

  private Reply refuse(int status, String why) {
    sink.refused(why);
    return Reply.refused(status, why);
  }
}
