package dev.heal.dsl.check;

import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Queue;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.Way;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code node}, {@code service}, {@code job} and {@code pager}: also the nodes of a test. */
final class SiteLowering {
  private static final int MOST_GPUS = 1024;
  private static final Pattern PCI =
      Pattern.compile("(?:0{0,4}([0-9a-f]{4,8}):)?([0-9a-f]{2}:[0-9a-f]{2})(?:\\.[0-7])?");

  private final Findings findings;
  private final Quantities quantities;
  private final MeansLowering lowering;
  private final QueueLowering queues;
  private final List<Site.Node> nodes = new ArrayList<>();
  private final List<Site.Service> services = new ArrayList<>();
  private final List<Site.Job> jobs = new ArrayList<>();
  private final List<Site.Pager> pagers = new ArrayList<>();

  SiteLowering(Findings findings, Quantities quantities) {
    this.findings = findings;
    this.quantities = quantities;
    this.lowering = new MeansLowering(findings, quantities);
    this.queues = new QueueLowering(findings, quantities);
  }

  Site site() {
    return new Site(nodes, services, jobs, pagers);
  }

  void lower(Declaration.Block block) {
    String name = block.name().orElseThrow().text();
    Body body = new Body("a " + block.kind().word(), block.head(), block.statements(), findings);
    switch (block.kind()) {
      case NODE -> node(name, body);
      case SERVICE -> service(name, block, body);
      case JOB -> job(name, body);
      case PAGER -> {
        pager(name, body);
      }
      default -> throw new IllegalArgumentException("not of a site: " + block.kind());
    }
  }

  private void node(String name, Body body) {
    Map<String, String> attributes = new LinkedHashMap<>();
    Optional<Duration> heartbeat = body.one("heartbeat").flatMap(this::every);
    Optional<Site.Reference> reference = body.one("reference").flatMap(lowering::reference);
    Optional<Site.Scheduling> scheduling = body.one("scheduling").flatMap(lowering::scheduling);
    List<Site.Gpu> gpus = new ArrayList<>();
    for (Statement.Setting setting : body.all("gpu")) {
      gpus.addAll(gpus(setting));
    }
    for (Statement.Setting setting : body.all("service")) {
      List<Integer> used = new ArrayList<>();
      if (setting.block().isPresent()) {
        Body inner = new Body("a service", setting.wordSpan(), setting.block().get(), findings);
        inner.one("gpus").ifPresent(s -> s.values().forEach(v -> used.addAll(indices(v))));
        inner.done();
      }
      for (Value value : setting.values()) {
        services.add(service(value.span().text(), Optional.of(name), used));
      }
    }
    Map<String, Way.Binding> bindings = lowering.bindings(body, EntityKind.NODE, name);
    attributes(body, attributes);
    nodes.add(new Site.Node(name, attributes, heartbeat, reference, scheduling, gpus, bindings));
  }

  private void pager(String name, Body body) {
    Addresses addresses = new Addresses(findings);
    List<Site.Notifier> notifiers = new ArrayList<>();
    boolean given = false;
    for (String word : List.of("webhook", "alertmanager", "command")) {
      Optional<Statement.Setting> setting = body.one(word);
      given |= setting.isPresent();
      Optional<Value> value = setting.flatMap(body::single);
      switch (word) {
        case "webhook" ->
            value.flatMap(addresses::url).map(Site.Notifier.Webhook::new).ifPresent(notifiers::add);
        case "alertmanager" ->
            value
                .flatMap(addresses::url)
                .map(Site.Notifier.Alertmanager::new)
                .ifPresent(notifiers::add);
        default ->
            value
                .flatMap(addresses::argv)
                .map(Site.Notifier.Command::new)
                .ifPresent(notifiers::add);
      }
    }
    body.done();
    if (!given) {
      findings.add(
          CheckCode.H0213,
          body.head(),
          "this pager tells nobody",
          "write `webhook \"https://…\"`, `alertmanager \"http://…\"` or `command [\"…\"]` in it");
    }
    if (!notifiers.isEmpty()) {
      pagers.add(new Site.Pager(name, notifiers));
    }
  }

  private static Site.Service service(String name, Optional<String> node, List<Integer> gpus) {
    return new Site.Service(name, node, gpus, Optional.empty(), Map.of(), Map.of(), Means.NONE);
  }

  /** Whatever is left with one string or word is a label of the node. */
  private void attributes(Body body, Map<String, String> attributes) {
    for (Statement statement : body.statements()) {
      if (statement instanceof Statement.Setting setting
          && setting.values().size() == 1
          && setting.block().isEmpty()
          && !attributes.containsKey(setting.word())
          && setting.values().get(0) instanceof Value.Text text) {
        if (!body.isUsed(setting)) { // `unit "llm.service"` says more than a label does
          body.one(setting.word());
        }
        attributes.put(setting.word(), text.text());
      }
    }
    body.done();
  }

