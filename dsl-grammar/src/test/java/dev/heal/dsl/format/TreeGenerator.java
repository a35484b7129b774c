package dev.heal.dsl.format;

import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.tree.Condition;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Statement.ConditionWord;
import dev.heal.dsl.tree.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Any tree that a file can stand for: every form of the language, in any place where it fits. */
final class TreeGenerator {
  private static final Span NOWHERE = new Span(new SourceFile("generated.heal", ""), 0, 0);
  private static final List<String> NAMES =
      List.of("gpu", "x", "nvml", "temperature", "_a", "Z9", "hot-spot", "a--b", "mode", "llm");
  private static final List<String> SOFT =
      List.of("as", "range", "clear", "cured", "start", "else", "check", "give", "up", "confirm");
  private static final List<String> UNITS = List.of("C", "W", "%", "ms", "GiB", "\u00b5s", "zz");
  private static final List<String> AWKWARD =
      List.of(
          "\"",
          "\\",
          "\\n",
          "\n",
          "\t",
          "#",
          "{",
          "}",
          "`",
          "'",
          ",",
          " ",
          "$",
          "\u0001",
          "\u00e9",
          "\u4e2d",
          "\ud83d\ude00",
          "\u2028",
          "\u0085",
          "\uFEFF",
          "\u00a0",
          "//",
          "a",
          "88C");

  private final Random random;

  TreeGenerator(long seed) {
    this.random = new Random(seed);
  }

  List<Declaration> declarations() {
    return several(0, 3, this::declaration);
  }

  private Declaration declaration() {
    return switch (random.nextInt(8)) {
      case 0 -> new Declaration.Import(text(), maybe(this::name), NOWHERE);
      case 1 -> new Declaration.Let(name(), value(2), NOWHERE);
      case 2 ->
          new Declaration.Tune(
              name(),
              value(1),
              new Value.Range(quantity(), quantity(), NOWHERE),
              maybe(this::text),
              NOWHERE);
      default -> block(pick(List.of(BlockKind.values())));
    };
  }

  private Declaration block(BlockKind kind) {
    boolean change = kind == BlockKind.CHANGE;
    return new Declaration.Block(
        kind,
        change ? Optional.of(dotted()) : maybe(this::dotted),
        change ? Optional.of(name()) : maybe(this::dotted),
        change ? Optional.empty() : maybe(this::text),
        statements(2),
        NOWHERE,
        NOWHERE);
  }

  private List<Statement> statements(int depth) {
    return several(0, 4, () -> statement(depth));
  }

  private Statement statement(int depth) {
    return switch (random.nextInt(9)) {
      case 0, 1 ->
          new Statement.Conditional(
              pick(List.of(ConditionWord.values())), condition(2), NOWHERE, NOWHERE);
      case 2 -> setting(pick(List.of("or else", "give up")), List.of(), depth);
      default ->
          setting(
              random.nextInt(6) == 0 ? pick(List.of("on", "for", "in", "with", "as")) : word(),
              several(0, random.nextInt(12) == 0 ? 12 : 4, () -> value(2)),
              depth);
    };
  }

  private Statement setting(String word, List<Value> values, int depth) {
    Optional<List<Statement>> block =
        depth > 0 && random.nextInt(4) == 0 ? Optional.of(statements(depth - 1)) : Optional.empty();
    return new Statement.Setting(word, values, block, false, NOWHERE, NOWHERE);
  }

  // ---- conditions
  // --------------------------------------------------------------------------------

