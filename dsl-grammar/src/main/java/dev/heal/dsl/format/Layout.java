package dev.heal.dsl.format;

import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Condition;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Tree;
import dev.heal.dsl.tree.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where lines end. It walks tree and comments in the order of the file; a comment is written at the
 * first line end behind its place, so that none is lost and their order stays.
 */
final class Layout {
  private static final int WIDEST = 120;
  private static final int STEP = 2;

  private final SourceFile source;
  private final Tree tree;
  private final Page page = new Page();
  private int nextComment;
  private int written;
  private boolean opening = true;

  Layout(Tree tree) {
    this.tree = tree;
    this.source = tree.source();
  }

  String text() {
    Span header = header();
    before(header.start(), 0);
    page.line(0, "heal " + tree.edition());
    behind(header.end());
    for (Declaration declaration : tree.declarations()) {
      before(declaration.span().start(), 0);
      if (declaration instanceof Declaration.Block block) {
        block(0, Phrases.head(block), block.head().end(), block.statements(), block.span());
      } else {
        head(declaration);
      }
      behind(declaration.span().end());
    }
    before(source.text().length(), 0);
    return page.text();
  }

  /** A declaration without a block: the names of {@code let} and {@code tune} are a column. */
  private void head(Declaration declaration) {
    String head = Phrases.head(declaration);
    int equals = declaration instanceof Declaration.Import ? -1 : head.indexOf(" = ");
    if (equals < 0) {
      page.line(0, head);
    } else {
      page.line(0, Line.Kind.NAMED, head.substring(0, equals), head.substring(equals + 1));
    }
  }

  /** The place of {@code heal 1}: the first thing that is neither blank nor comment. */
  private Span header() {
    String text = source.text();
    int at = 0;
    int comment = 0;
    while (at < text.length()) {
      if (comment < tree.comments().size() && tree.comments().get(comment).span().start() == at) {
        at = tree.comments().get(comment++).span().end();
      } else if (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\uFEFF') {
        at++;
      } else {
        break;
      }
    }
    int digit = text.indexOf('1', at);
    return new Span(source, at, digit < 0 ? at : digit + 1);
  }

  // ---- comments and empty lines ----------------------------------------------------------------

  /** Writes the comments before a place, and an empty line where the author left one. */
  private void before(int place, int indent) {
    while (nextComment < tree.comments().size()
        && tree.comments().get(nextComment).span().start() < place) {
      Tree.Comment comment = tree.comments().get(nextComment++);
      if (!page.isClosed() && standsBehindSomething(comment)) {
        page.trailing(comment.text());
      } else {
        gap(comment.span().start());
        page.comment(indent, comment.text());
      }
      behind(comment.span().end());
    }
    if (place < source.text().length()) {
      gap(place);
    }
  }

  private boolean standsBehindSomething(Tree.Comment comment) {
    int line = source.lineStart(comment.span().line());
    return !source.text().substring(line, comment.span().start()).isBlank()
        || comment.span().start() < written;
  }

  private void gap(int place) {
    boolean wanted =
        place > written
            && source.text().substring(written, place).chars().filter(c -> c == '\n').count() > 1;
    if (wanted && !opening && !page.isEmpty()) {
      page.blank();
    }
  }

  private void behind(int place) {
    written = Math.max(written, place);
    opening = false;
  }

  // ---- blocks ----------------------------------------------------------------------------------

  private void block(int indent, String head, int headEnd, List<Statement> inside, Span whole) {
    Optional<String> flat =
        isOnOneLine(headEnd, whole) ? flatBlock(head, inside) : Optional.empty();
    if (flat.isPresent() && indent + Page.columns(flat.get()) <= WIDEST) {
      page.line(indent, flat.get());
      return;
    }
    page.line(indent, head + " {");
    int open = source.text().indexOf('{', headEnd);
    written = Math.max(written, open + 1);
    opening = true;
    statements(indent + STEP, inside);
    opening = true;
    before(whole.end() - 1, indent + STEP);
    page.line(indent, "}");
  }

  private boolean isOnOneLine(int headEnd, Span whole) {
    return source.line(headEnd) == source.line(whole.end() - 1);
  }