  /** {@code 0000:3b:00} of {@code 00000000:3B:00.0}, as nvidia-smi writes it. */
  private static String pciAddress(String text) {
    Matcher form = PCI.matcher(text.toLowerCase(Locale.ROOT));
    return form.matches()
        ? Objects.requireNonNullElse(form.group(1), "0000") + ":" + form.group(2)
        : text.toLowerCase(Locale.ROOT);
  }

  private List<Site.Gpu> gpus(Statement.Setting setting) {
    List<Site.Gpu> gpus = new ArrayList<>();
    Optional<String> pci = Optional.empty();
    Map<String, Way.Binding> bindings = Map.of();
    Map<String, String> attributes = new LinkedHashMap<>();
    if (setting.block().isPresent()) {
      Body body = new Body("a gpu", setting.wordSpan(), setting.block().get(), findings);
      pci =
          body.value("pci")
              .filter(v -> v instanceof Value.Text)
              .map(v -> pciAddress(((Value.Text) v).text()));
      bindings = lowering.bindings(body, EntityKind.GPU, "");
      attributes(body, attributes);
    }
    for (Value value : setting.values()) {
      for (int index : indices(value)) {
        gpus.add(new Site.Gpu(index, pci, attributes, bindings));
      }
    }
    return gpus;
  }

  private List<Integer> indices(Value value) {
    List<Integer> indices = new ArrayList<>();
    if (value instanceof Value.Range range) {
      OptionalInt from = quantities.count(range.from(), 0, MOST_GPUS);
      OptionalInt to = quantities.count(range.to(), 0, MOST_GPUS);
      if (from.isPresent() && to.isPresent()) {
        for (int i = from.getAsInt(); i <= to.getAsInt(); i++) {
          indices.add(i);
        }
      }
    } else {
      quantities.count(value, 0, MOST_GPUS).ifPresent(indices::add);
    }
    return indices;
  }

  /** {@code heartbeat every 5s}. */
  private Optional<Duration> every(Statement.Setting setting) {
    List<Value> values = setting.values();
    if (values.size() >= 2 && PolicyLowering.isWord(values.get(values.size() - 2), "every")) {
      return quantities.duration(values.get(values.size() - 1));
    }
    if (setting.word().equals("heartbeat")) {
      findings.add(CheckCode.H0305, setting.span(), "write `heartbeat every 5s`");
    }
    return Optional.empty();
  }

  private void service(String name, Declaration.Block block, Body body) {
    List<Integer> gpus = new ArrayList<>();
    body.one("gpus").ifPresent(s -> s.values().forEach(v -> gpus.addAll(indices(v))));
    Map<String, Duration> intervals = new LinkedHashMap<>();
    body.one("health")
        .flatMap(this::every)
        .ifPresent(
            interval -> {
              intervals.put("health.ok", interval);
              intervals.put("health.latency", interval);
            });
    body.one("heartbeat").flatMap(this::every).ifPresent(i -> intervals.put("heartbeat", i));
    Optional<Queue> queue = body.one("queue").flatMap(s -> queues.queue(s, name));
    Means means = lowering.service(body);
    if (means.metrics().orElse(null) instanceof Means.Metrics.Endpoint endpoint) {
      intervals.put(Site.Service.METRICS, endpoint.every());
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes(body, attributes);
    Optional<String> node = block.subject().map(s -> s.text());
    services.add(new Site.Service(name, node, gpus, queue, attributes, intervals, means));
  }

  private void job(String name, Body body) {
    List<String> on = new ArrayList<>();
    body.one("nodes")
        .ifPresent(
            s ->
                s.values().stream()
                    .flatMap(v -> Entities.items(v).stream())
                    .forEach(v -> on.add(v.span().text())));
    body.all("heartbeat");
    Means means = lowering.job(body);
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes(body, attributes);
    jobs.add(new Site.Job(name, on, attributes, means));
  }

  /** {@code given node n1 { … }}, {@code given job j7 { … }} of a test. */
  void given(Statement.Setting setting) {
    List<Value> values = setting.values();
    List<Statement> block = setting.block().orElse(List.of());
    Span head = setting.wordSpan();
    if (values.size() >= 2 && PolicyLowering.isWord(values.get(0), "node")) {
      node(values.get(1).span().text(), new Body("a node", head, block, findings));
    } else if (values.size() >= 2 && PolicyLowering.isWord(values.get(0), "job")) {
      job(values.get(1).span().text(), new Body("a job", head, block, findings));
    } else if (values.size() == 4
        && PolicyLowering.isWord(values.get(0), "service")
        && PolicyLowering.isWord(values.get(2), "on")) {
      services.add(
          service(
              values.get(1).span().text(), Optional.of(values.get(3).span().text()), List.of()));
    } else {
      findings.add(
          CheckCode.H0305, setting.span(), "write `given node n1 { pool \"inference\", gpu 0 }`");
    }
  }
}
