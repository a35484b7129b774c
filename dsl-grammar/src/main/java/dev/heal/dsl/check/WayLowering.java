package dev.heal.dsl.check;

import dev.heal.dsl.policy.Means.Launch;
import dev.heal.dsl.policy.Way;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Verb;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code restart via systemd}, {@code fence via command […]}: a verb's way, of one entity. */
final class WayLowering {
  private static final String EXAMPLE = "write `%s via command [\"/usr/local/bin/…\"]`";

  /** The words behind {@code via}, and which verbs each can carry out; empty: all. */
  private static final Map<String, Set<String>> CAN =
      Map.of(
          "supervised", Set.of("restart"),
          "systemd", Set.of("restart"),
          "container", Set.of("restart"),
          "slurm", Set.of("cordon", "uncordon", "drain", "restart", "requeue", "migrate"),
          "http", Set.of(),
          "command", Set.of());

  /** Around a restart: verbs of no policy, bound as they are. */
  private static final List<String> HOOKS = List.of("hold", "resume");

  private final Findings findings;
  private final Quantities quantities;
  private final Addresses addresses;

  WayLowering(Findings findings, Quantities quantities) {
    this.findings = findings;
    this.quantities = quantities;
    this.addresses = new Addresses(findings);
  }

  /**
   * The bindings of all verbs that act on the kind.
   *
   * @param name what a node is called
   * @param launch what starts a service or job
   */
  Map<String, Way.Binding> bindings(
      Body body, EntityKind kind, String name, Optional<Launch> launch) {
    Map<String, Way.Binding> bindings = new LinkedHashMap<>();
    for (Verb verb : Vocabulary.standard().verbs()) {
      if (verb.targets().contains(kind)) {
        body.one(verb.name())
            .flatMap(setting -> binding(setting, kind, name, launch))
            .ifPresent(binding -> bindings.put(verb.name(), binding));
      }
    }
    if (kind == EntityKind.SERVICE) {
      hooks(body, launch, bindings);
    }
    return bindings;
  }

  private void hooks(Body body, Optional<Launch> launch, Map<String, Way.Binding> bindings) {
    for (String hook : HOOKS) {
      body.one(hook)
          .flatMap(setting -> binding(setting, EntityKind.SERVICE, "", launch))
          .ifPresent(binding -> bindings.put(hook, binding));
    }
    boolean held = bindings.containsKey("hold");
    if (held != bindings.containsKey("resume")) {
      findings.add(
          CheckCode.H0213,
          body.head(),
          held
              ? "requests that are held are also let in again"
              : "requests that are let in again were held before",
          "write `hold via http \"POST …/hold\"` and `resume via http \"POST …/resume\"`");
    }
  }

  private Optional<Way.Binding> binding(
      Statement.Setting setting, EntityKind kind, String name, Optional<Launch> launch) {
    List<Value> values = setting.values();
    if (values.size() < 2
        || values.size() > 3
        || !PolicyLowering.isWord(values.get(0), "via")
        || !(values.get(1) instanceof Value.Word word)) {
      addresses.wrong(
          setting.span(),
          "`" + setting.word() + "` is bound to its way with `via`",
          EXAMPLE.formatted(setting.word()));
      return Optional.empty();
    }
    Body inner = new Body("a way", setting.wordSpan(), setting.block().orElse(List.of()), findings);
    Optional<Duration> timeout = inner.value("timeout").flatMap(quantities::duration);
    Optional<Way> undo =
        isReversible(setting.word()) ? inner.one("undo").flatMap(this::undo) : Optional.empty();
    inner.done();
    return way(setting, word.name().text(), kind, name, launch)
        .map(way -> new Way.Binding(way, timeout, undo));
  }

  private static boolean isReversible(String verb) {
    return Vocabulary.standard().verbs().stream()
        .anyMatch(v -> v.name().equals(verb) && v.reversible());
  }

