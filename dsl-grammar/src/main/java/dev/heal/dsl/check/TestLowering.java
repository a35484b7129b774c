package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.SignalKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code test "…" { given …, at …, from …, expect …, never … }}. */
final class TestLowering {
  private final Findings findings;
  private final Workshop workshop;
  private final Names names;

  TestLowering(Findings findings, Workshop workshop, Names names) {
    this.findings = findings;
    this.workshop = workshop;
    this.names = names;
  }

  Optional<TestCase> lower(Declaration.Block block) {
    if (block.title().isEmpty()) {
      findings.add(CheckCode.H0213, block.head(), "this test has no title");
      return Optional.empty();
    }
    Body body = new Body("a test", block.head(), block.statements(), findings);
    SiteLowering given = new SiteLowering(findings, workshop.quantities());
    body.all("given").forEach(given::given);
    Site site = given.site();
    List<TestCase.Feed> feeds = new ArrayList<>();
    List<TestCase.Expectation> expectations = new ArrayList<>();
    List<TestCase.Target> failing = new ArrayList<>();
    body.all("at").forEach(s -> feed(s, site).ifPresent(feeds::add));
    body.all("from").forEach(s -> feed(s, site).ifPresent(feeds::add));
    body.all("expect").forEach(s -> expectation(s, false, site).ifPresent(expectations::add));
    body.all("never").forEach(s -> expectation(s, true, site).ifPresent(expectations::add));
    body.all("fail").forEach(s -> target(s, s.values(), site).ifPresent(failing::add));
    body.done();
    if (expectations.isEmpty() && body.all("expect").isEmpty() && body.all("never").isEmpty()) {
      findings.add(CheckCode.H0213, block.head(), "this test expects nothing");
    }
    return Optional.of(
        new TestCase(block.title().get().text(), site, feeds, expectations, failing, block.head()));
  }

  /** {@code at 0s xid 79 gpu 0}, {@code from 0s..55s every 5s nvml.temperature 91C gpu 0}. */
  private Optional<TestCase.Feed> feed(Statement.Setting setting, Site site) {
    List<Value> values = new ArrayList<>(setting.values());
    if (values.size() < 2) {
      return shape(setting);
    }
    Value when = values.remove(0);
    Optional<Duration> from;
    Optional<Duration> to;
    Optional<Duration> every = Optional.empty();
    if (when instanceof Value.Range range) {
      from = workshop.quantities().duration(range.from());
      to = workshop.quantities().duration(range.to());
      if (values.size() < 3 || !PolicyLowering.isWord(values.get(0), "every")) {
        return shape(setting);
      }
      every = workshop.quantities().duration(values.get(1));
      values = values.subList(2, values.size());
    } else {
      from = workshop.quantities().duration(when);
      to = from;
    }
    if (from.isEmpty() || to.isEmpty() || (when instanceof Value.Range && every.isEmpty())) {
      return Optional.empty();
    }
    return fact(setting, values, site, from.get(), to.get(), every);
  }

  private Optional<TestCase.Feed> fact(
      Statement.Setting setting,
      List<Value> values,
      Site site,
      Duration from,
      Duration to,
      Optional<Duration> every) {
    if (!(values.get(0) instanceof Value.Word word)) {
      return shape(setting);
    }
    Optional<EntityAt> entity = entity(values, site);
    if (entity.isEmpty()) {
      findings.add(
          CheckCode.H0208,
          setting.span(),
          "this line does not name a known node, gpu, service or job at its end",
          "declare it with `given`, and write for instance `gpu 0` or `node n1`");
      return Optional.empty();
    }
    if (entity.get().index() < 1) {
      return shape(setting);
    }
    List<Value> middle = values.subList(1, entity.get().index());
    EntityKind kind = entity.get().kind();
    if (word.name().is("process")) {
      return exit(setting, middle, entity.get(), from, to, every);
    }
    Optional<Signal> signal = workshop.vocabulary().signal(kind, word.name().text());
    if (signal.isEmpty()) {
      findings.add(
          CheckCode.H0203,
          word.span(),
          "`" + word.name().text() + "` is not a signal of a " + kind.word(),
          findings.near(
              word.name().text(),
              workshop.vocabulary().signals(kind).stream().map(Signal::name).toList()));
      return Optional.empty();
    }
    return valued(setting, signal.get(), middle, entity.get(), from, to, every);
  }

