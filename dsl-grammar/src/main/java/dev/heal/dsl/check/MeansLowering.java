package dev.heal.dsl.check;

import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Means.Change;
import dev.heal.dsl.policy.Means.Launch;
import dev.heal.dsl.policy.Means.Metrics;
import dev.heal.dsl.policy.Means.Probe;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.Way;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What starts, watches and changes a service or job. */
final class MeansLowering {
  private static final Duration HEALTH_EVERY = Duration.ofSeconds(2);
  private static final Duration METRICS_EVERY = Duration.ofSeconds(5);
  private static final Duration REFERENCE_EVERY = Duration.ofSeconds(1);
  private static final Duration SCHEDULING_EVERY = Duration.ofSeconds(10);
  private static final Duration OFTEN = Duration.ofMillis(100);

  /** A name, an address, or one of version 6 in brackets; and a port. */
  private static final Pattern ADDRESS =
      Pattern.compile("([\\w.-]+|\\[[0-9a-fA-F:.]+(?:%[\\w.-]+)?]):(\\d{1,5})");

  private static final Pattern SLURM_ID = Pattern.compile("\\d+(?:[_+]\\d+)?");

  private final Findings findings;
  private final Quantities quantities;
  private final Addresses addresses;
  private final WayLowering ways;

  MeansLowering(Findings findings, Quantities quantities) {
    this.findings = findings;
    this.quantities = quantities;
    this.addresses = new Addresses(findings);
    this.ways = new WayLowering(findings, quantities);
  }

  Means service(Body body) {
    Optional<Launch> launch = launch(body);
    Map<String, Means.Profile> profiles = new LinkedHashMap<>();
    for (Statement.Setting setting : body.all("profile")) {
      profile(setting, launch)
          .ifPresent(
              profile -> {
                if (profiles.put(profile.name(), profile) != null) {
                  findings.add(
                      CheckCode.H0212,
                      setting.span(),
                      "profile `" + profile.name() + "` is given twice");
                }
              });
    }
    return new Means(
        launch,
        logs(body),
        body.one("health").flatMap(this::health),
        body.one("metrics").flatMap(this::metrics),
        profiles,
        ways.bindings(body, EntityKind.SERVICE, "", launch));
  }

  Means job(Body body) {
    Optional<Launch> launch = body.one("slurm").flatMap(this::slurm);
    return new Means(
        launch,
        logs(body),
        Optional.empty(),
        body.one("metrics").flatMap(this::metrics),
        Map.of(),
        ways.bindings(body, EntityKind.JOB, "", launch));
  }

  Map<String, Way.Binding> bindings(Body body, EntityKind kind, String name) {
    return ways.bindings(body, kind, name, Optional.empty());
  }

  private Optional<Launch> launch(Body body) {
    Optional<Statement.Setting> run = body.one("run");
    List<Optional<Launch>> given = new ArrayList<>();
    run.ifPresent(setting -> given.add(argv(setting, body)));
    body.one("unit").ifPresent(s -> given.add(name(s, "vllm.service").map(Launch.Unit::new)));
    body.one("container").ifPresent(s -> given.add(name(s, "vllm").map(Launch.Container::new)));
    body.one("slurm").ifPresent(s -> given.add(slurm(s)));
    if (given.size() > 1) {
      findings.add(
          CheckCode.H0212,
          body.head(),
          "this service is started in two ways",
          "keep one of `run`, `unit`, `container` and `slurm`");
    }
    for (String word : List.of("env", "directory", "user")) {
      List<Statement.Setting> settings = body.all(word);
      if (run.isEmpty() && !settings.isEmpty()) {
        findings.add(
            CheckCode.H0213,
            settings.get(0).span(),
            "`" + word + "` needs `run`: the engine sets it only for what it starts itself",
            "write `run [\"…\"]` beside it");
      }
    }
    return given.stream().flatMap(Optional::stream).findFirst();
  }

  private Optional<String> name(Statement.Setting setting, String example) {
    String help = setting.word() + " \"" + example + "\"";
    if (setting.values().size() != 1) {
      addresses.wrong(
          setting.span(), "`" + setting.word() + "` takes one name", "write `" + help + "`");
      return Optional.empty();
    }
    return addresses.text(setting.values().get(0), help);
  }