  private Condition condition(int depth) {
    if (depth == 0 || random.nextInt(3) > 0) {
      return item(depth, true);
    }
    int size = 2 + random.nextInt(random.nextInt(8) == 0 ? 8 : 2);
    List<Condition> parts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      parts.add(item(depth, i < size - 1));
    }
    return random.nextBoolean()
        ? new Condition.And(parts, NOWHERE)
        : new Condition.Or(parts, NOWHERE);
  }

  /** Held by a {@code for} only where it is clear what is held. */
  private Condition item(int depth, boolean mayBeHeld) {
    Condition part = depth > 0 && random.nextInt(4) == 0 ? group(depth) : atom(depth);
    if (random.nextInt(5) == 0) {
      return new Condition.Not(part, NOWHERE);
    }
    boolean clear = mayBeHeld || part instanceof Condition.Group;
    return clear && random.nextInt(4) == 0 ? new Condition.Held(part, quantity(), NOWHERE) : part;
  }

  private Condition group(int depth) {
    return new Condition.Group(condition(depth - 1), NOWHERE);
  }

  private Condition atom(int depth) {
    return switch (random.nextInt(9)) {
      case 0 -> new Condition.CheckPasses(name(), NOWHERE);
      case 1 -> new Condition.In(operand(depth), list(1), NOWHERE);
      case 2 -> new Condition.Contains(path(), random.nextBoolean() ? text() : list(1), NOWHERE);
      case 3 -> new Condition.Matches(path(), pattern(), NOWHERE);
      case 4 -> new Condition.Silence(path(), random.nextBoolean(), NOWHERE);
      case 5 -> new Condition.IsNan(path(), NOWHERE);
      case 6 -> new Condition.Exits(path(), maybe(this::exitFilter), NOWHERE);
      case 7 -> new Condition.Bare(path(), NOWHERE);
      default ->
          new Condition.Compare(
              operand(depth), operator(), value(1), maybe(this::quantity), NOWHERE);
    };
  }

  private Condition.ExitFilter exitFilter() {
    boolean list = random.nextBoolean();
    return new Condition.ExitFilter(
        name(),
        list ? Optional.empty() : Optional.of(operator()),
        list ? Optional.empty() : Optional.of(value(0)),
        list ? Optional.of(list(1)) : Optional.empty(),
        NOWHERE);
  }

  private Condition.Operand operand(int depth) {
    if (depth == 0 || random.nextInt(3) > 0) {
      return new Condition.Operand.Signal(path());
    }
    return new Condition.Operand.Call(name(), several(1, 3, () -> argument(depth - 1)), NOWHERE);
  }

  private Condition.Argument argument(int depth) {
    if (random.nextBoolean()) {
      return new Condition.Argument.OfCondition(condition(depth));
    }
    List<Value> written = new ArrayList<>(List.of(quantity()));
    maybe(this::name).ifPresent(name -> written.add(new Value.Word(name)));
    return new Condition.Argument.OfValues(written, NOWHERE);
  }

  private ComparisonOperator operator() {
    return pick(List.of(ComparisonOperator.values()));
  }

  // ---- values
  // ------------------------------------------------------------------------------------

  private Value value(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0, 1 -> quantity();
      case 2 -> text();
      case 3 -> pattern();
      case 4 -> new Value.Word(dotted());
      case 5 -> new Value.Range(quantity(), quantity(), NOWHERE);
      case 6 -> new Value.Comparison(operator(), NOWHERE);
      default -> list(depth);
    };
  }

  private Value.ListOf list(int depth) {
    int most = random.nextInt(10) == 0 ? 20 : 3;
    return new Value.ListOf(several(0, most, () -> value(depth - 1)), NOWHERE);
  }

  private Value.Quantity quantity() {
    List<Value.Quantity.Part> parts = new ArrayList<>();
    int size = random.nextInt(5) == 0 ? 2 + random.nextInt(3) : 1;
    for (int i = 0; i < size; i++) {
      String sign = i == 0 && random.nextInt(6) == 0 ? "-" : "";
      String whole = sign + (1 + random.nextInt(1_000_000));
      String number = random.nextInt(4) == 0 ? whole + "." + random.nextInt(100) : whole;
      String unit = size == 1 && random.nextBoolean() ? "" : pick(UNITS);
      parts.add(new Value.Quantity.Part(new BigDecimal(number), unit));
    }
    return new Value.Quantity(parts, NOWHERE);
  }

  private Value.Text text() {
    return new Value.Text(String.join("", several(0, 6, () -> pick(AWKWARD))), NOWHERE);
  }

  private Value.Pattern pattern() {
    String text = String.join("", several(0, 6, () -> pick(AWKWARD)));
    return new Value.Pattern(text.replace("`", "").replace("\n", ""), NOWHERE);
  }

  // ---- names
  // -------------------------------------------------------------------------------------

  private String word() {
    return pick(NAMES);
  }

  private Name name() {
    return new Name(List.of(word()), NOWHERE);
  }

  /** A name in a condition. */
  private Name path() {
    List<String> parts = new ArrayList<>(List.of(word()));
    parts.addAll(several(0, 2, this::anyWord));
    return new Name(parts, NOWHERE);
  }

  private Name dotted() {
    return path();
  }

  private String anyWord() {
    return random.nextInt(3) == 0 ? pick(SOFT) : word();
  }

  // ---- chance
  // ------------------------------------------------------------------------------------

  private <T> Optional<T> maybe(Supplier<T> supplier) {
    return random.nextBoolean() ? Optional.of(supplier.get()) : Optional.empty();
  }

  private <T> List<T> several(int least, int most, Supplier<T> supplier) {
    List<T> all = new ArrayList<>();
    for (int left = least + random.nextInt(most - least + 1); left > 0; left--) {
      all.add(supplier.get());
    }
    return all;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
