package dev.heal.dsl;

import java.util.List;

/** Texts that could keep a parser busy, at any size. */
public enum Giants {
  ROUND("(", ""),
  SQUARE("[", ""),
  BRACES("{", ""),
  CLOSING_BRACES("}", ""),
  BLOCKS_WITHOUT_HEADS("{\n", ""),
  ROUND_IN_A_CONDITION(Giants.IN_A_CONDITION, "(", ")\n}\n"),
  NEGATIONS(Giants.IN_A_CONDITION, "not ", "a\n}\n"),
  CONJUNCTIONS(Giants.IN_A_CONDITION, "a and ", "a\n}\n"),
  CALLS(Giants.IN_A_CONDITION, "count(", "\n}\n"),
  CALLS_THAT_CLOSE(Giants.IN_A_CONDITION + "count(", "a == 1, ", "a) > 1\n}\n"),
  A_LIST("heal 1\nfault f on gpu {\n  a [", "1, ", "]\n}\n"),
  STATEMENTS("heal 1\nfault f on gpu {\n", "a b\n", "}\n"),
  WRONG_STATEMENTS("heal 1\nfault f on gpu {\n", "a = b\n", "}\n"),
  LETS("heal 1\n", "let a = 1\n", ""),
  OPEN_FAULTS("heal 1\n", "fault f on gpu {\n", ""),
  WORDS("a ", ""),
  DOTTED("a.", ""),
  HYPHENS("a-", ""),
  DIGITS("heal 1\nlet a = ", "9", "\n"),
  HOURS("heal 1\nlet a = ", "1h", "\n"),
  AN_OPEN_STRING("heal 1\nlet a = \"", "x", ""),
  ESCAPES("\"\\", ""),
  STRINGS_AND_ESCAPES("\",\\", ""),
  PATTERNS("`,", ""),
  SLASHES("/*", ""),
  SINGLE_QUOTES("'", ""),
  ACCENTS("\u00e9", ""),
  HAN("\u4e00 ", ""),
  EMOJI("\ud83d\ude00", ""),
  EMOJI_AND_WORDS("\ud83d\ude00a ", ""),
  HALF_PAIRS("\ude00", ""),
  DIRECTIONS("\u202e", ""),
  A_COMMENT("#", "\u4e00", ""),
  COMMENTS("heal 1\n", "# c\n", ""),
  LINE_ENDS("\n", ""),
  COMMAS(",", ""),
  DOTS("..", ""),
  RETURNS("\r", "");

  private static final String IN_A_CONDITION = "heal 1\nfault f on gpu {\n  when ";

  private final String before;
  private final String again;
  private final String behind;

  Giants(String again, String behind) {
    this("", again, behind);
  }

  Giants(String before, String again, String behind) {
    this.before = before;
    this.again = again;
    this.behind = behind;
  }

  /** About so many characters. */
  public String text(int size) {
    int rest = size - before.length() - behind.length();
    return before + again.repeat(Math.max(1, rest / again.length())) + behind;
  }

  /** The shapes that the parser takes as one statement, whatever their size. */
  public static List<Giants> statements() {
    return List.of(CONJUNCTIONS, NEGATIONS, CALLS_THAT_CLOSE, A_LIST);
  }
}