  /** {@code 91C}, {@code yes}, {@code "…"}; of an event {@code 154 action reset_gpu}. */
  private Optional<TestCase.Feed> valued(
      Statement.Setting setting,
      Signal signal,
      List<Value> middle,
      EntityAt entity,
      Duration from,
      Duration to,
      Optional<Duration> every) {
    Optional<Double> number = Optional.empty();
    Optional<String> text = Optional.empty();
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i < middle.size(); i++) {
      Value value = middle.get(i);
      if (signal.kind() == SignalKind.EVENT
          && value instanceof Value.Word field
          && signal.words().contains(field.name().text())
          && i + 1 < middle.size()) {
        fields.put(field.name().text(), text(middle.get(++i)));
      } else if (value instanceof Value.Quantity quantity) {
        Dimension dimension =
            signal.kind() == SignalKind.EVENT ? Dimension.NUMBER : signal.dimension();
        number = workshop.quantities().number(quantity, dimension);
        if (number.isEmpty()) {
          return Optional.empty();
        }
      } else if (value instanceof Value.Text line) {
        fields.put("line", line.text());
        text = Optional.of(line.text());
      } else if (value instanceof Value.Word word) {
        text = Optional.of(word.name().text());
        if (signal.kind() == SignalKind.FLAG) {
          number = Optional.of(word.name().is("no") || word.name().is("false") ? 0.0 : 1.0);
        }
        if (word.name().is("nan")) {
          number = Optional.of(Double.NaN);
        }
      }
    }
    if (signal.kind() == SignalKind.FLAG && number.isEmpty()) {
      number = Optional.of(1.0);
    }
    if (signal.kind().isNumber() && number.isEmpty()) {
      findings.add(
          CheckCode.H0213,
          setting.span(),
          "`" + signal.name() + "` has no value here",
          "write " + Quantities.example(signal.dimension()));
      return Optional.empty();
    }
    if (signal.kind() == SignalKind.EVENT) {
      number.ifPresent(code -> fields.put("code", Integer.toString(code.intValue())));
    }
    return Optional.of(
        new TestCase.Feed(
            from, to, every, signal, entity.name(), number, text, fields, setting.span()));
  }

  private static String text(Value value) {
    return value instanceof Value.Text text ? text.text() : value.span().text();
  }

  /** {@code process exits with signal SIGSEGV service llm}. */
  private Optional<TestCase.Feed> exit(
      Statement.Setting setting,
      List<Value> middle,
      EntityAt entity,
      Duration from,
      Duration to,
      Optional<Duration> every) {
    Optional<Signal> signal = workshop.vocabulary().signal(entity.kind(), "exit");
    if (signal.isEmpty()) {
      return shape(setting);
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i + 1 < middle.size(); i++) {
      if (PolicyLowering.isWord(middle.get(i), "signal")) {
        fields.put("exit_signal", middle.get(i + 1).span().text());
      } else if (PolicyLowering.isWord(middle.get(i), "code")) {
        fields.put("exit_code", middle.get(i + 1).span().text());
      }
    }
    return Optional.of(
        new TestCase.Feed(
            from,
            to,
            every,
            signal.get(),
            entity.name(),
            Optional.empty(),
            Optional.empty(),
            fields,
            setting.span()));
  }

  private record EntityAt(EntityKind kind, String name, int index) {}

  /** The entity at the end of a line, as facts write it. */
  private static Optional<EntityAt> entity(List<Value> values, Site site) {
    if (values.size() < 2
        || !(values.get(values.size() - 2) instanceof Value.Word word)
        || EntityKind.of(word.name().text()).isEmpty()) {
      return Optional.empty();
    }
    EntityKind kind = EntityKind.of(word.name().text()).get();
    String written = values.get(values.size() - 1).span().text();
    return name(kind, written, site)
        .map(name -> new EntityAt(kind, kind.word() + ":" + name, values.size() - 2));
  }

  private static Optional<String> name(EntityKind kind, String written, Site site) {
    return switch (kind) {
      case NODE -> site.nodes().stream().map(Site.Node::name).filter(written::equals).findFirst();
      case JOB -> site.jobs().stream().map(Site.Job::name).filter(written::equals).findFirst();
      case GPU -> {
        if (!written.matches("\\d{1,4}")) {
          yield Optional.empty();
        }
        int index = Integer.parseInt(written);
        yield site.nodes().stream()
            .filter(n -> n.gpus().stream().anyMatch(g -> g.index() == index))
            .map(n -> n.name() + "/" + index)
            .findFirst();
      }
      case SERVICE ->
          site.services().stream()
              .filter(s -> s.name().equals(written))
              .map(s -> s.node().map(n -> n + "/").orElse("") + s.name())
              .findFirst();
    };
  }

  private Optional<TestCase.Feed> shape(Statement.Setting setting) {
    findings.add(
        CheckCode.H0305,
        setting.span(),
        "this line does not say what happens",
        "write `at 0s xid 79 gpu 0` or `from 0s..55s every 5s nvml.temperature 91C gpu 0`");
    return Optional.empty();
  }

  private Optional<TestCase.Expectation> expectation(
      Statement.Setting setting, boolean never, Site site) {
    List<Value> values = new ArrayList<>(setting.values());
    Optional<Duration> by = Optional.empty();
    if (values.size() >= 2 && PolicyLowering.isWord(values.get(values.size() - 2), "by")) {
      by = workshop.quantities().duration(values.get(values.size() - 1));
      values = values.subList(0, values.size() - 2);
    }
    TestCase.What what = TestCase.What.ACTION;
    if (!values.isEmpty()
        && (PolicyLowering.isWord(values.get(0), "fault")
            || PolicyLowering.isWord(values.get(0), "clear"))) {
      what =
          PolicyLowering.isWord(values.get(0), "fault")
              ? TestCase.What.FAULT_RAISED
              : TestCase.What.FAULT_CLEARED;
      values = values.subList(1, values.size());
    } else if (values.size() >= 2
        && PolicyLowering.isWord(values.get(0), "give")
        && PolicyLowering.isWord(values.get(1), "up")) {
      what = TestCase.What.GAVE_UP;
      values = values.subList(1, values.size());
    }
    TestCase.What known = what;
    Optional<Duration> limit = by;
    return what == TestCase.What.FAULT_RAISED || what == TestCase.What.FAULT_CLEARED
        ? faultTarget(values, site, setting)
            .map(t -> new TestCase.Expectation(never, known, t, limit, setting.span()))
        : target(setting, values, site)
            .map(t -> new TestCase.Expectation(never, known, t, limit, setting.span()));
  }

  private Optional<TestCase.Target> faultTarget(
      List<Value> values, Site site, Statement.Setting setting) {
    if (values.isEmpty()) {
      findings.add(CheckCode.H0305, setting.span(), "write `expect fault thermal gpu 0`");
      return Optional.empty();
    }
    return Entities.name(values.get(0), BlockKind.FAULT, CheckCode.H0201, names, findings)
        .map(
            fault -> {
              Optional<EntityAt> entity = entity(values, site);
              return new TestCase.Target(
                  fault,
                  entity.map(EntityAt::kind),
                  entity.map(e -> e.name().substring(e.name().indexOf(':') + 1)));
            });
  }

  /** {@code migrate service llm}, {@code throttle gpu}, {@code page}. */
  private Optional<TestCase.Target> target(
      Statement.Setting setting, List<Value> values, Site site) {
    if (values.isEmpty()) {
      findings.add(CheckCode.H0305, setting.span(), "write `expect migrate service llm by 105s`");
      return Optional.empty();
    }
    String verb = values.get(0).span().text();
    if (!verb.equals("up")
        && workshop.vocabulary().verb(verb).isEmpty()
        && !names.of(BlockKind.ACTION).containsKey(verb)) {
      List<String> known = new ArrayList<>(names.of(BlockKind.ACTION).keySet());
      workshop.vocabulary().verbs().forEach(v -> known.add(v.name()));
      findings.add(
          CheckCode.H0204,
          values.get(0).span(),
          "`" + verb + "` is not a verb",
          findings.near(verb, known));
      return Optional.empty();
    }
    if (values.size() == 1 || verb.equals("page")) {
      return Optional.of(new TestCase.Target(verb, Optional.empty(), Optional.empty()));
    }
    Optional<EntityKind> kind =
        workshop
            .vocabulary()
            .verb(verb)
            .map(known -> ActLowering.target(values.get(1), known, findings))
            .orElseGet(() -> Entities.kind(values.get(1), findings));
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> name = Optional.empty();
    if (values.size() > 2) {
      String written = values.get(2).span().text();
      name = name(kind.get(), written, site);
      if (name.isEmpty()) {
        findings.add(
            CheckCode.H0208,
            values.get(2).span(),
            "no %s `%s` is given in this test".formatted(kind.get().word(), written));
        return Optional.empty();
      }
    }
    return Optional.of(new TestCase.Target(verb, kind, name));
  }
}
