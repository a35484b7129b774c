package dev.heal.dsl.parse;

import dev.heal.dsl.text.SourceFile;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * The text of a file as the lexer sees it: ASCII as it is, everything else as one sign for its
 * class. Tokens still have the text of the file, and indices are those of the file.
 *
 * <p>The lexer remembers its way only for signs below U+0080; each other one would cost it a walk
 * through its whole grammar. The signs of the classes are control characters, which are no part of
 * the language themselves.
 */
final class SourceCharacters implements CharStream {
  /** A letter beyond ASCII; in the grammar too, as all of these. */
  static final char LETTER = '\u0001';

  /** A digit or other number beyond ASCII. */
  static final char NUMBER = '\u0002';

  /** A curly quote. */
  static final char QUOTE = '\u0003';

  /** A character that turns the reading direction. */
  static final char DIRECTION = '\u0004';

  /** The micro sign, the one character beyond ASCII that units may hold. */
  static final char MICRO = '\u0005';

  /** A byte order mark: white space. */
  static final char MARK = '\u0006';

  /** Whatever else is no part of the language. */
  static final char OTHER = '\u0007';

  private final String name;
  private final String text;
  private int index;

  SourceCharacters(SourceFile source) {
    this.name = source.name();
    this.text = source.text();
  }

  @Override
  public int LA(int ahead) {
    int at = ahead > 0 ? index + ahead - 1 : index + ahead;
    return at < 0 || at >= text.length() || ahead == 0 ? IntStream.EOF : sign(at);
  }

  private int sign(int at) {
    char c = text.charAt(at);
    if (c >= ' ' && c < 0x7F) {
      return c;
    }
    return switch (c) {
      case '\n', '\r', '\t' -> c;
      case '\u2018', '\u2019', '\u201C', '\u201D', '\u00AB', '\u00BB' -> QUOTE;
      case '\u00B5' -> MICRO;
      case '\uFEFF' -> MARK;
      default -> HiddenDirection.turns(c) ? DIRECTION : byType(at, c);
    };
  }

  private char byType(int at, char c) {
    // the second half of a pair is of the class of the first
    boolean second = Character.isLowSurrogate(c) && at > 0;
    int whole = second ? text.codePointBefore(at + 1) : text.codePointAt(at);
    return switch (Character.getType(whole)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      default -> OTHER;
    };
  }

  @Override
  public void consume() {
    if (index >= text.length()) {
      throw new IllegalStateException("nothing is behind the end");
    }
    index++;
  }

  @Override
  public String getText(Interval interval) {
    int end = Math.min(interval.b + 1, text.length());
    return interval.a >= end ? "" : text.substring(interval.a, end);
  }

  @Override
  public int mark() {
    return -1; // the whole text is at hand
  }

  @Override
  public void release(int marker) {}

  @Override
  public int index() {
    return index;
  }

  @Override
  public void seek(int place) {
    index = Math.min(place, text.length());
  }

  @Override
  public int size() {
    return text.length();
  }

  @Override
  public String getSourceName() {
    return name;
  }
}