  private Optional<String> flatBlock(String head, List<Statement> inside) {
    if (inside.isEmpty()) {
      return Optional.of(head + " {}");
    }
    return Optional.of(
        inside.stream().map(this::flat).collect(Collectors.joining(", ", head + " { ", " }")));
  }

  /** A statement on one line, its block too. */
  private String flat(Statement statement) {
    if (statement instanceof Statement.Setting setting && setting.block().isPresent()) {
      return flatBlock(phrase(setting), setting.block().get()).orElseThrow();
    }
    return phrase(statement);
  }

  private static String phrase(Statement statement) {
    if (statement instanceof Statement.Conditional conditional) {
      return conditional.word().words() + " " + Phrases.condition(conditional.condition());
    }
    if (statement instanceof Statement.Setting setting) {
      String values = Phrases.values(setting.values());
      return setting.word() + (values.isEmpty() ? "" : " " + values);
    }
    throw new IllegalStateException("no words for " + statement.getClass());
  }

  /** A statement on one line: its word is a column. */
  private void inColumns(int indent, Statement statement, String flat) {
    String word =
        statement instanceof Statement.Conditional conditional
            ? conditional.word().words()
            : ((Statement.Setting) statement).word();
    boolean step = statement instanceof Statement.Setting s && s.values().isEmpty();
    String rest = flat.substring(Math.min(flat.length(), word.length() + 1));
    page.line(indent, step ? Line.Kind.STEP : Line.Kind.SETTING, word, rest);
  }

  private void statements(int indent, List<Statement> statements) {
    boolean joinable = false;
    int lastLine = 0;
    for (Statement statement : statements) {
      Span span = statement.span();
      boolean oneLine = source.line(span.start()) == source.line(span.end());
      String flat = flat(statement);
      boolean comma = statement instanceof Statement.Setting s ? s.afterComma() : true;
      boolean joins =
          joinable
              && comma
              && oneLine
              && source.line(span.start()) == lastLine
              && page.width() + 2 + Page.columns(flat) <= WIDEST;
      if (joins) {
        page.more(", " + flat);
      } else {
        before(span.start(), indent);
        statement(indent, statement, flat);
      }
      joinable = oneLine && (joins || indent + Page.columns(flat) <= WIDEST);
      lastLine = source.line(span.end());
      behind(span.end());
    }
  }

  private void statement(int indent, Statement statement, String flat) {
    boolean fits = indent + Page.columns(flat) <= WIDEST;
    if (statement instanceof Statement.Setting setting && setting.block().isPresent()) {
      int headEnd =
          setting.values().isEmpty()
              ? setting.wordSpan().end()
              : setting.values().get(setting.values().size() - 1).span().end();
      if (fits && isOnOneLine(headEnd, setting.span())) {
        inColumns(indent, statement, flat);
      } else {
        block(indent, phrase(setting), headEnd, setting.block().get(), setting.span());
      }
    } else if (fits) {
      inColumns(indent, statement, flat);
    } else {
      page.line(indent, broken(statement));
    }
  }

  /** A statement that is too long: a list item by item, a chain part by part. */
  private static String broken(Statement statement) {
    if (statement instanceof Statement.Conditional conditional) {
      String word = conditional.word().words() + " ";
      Condition condition = conditional.condition();
      if (condition instanceof Condition.And and) {
        return word + Phrases.joined(and.parts(), " and\n    ");
      }
      if (condition instanceof Condition.Or or) {
        return word + Phrases.joined(or.parts(), " or\n    ");
      }
    }
    if (statement instanceof Statement.Setting setting) {
      return setting.word()
          + setting.values().stream().map(v -> " " + broken(v)).collect(Collectors.joining());
    }
    return phrase(statement);
  }

  private static String broken(Value value) {
    if (value instanceof Value.ListOf list && list.items().size() > 1) {
      return list.items().stream()
          .map(item -> "  " + Phrases.value(item))
          .collect(Collectors.joining(",\n", "[\n", "\n]"));
    }
    return Phrases.value(value);
  }
}
