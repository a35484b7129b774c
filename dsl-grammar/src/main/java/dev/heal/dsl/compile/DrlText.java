package dev.heal.dsl.compile;

/**
 * User text on its way into Drools text. Both forms keep a short list of harmless ASCII characters
 * and write all others as numbers, so that no quote, backslash, line end or sign of another
 * language's syntax ever reaches a parser of Drools, whatever it does with escapes.
 */
final class DrlText {
  private static final String HARMLESS_IN_LITERALS = " _-.,:/=";
  private static final String HARMLESS_IN_COMMENTS =
      HARMLESS_IN_LITERALS + "()[]{}+#!?\"'*&|;~@^%$";
  private static final String HARMLESS_IN_NAMES = "_-./";

  private DrlText() {}

  /** A string literal with its quotes; Drools reads numbers in capital letters only. */
  static String literal(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isHarmless(c, HARMLESS_IN_LITERALS)) {
        literal.append(c);
      } else {
        literal.append(String.format("\\u%04X", (int) c));
      }
    }
    return literal.append('"').toString();
  }

  /** The text for a comment that ends with its line: to be read by people. */
  static String comment(String text) {
    return numbered(text, HARMLESS_IN_COMMENTS);
  }

  /** One word for the name of a rule; two texts never give the same one. */
  static String name(String text) {
    return numbered(text, HARMLESS_IN_NAMES);
  }

  /** Code points that are not harmless as {@code <U+000A>}. */
  private static String numbered(String text, String harmless) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isHarmless(c, harmless)) {
                safe.appendCodePoint(c);
              } else {
                safe.append(String.format("<U+%04X>", c));
              }
            });
    return safe.toString();
  }

  private static boolean isHarmless(int c, String signs) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || signs.indexOf(c) >= 0;
  }
}
