package dev.heal.dsl.format;

/**
 * A line before it is laid into columns.
 *
 * @param kind which lines above and below it are its like
 * @param first what stands in the column that is made as wide as the widest of its like
 * @param rest what stands behind it; empty where nothing does
 * @param comment at the end of the line; empty for none
 */
record Line(int indent, Kind kind, String first, String rest, String comment) {

  /** Only lines of one kind, one below the other, are laid into columns. */
  enum Kind {
    /** In no column. */
    ALONE,
    /** A word and its values: {@code severity critical}. */
    SETTING,
    /** A word and its block: {@code then { … }}. */
    STEP,
    /** {@code let pager} and {@code = "oncall"}. */
    NAMED
  }

  Line more(String text) {
    return rest.isEmpty()
        ? new Line(indent, kind, first + text, rest, comment)
        : new Line(indent, kind, first, rest + text, comment);
  }

  Line with(String newComment) {
    return new Line(indent, kind, first, rest, newComment);
  }

  boolean isLike(Line other) {
    return kind == other.kind && indent == other.indent && kind != Kind.ALONE;
  }

  /** Its text, the first column {@code width} wide; without its comment. */
  String text(int width) {
    String blanks = rest.isEmpty() ? "" : " ".repeat(Math.max(1, 1 + width - Page.columns(first)));
    return " ".repeat(indent) + first + blanks + rest;
  }

  /** Its text where it stands in no column. */
  String plain() {
    return text(0);
  }
}