  private Optional<Launch> argv(Statement.Setting run, Body body) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Statement.Setting setting : body.all("env")) {
      setting.values().forEach(value -> environment.putAll(addresses.environment(value)));
    }
    Optional<String> directory = body.one("directory").flatMap(s -> name(s, "/srv/llm"));
    Optional<String> user = body.one("user").flatMap(s -> name(s, "llm"));
    return value(run, "run [\"python3\", \"server.py\"]")
        .flatMap(addresses::argv)
        .map(argv -> new Launch.Argv(argv, environment, directory, user));
  }

  private Optional<Value> value(Statement.Setting setting, String example) {
    if (setting.values().size() == 1) {
      return Optional.of(setting.values().get(0));
    }
    addresses.wrong(
        setting.span(),
        "`" + setting.word() + "` is not written in this way",
        "write `" + example + "`");
    return Optional.empty();
  }

  private Optional<Launch> slurm(Statement.Setting setting) {
    Optional<Value> value = value(setting, "slurm 4711");
    String id = value.map(MeansLowering::words).orElse("");
    if (value.isPresent() && !SLURM_ID.matcher(id).matches()) {
      addresses.wrong(
          value.get().span(), "`" + id + "` is not the number of a job", "write `slurm 4711`");
      return Optional.empty();
    }
    return value.map(v -> new Launch.SlurmJob(id));
  }

  private static String words(Value value) {
    return value instanceof Value.Text text ? text.text() : value.span().text();
  }

  private List<String> logs(Body body) {
    List<String> logs = new ArrayList<>();
    for (Statement.Setting setting : body.all("log")) {
      for (Value value : setting.values()) {
        for (Value item : Entities.items(value)) {
          addresses.text(item, "log \"/var/log/vllm/*.log\"").ifPresent(logs::add);
        }
      }
    }
    return logs;
  }

  /**
   * {@code "http://…" every 2s}, {@code tcp "host:port" every 2s}, {@code command […] every 2s}.
   */
  private Optional<Probe> health(Statement.Setting setting) {
    Optional<Timed> timed = timed(setting, HEALTH_EVERY);
    List<Value> what = timed.map(Timed::what).orElse(List.of());
    Duration every = timed.map(Timed::every).orElse(HEALTH_EVERY);
    if (timed.isPresent() && what.size() == 1) {
      return addresses.url(what.get(0)).map(uri -> new Probe.Http(uri, every));
    }
    if (what.size() == 2 && PolicyLowering.isWord(what.get(0), "tcp")) {
      return address(what.get(1), "health tcp \"127.0.0.1:8000\" every 2s")
          .map(to -> new Probe.Tcp(to.host(), to.port(), every));
    }
    if (what.size() == 2 && PolicyLowering.isWord(what.get(0), "command")) {
      return addresses.argv(what.get(1)).map(argv -> new Probe.Command(argv, every));
    }
    if (timed.isPresent()) {
      addresses.wrong(
          setting.span(),
          "`health` is not written in this way",
          "write `health \"http://…\" every 2s`, `health tcp \"127.0.0.1:8000\"` or `health"
              + " command [\"…\"]`");
    }
    return Optional.empty();
  }

  /** {@code reference "10.0.0.1:443" every 1s} of a node. */
  Optional<Site.Reference> reference(Statement.Setting setting) {
    String example = "reference \"10.0.0.1:443\" every 1s";
    Optional<Timed> timed = timed(setting, REFERENCE_EVERY);
    if (timed.isEmpty()) {
      return Optional.empty();
    }
    if (timed.get().what().size() != 1 || setting.block().isPresent()) {
      addresses.wrong(
          setting.span(),
          "`reference` is not written in this way",
          "write `" + example + "`: a host and a port that a connection is made to");
      return Optional.empty();
    }
    Duration every = timed.get().every();
    return address(timed.get().what().get(0), example)
        .map(to -> new Site.Reference(to.host(), to.port(), every));
  }

  /** {@code scheduling command ["/opt/site/node-state"] every 10s} of a node. */
  Optional<Site.Scheduling> scheduling(Statement.Setting setting) {
    Optional<Timed> timed = timed(setting, SCHEDULING_EVERY);
    if (timed.isEmpty()) {
      return Optional.empty();
    }
    List<Value> what = timed.get().what();
    if (what.size() != 2
        || !PolicyLowering.isWord(what.get(0), "command")
        || setting.block().isPresent()) {
      addresses.wrong(
          setting.span(),
          "`scheduling` is not written in this way",
          "write `scheduling command [\"/opt/site/node-state\"] every 10s`: it says `schedulable`,"
              + " `cordoned`, `cordoned by NAME` or `down`");
      return Optional.empty();
    }
    Duration every = timed.get().every();
    return addresses.argv(what.get(1)).map(argv -> new Site.Scheduling(argv, every));
  }

  /** Where a connection is made to. */
  private record Address(String host, int port) {}

  private Optional<Address> address(Value value, String example) {
    Matcher address = ADDRESS.matcher(words(value));
    int port = address.matches() ? Integer.parseInt(address.group(2)) : 0;
    if (port < 1 || port > 65_535) {
      addresses.wrong(
          value.span(),
          "`" + words(value) + "` is not a host and a port",
          "write `" + example + "`");
      return Optional.empty();
    }
    return Optional.of(new Address(address.group(1), port));
  }

  private Optional<Metrics> metrics(Statement.Setting setting) {
    Optional<Timed> timed = timed(setting, METRICS_EVERY);
    List<Value> what = timed.map(Timed::what).orElse(List.of());
    if (timed.isPresent() && what.size() == 1) {
      Duration every = timed.get().every();
      return addresses.url(what.get(0)).map(uri -> new Metrics.Endpoint(uri, every));
    }
    if (what.size() == 2 && PolicyLowering.isWord(what.get(0), "file")) {
      return addresses
          .text(what.get(1), "metrics file \"/var/log/train/metrics.jsonl\"")
          .map(Metrics.File::new);
    }
    if (timed.isPresent()) {
      addresses.wrong(
          setting.span(),
          "`metrics` is not written in this way",
          "write `metrics \"http://…\" every 5s` or `metrics file \"….jsonl\"`");
    }
    return Optional.empty();
  }

  /** What stands before {@code every}. */
  private record Timed(List<Value> what, Duration every) {}

  private Optional<Timed> timed(Statement.Setting setting, Duration usual) {
    List<Value> values = setting.values();
    int last = values.size() - 1;
    if (last < 1 || !PolicyLowering.isWord(values.get(last - 1), "every")) {
      return Optional.of(new Timed(values, usual));
    }
    Optional<Duration> every = quantities.duration(values.get(last));
    if (every.filter(d -> d.compareTo(OFTEN) < 0).isPresent()) {
      findings.add(CheckCode.H0304, values.get(last).span(), "it is asked every 100ms at the most");
      return Optional.empty();
    }
    return every.map(d -> new Timed(values.subList(0, last - 1), d));
  }

  private Optional<Means.Profile> profile(Statement.Setting setting, Optional<Launch> launch) {
    Optional<Value> name = value(setting, "profile lean { env [\"…\"] }");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Span head = setting.wordSpan();
    Body body = new Body("a profile", head, setting.block().orElse(List.of()), findings);
    List<Change> changes = new ArrayList<>();
    for (Statement.Setting env : body.all("env")) {
      if (launch.filter(started -> started instanceof Launch.Container).isPresent()) {
        addresses.wrong(
            env.span(),
            "a container keeps the environment that it was made with",
            "write `http \"POST …\"` or `file \"/path\" \"text\"`");
      }
      Map<String, String> values = new LinkedHashMap<>();
      env.values().forEach(value -> values.putAll(addresses.environment(value)));
      changes.add(new Change.Environment(values));
    }
    calls(body, head).ifPresent(changes::add);
    for (Statement.Setting file : body.all("file")) {
      file(file).ifPresent(changes::add);
    }
    body.done();
    if (body.statements().isEmpty()) {
      findings.add(
          CheckCode.H0213,
          setting.span(),
          "this profile changes nothing",
          "write `env [\"NAME=value\"]`, `http \"POST …\"` or `file \"/path\" \"text\"` in it");
    }
    return Optional.of(new Means.Profile(words(name.get()), changes));
  }

  /** {@code http "POST …/lean", undo http "POST …/full"}: what nobody can take back is refused. */
  private Optional<Change> calls(Body body, Span head) {
    Optional<Statement.Setting> there = body.one("http");
    Optional<Statement.Setting> back = body.one("undo");
    if (there.isPresent() != back.isPresent()) {
      findings.add(
          CheckCode.H0213,
          head,
          "a profile that is switched to by `http` is also switched back",
          "write `http \"POST …/lean\"` and `undo http \"POST …/full\"`");
      return Optional.empty();
    }
    Optional<Way.HttpCall> first =
        there.flatMap(s -> value(s, "http \"POST …\"")).flatMap(addresses::call);
    Optional<Way.HttpCall> second =
        back.filter(s -> s.values().size() == 2 && PolicyLowering.isWord(s.values().get(0), "http"))
            .flatMap(s -> addresses.call(s.values().get(1)));
    if (back.isPresent() && back.get().values().size() != 2) {
      addresses.wrong(
          back.get().span(), "`undo` is not written in this way", "write `undo http \"POST …\"`");
    }
    return first.flatMap(to -> second.map(from -> new Change.Http(to, from)));
  }

  private Optional<Change> file(Statement.Setting setting) {
    List<Value> values = setting.values();
    if (values.size() == 2
        && values.get(0) instanceof Value.Text path
        && path.text().startsWith("/")
        && values.get(1) instanceof Value.Text text) {
      return Optional.of(new Change.File(path.text(), text.text()));
    }
    addresses.wrong(
        setting.span(),
        "`file` names a path from the root, and the text that the file is to hold",
        "write `file \"/etc/llm/mode\" \"lean\"`");
    return Optional.empty();
  }
}
