package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/** Names the mistake behind a piece that does not parse: exactly one message for each piece. */
final class Mistakes {
  private static final Map<String, String> FOREIGN_HELP =
      Map.of(
          "&&", "write `and`",
          "||", "write `or`",
          "!", "write `not`",
          ";", "end the line; no `;` is needed",
          ":", "leave out the `:`",
          "=~", "write `matches`",
          "=>", "leave out the `=>`; `>=` compares",
          "->", "leave out the `->`");
  private static final Set<String> UNITS =
      Set.of(
          "C", "W", "kW", "mW", "ms", "s", "m", "h", "d", "us", "B", "KB", "MB", "GB", "TB", "KiB",
          "MiB", "GiB", "TiB", "Hz", "kHz", "MHz", "GHz");

  private final SourceFile source;

  Mistakes(SourceFile source) {
    this.source = source;
  }

  Diagnostic name(List<Token> tokens, Token offending) {
    for (Token token : tokens) {
      Optional<Diagnostic> junk = junk(token);
      if (junk.isPresent()) {
        return junk.get();
      }
    }
    if (offending.getType() == Token.EOF) {
      return tooShort(tokens);
    }
    return switch (offending.getType()) {
      case HealLexer.ASSIGN ->
          error(SyntaxCode.H0103, offending, "`=` does not compare").help("write `==`");
      case HealLexer.AND, HealLexer.OR -> connective(tokens, offending);
      default -> unfitting(tokens, offending);
    };
  }

  private Diagnostic connective(List<Token> tokens, Token offending) {
    int other = offending.getType() == HealLexer.AND ? HealLexer.OR : HealLexer.AND;
    if (tokens.stream().anyMatch(t -> t.getType() == other)) {
      return error(SyntaxCode.H0110, offending, "`and` and `or` mix without parentheses")
          .help("put parentheses around the part that belongs together");
    }
    return unfitting(tokens, offending);
  }

  private Diagnostic tooShort(List<Token> tokens) {
    Token last = tokens.get(tokens.size() - 1);
    Span span = Tokens.span(source, last);
    int end = Math.min(span.end() + 1, source.text().length());
    Span behind = new Span(source, Math.min(span.end(), end), end);
    return Diagnostic.error(SyntaxCode.H0104.name(), behind, "the statement ends too early")
        .label("something is missing behind `" + shorten(last.getText()) + "`");
  }

  private Diagnostic unfitting(List<Token> tokens, Token offending) {
    int at = tokens.indexOf(offending);
    if (at > 0
        && tokens.get(at - 1).getType() == HealLexer.QTY
        && UNITS.contains(offending.getText())) {
      return error(SyntaxCode.H0115, offending, "a number and its unit stand apart")
          .help("write `" + tokens.get(at - 1).getText() + offending.getText() + "`");
    }
    return error(
        SyntaxCode.H0105, offending, "`" + shorten(offending.getText()) + "` does not fit here");
  }

  private Optional<Diagnostic> junk(Token token) {
    String text = token.getText();
    return Optional.ofNullable(
        switch (token.getType()) {
          case HealLexer.UNCLOSED_STRING ->
              error(SyntaxCode.H0101, token, "this string has no closing `\"`")
                  .help("a string ends on the line on which it starts");
          case HealLexer.UNCLOSED_RAW ->
              error(SyntaxCode.H0101, token, "this pattern has no closing back quote")
                  .help("a pattern ends on the line on which it starts");
          case HealLexer.SINGLE_QUOTED ->
              error(SyntaxCode.H0102, token, "strings stand in double quotes")
                  .help("write \"" + text.substring(1, text.length() - 1) + "\"");
          case HealLexer.SLASH_COMMENT ->
              error(SyntaxCode.H0102, token, "`" + text.substring(0, 2) + "` is no comment")
                  .help("a comment starts with `#`");
          case HealLexer.FOREIGN -> foreign(token, text);
          case HealLexer.CURLY_QUOTE ->
              error(SyntaxCode.H0102, token, "curly quotes are not quotes here")
                  .help("use straight double quotes");
          case HealLexer.BIDI ->
              error(SyntaxCode.H0113, token, "a hidden character turns the reading direction")
                  .help("delete it: U+%04X".formatted((int) text.charAt(0)));
          case HealLexer.FOREIGN_LETTER ->
              error(SyntaxCode.H0112, token, "`" + shorten(text) + "` is not in ASCII letters")
                  .help(
                      "U+%04X looks like another letter or is none; type the name again"
                          .formatted(text.codePointAt(0)));
          case HealLexer.OTHER -> error(SyntaxCode.H0102, token, other(text));
          default -> null;
        });
  }

  private static String other(String text) {
    int sign = text.codePointAt(0);
    return sign > ' ' && sign < 127
        ? "`" + text + "` is not a sign of the language"
        : "a character that is not part of the language, U+%04X".formatted(sign);
  }

  private Diagnostic foreign(Token token, String text) {
    Diagnostic error =
        error(SyntaxCode.H0102, token, "`" + text + "` is not a sign of the language");
    String help = FOREIGN_HELP.get(text);
    return help == null ? error : error.help(help);
  }

  Diagnostic error(SyntaxCode code, Token at, String message) {
    return Diagnostic.error(code.name(), Tokens.span(source, at), message);
  }

  static String shorten(String text) {
    return text.length() <= 40 ? text : text.substring(0, 37) + "...";
  }
}
