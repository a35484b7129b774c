package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Tree;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;

/**
 * Finds characters in comments, strings and patterns that turn the reading direction: with them a
 * line can look like another one (Unicode Technical Report 36). Elsewhere they are errors. So are
 * letters that look like ASCII ones; in strings and patterns they are named here.
 */
final class HiddenDirection {
  /** Cyrillic and Greek letters that most fonts draw as ASCII ones. */
  private static final String LOOK_ALIKES =
      "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb"
          + "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408"
          + "\u03bf\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7";

  private static final Pattern WORD = Pattern.compile("\\p{L}+");

  private HiddenDirection() {}

  static void find(SourceFile source, Tokens tokens, List<Diagnostic> diagnostics) {
    for (Tree.Comment comment : tokens.comments()) {
      look(comment.span(), "this comment", diagnostics);
    }
    for (Token token : tokens.visible()) {
      if (token.getType() == HealLexer.STRING || token.getType() == HealLexer.RAW) {
        look(Tokens.span(source, token), "this text", diagnostics);
        lookAlike(Tokens.span(source, token), diagnostics);
      }
    }
  }

  /** A word of ASCII letters and of others that look just like some: it will never match. */
  private static void lookAlike(Span span, List<Diagnostic> diagnostics) {
    String text = span.text();
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      int foreign = -1;
      boolean ascii = false;
      boolean others = false;
      for (int i = words.start(); i < words.end(); i++) {
        char c = text.charAt(i);
        ascii |= c < 128;
        if (c >= 128) {
          foreign = foreign < 0 ? i : foreign;
          others |= LOOK_ALIKES.indexOf(c) < 0;
        }
      }
      if (ascii && foreign >= 0 && !others) {
        int at = span.start() + foreign;
        diagnostics.add(
            Diagnostic.warning(
                    SyntaxCode.H0117.name(),
                    new Span(span.file(), at, at + 1),
                    "`%s` has a letter in it that only looks like an ASCII one"
                        .formatted(words.group()))
                .help(
                    "type the word again: U+%04X".formatted((int) span.file().text().charAt(at))));
        return;
      }
    }
  }

  private static void look(Span span, String what, List<Diagnostic> diagnostics) {
    String text = span.file().text();
    for (int i = span.start(); i < span.end(); i++) {
      if (turns(text.charAt(i))) {
        diagnostics.add(
            Diagnostic.warning(
                    SyntaxCode.H0113.name(),
                    new Span(span.file(), i, i + 1),
                    "a hidden character turns the reading direction of " + what)
                .help("delete it: U+%04X".formatted((int) text.charAt(i))));
        return;
      }
    }
  }

  private static boolean turns(char c) {
    return (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\u200e'
        || c == '\u200f'
        || c == '\u061c';
  }
}
