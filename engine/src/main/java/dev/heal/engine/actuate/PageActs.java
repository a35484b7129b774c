package dev.heal.engine.actuate;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.Way;
import dev.heal.engine.actuate.reach.Calls;
import dev.heal.engine.actuate.reach.Commands;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells humans, in every way that their pager has. */
final class PageActs {
  private final CheckedPolicy policy;
  private final String run;
  private final Commands commands;
  private final Calls calls;

  PageActs(CheckedPolicy policy, String run, Commands commands, Calls calls) {
    this.policy = policy;
    this.run = run;
    this.commands = commands;
    this.calls = calls;
  }

  /** Done where one of the ways was; what the others said is in the report too. */
  Report page(Assignment assignment) throws InterruptedException {
    String name = assignment.order().act().object().orElse("");
    Optional<Site.Pager> pager =
        policy.site().pagers().stream().filter(p -> p.name().equals(name)).findFirst();
    if (pager.isEmpty()) {
      return Report.refused(
          "no pager `%s` is declared: write `pager %s { webhook \"https://…\" }`"
              .formatted(name, name));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Site.Notifier notifier : pager.get().notifiers()) {
      outcomes.add(notifier.match(new Ways(assignment)).act().outcome());
    }
    Outcome.Kind best =
        outcomes.stream().map(Outcome::kind).min(PageActs::better).orElse(Outcome.Kind.REFUSED);
    return Report.of(
        best, outcomes.stream().map(Outcome::because).collect(Collectors.joining("; ")));
  }

  private static int better(Outcome.Kind one, Outcome.Kind other) {
    return Integer.compare(rank(one), rank(other));
  }

  private static int rank(Outcome.Kind kind) {
    return switch (kind) {
      case DONE -> 0;
      case UNKNOWN -> 1;
      case FAILED -> 2;
      case REFUSED, NOT_BEGUN -> 3;
    };
  }

  private Optional<Fault> fault(Order order) {
    return policy.faults().stream()
        .filter(f -> f.name().equals(order.instance().fault()))
        .findFirst();
  }

  private String summary(Order order) {
    return "%s: %s%s"
        .formatted(
            order.instance().entity(),
            fault(order)
                .map(Fault::title)
                .filter(t -> !t.isEmpty())
                .orElse(order.instance().fault()),
            order.policy().isEmpty() ? "" : ". Policy " + order.policy() + " asks for a human");
  }

  private String severity(Order order) {
    return fault(order).map(f -> f.severity().name().toLowerCase(Locale.ROOT)).orElse("error");
  }

  /** One for each notifier. */
  private final class Ways implements Site.Notifier.Cases<Errand.Work> {
    private final Assignment assignment;
    private final Order order;
    private final String key;

    Ways(Assignment assignment) {
      this.assignment = assignment;
      this.order = assignment.order();
      this.key = OrderWords.key(run, order);
    }

    @Override
    public Errand.Work webhook(Site.Notifier.Webhook notifier) {
      String body =
          OrderWords.object(
              json -> {
                json.writeStringField("order", key);
                json.writeStringField("pager", order.act().object().orElse(""));
                json.writeStringField("summary", summary(order));
                json.writeStringField("fault", order.instance().fault());
                json.writeStringField("entity", order.instance().entity().toString());
                json.writeStringField("severity", severity(order));
                json.writeStringField("policy", order.policy());
                OrderWords.texts(json, "captures", assignment.order().captures());
              });
      return () -> Report.of(calls.send(new Way.HttpCall("POST", notifier.uri()), key, body));
    }

    /** {@code POST /api/v2/alerts}: it takes the time of arrival as the start. */
    @Override
    public Errand.Work alertmanager(Site.Notifier.Alertmanager notifier) {
      Map<String, String> labels = new TreeMap<>();
      labels.put("alertname", "HealPage");
      labels.put("fault", order.instance().fault());
      labels.put("entity", order.instance().entity().toString());
      labels.put("policy", order.policy());
      labels.put("severity", severity(order));
      labels.values().removeIf(String::isEmpty);
      Map<String, String> annotations = new TreeMap<>(assignment.order().captures());
      annotations.put("summary", summary(order));
      annotations.put("order", key);
      String alert =
          OrderWords.object(
              json -> {
                OrderWords.texts(json, "labels", labels);
                OrderWords.texts(json, "annotations", annotations);
              });
      URI alerts = URI.create(notifier.uri().toString().replaceAll("/+$", "") + "/api/v2/alerts");
      return () -> Report.of(calls.send(new Way.HttpCall("POST", alerts), key, "[" + alert + "]"));
    }

    @Override
    public Errand.Work command(Site.Notifier.Command notifier) {
      Map<String, String> environment = OrderWords.environment(key, order.act().verb(), assignment);
      environment.put("HEAL_PAGER", order.act().object().orElse(""));
      environment.put("HEAL_SUMMARY", summary(order));
      environment.put("HEAL_SEVERITY", severity(order));
      return () ->
          Report.of(commands.run(notifier.argv(), environment).outcome(notifier.argv().get(0)));
    }
  }
}