  /** {@code undo http "POST …"}, {@code undo command […]}. */
  private Optional<Way> undo(Statement.Setting setting) {
    List<Value> values = setting.values();
    if (values.size() == 2 && PolicyLowering.isWord(values.get(0), "http")) {
      return addresses.call(values.get(1)).map(Way.Http::new);
    }
    if (values.size() == 2 && PolicyLowering.isWord(values.get(0), "command")) {
      return addresses.argv(values.get(1)).map(Way.Command::new);
    }
    addresses.wrong(
        setting.span(),
        "`undo` is not written in this way",
        "write `undo http \"POST …\"` or `undo command [\"…\"]`");
    return Optional.empty();
  }

  private Optional<Way> way(
      Statement.Setting setting,
      String word,
      EntityKind kind,
      String name,
      Optional<Launch> launch) {
    Span span = setting.values().get(1).span();
    Set<String> can = CAN.get(word);
    if (can == null) {
      List<String> known = CAN.keySet().stream().sorted().toList();
      findings.add(
          CheckCode.H0216,
          span,
          "`" + word + "` is not a way to do it",
          findings
              .near(word, known)
              .or(() -> Optional.of("it is one of " + String.join(", ", known))));
      return Optional.empty();
    }
    boolean ofHost = kind == EntityKind.SERVICE || (word.equals("slurm") && kind != EntityKind.GPU);
    if (!can.isEmpty() && (!ofHost || !can.contains(setting.word()))) {
      addresses.wrong(
          setting.span(),
          "`%s` cannot `%s` a %s".formatted(word, setting.word(), kind.word()),
          EXAMPLE.formatted(setting.word()));
      return Optional.empty();
    }
    Optional<Value> more =
        setting.values().size() == 3 ? Optional.of(setting.values().get(2)) : Optional.empty();
    return switch (word) {
      case "http" ->
          more.map(addresses::call)
              .orElseGet(() -> missing(span, "write `via http \"POST http://…\"`"))
              .map(Way.Http::new);
      case "command" ->
          more.map(addresses::argv)
              .orElseGet(() -> missing(span, EXAMPLE.formatted(setting.word())))
              .map(Way.Command::new);
      default ->
          named(
              word,
              more,
              span,
              kind == EntityKind.NODE ? Optional.of(name) : started(word, launch));
    };
  }

  private <T> Optional<T> missing(Span span, String help) {
    findings.add(CheckCode.H0213, span, "it is not said what is called", help);
    return Optional.empty();
  }

  /** The ways that need the name of what they act on. */
  private Optional<Way> named(
      String word, Optional<Value> written, Span span, Optional<String> known) {
    Optional<String> name =
        written.isPresent() && !word.equals("supervised")
            ? addresses.text(written.get(), "via " + word + " \"…\"")
            : known;
    if (written.isEmpty() && known.isEmpty()) {
      String statement =
          switch (word) {
            case "supervised" -> "run [\"…\"]";
            case "systemd" -> "unit \"….service\"";
            case "container" -> "container \"…\"";
            default -> "slurm 4711";
          };
      findings.add(
          CheckCode.H0213,
          span,
          "`via " + word + "` needs `" + statement.replaceAll(" .*", "") + "`",
          "write `" + statement + "` beside it");
    }
    return name.map(
        n ->
            switch (word) {
              case "supervised" -> new Way.Supervised();
              case "systemd" -> new Way.Systemd(n);
              case "container" -> new Way.Container(n);
              default -> new Way.Slurm(n);
            });
  }

  /** What started it, where that is of the way. */
  private static Optional<String> started(String way, Optional<Launch> launch) {
    return launch.flatMap(
        started ->
            started.match(
                new Launch.Cases<Optional<String>>() {
                  @Override
                  public Optional<String> argv(Launch.Argv argv) {
                    return when("supervised", argv.argv().get(0));
                  }

                  @Override
                  public Optional<String> unit(Launch.Unit unit) {
                    return when("systemd", unit.name());
                  }

                  @Override
                  public Optional<String> container(Launch.Container container) {
                    return when("container", container.name());
                  }

                  @Override
                  public Optional<String> slurmJob(Launch.SlurmJob job) {
                    return when("slurm", job.id());
                  }

                  private Optional<String> when(String fits, String name) {
                    return way.equals(fits) ? Optional.of(name) : Optional.empty();
                  }
                }));
  }
}
