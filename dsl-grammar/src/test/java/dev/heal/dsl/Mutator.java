package dev.heal.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Breaks files in the ways in which people, editors and disks break them. */
final class Mutator {
  private static final Pattern TOKEN =
      Pattern.compile("\"[^\"\n]*\"|`[^`\n]*`|#[^\n]*|[\\w.%-]+|[<>=!]=|\n|[^\\s]");
  private static final List<String> INSERTS =
      List.of(
          "{",
          "}",
          "(",
          ")",
          "[",
          "]",
          ",",
          "=",
          "==",
          ">=",
          "&&",
          "||",
          "!",
          ";",
          ":",
          "'x'",
          "\"",
          "`",
          "\u201c",
          "#",
          "//",
          "/*",
          "*/",
          "->",
          "..",
          ".",
          "-",
          "\\",
          "and",
          "or",
          "not",
          "for",
          "over",
          "in",
          "if",
          "else",
          "88",
          "88 C",
          "-1",
          "1e9",
          "0x1F",
          "999999999999999999999999",
          "\u0435",
          "\u202e",
          "\u00a0",
          "\u200b",
          "\ufeff",
          "\u0001",
          "\r",
          "\t",
          "\ud83d\ude00",
          "\ud83d",
          "${x}",
          "test",
          "nan",
          "is",
          "count(",
          "within",
          "0s",
          "-5C",
          "throttle gpu",
          "mode enforce",
          "1h30m",
          "\u0000",
          "fault x on gpu {",
          "when",
          "heal 1",
          "import \"x\" as y");

  private final Random random;
  private final List<String> files;

  Mutator(long seed, List<String> files) {
    this.random = new Random(seed);
    this.files = files;
  }

  /** A slice of a file, mostly with its header, with one to three wounds. */
  String next() {
    String text = slice(pick(files));
    if (random.nextInt(20) != 0) {
      text = "heal 1\n" + text;
    }
    int wounds = 1 + random.nextInt(3);
    for (int i = 0; i < wounds; i++) {
      text = wound(text);
    }
    return text;
  }

  private String slice(String file) {
    if (random.nextInt(50) == 0) {
      return file;
    }
    List<String> lines = file.lines().toList();
    int from = random.nextInt(lines.size());
    while (from > 0 && !startsDeclaration(lines.get(from))) {
      from--;
    }
    int to = from + 1;
    int declarations = 1 + random.nextInt(2);
    while (to < lines.size() && declarations > 0) {
      declarations -= startsDeclaration(lines.get(to)) ? 1 : 0;
      to++;
    }
    return String.join("\n", lines.subList(from, declarations == 0 ? to - 1 : to)) + "\n";
  }

  private static boolean startsDeclaration(String line) {
    return !line.isEmpty() && Character.isLetter(line.charAt(0));
  }

  private String wound(String text) {
    if (text.isEmpty()) {
      return pick(INSERTS);
    }
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> tokens(text);
      case 3 -> flipped(text);
      case 4 -> withoutALine(text);
      case 5 -> spliced(text);
      case 6 -> bracket(text);
      case 7 -> inserted(text, random.nextInt(text.length() + 1), pick(INSERTS));
      case 8 -> anyCharacter(text);
      default -> text.substring(0, random.nextInt(text.length()));
    };
  }

  private String tokens(String text) {
    List<int[]> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(new int[] {matcher.start(), matcher.end()});
    }
    if (tokens.isEmpty()) {
      return text;
    }
    int[] a = pick(tokens);
    int[] b = pick(tokens);
    String word = text.substring(a[0], a[1]);
    String other = text.substring(b[0], b[1]);
    return switch (random.nextInt(5)) {
      case 0 -> text.substring(0, a[0]) + text.substring(a[1]);
      case 1 -> inserted(text, a[0], word + " ");
      case 2 -> inserted(text, a[0], pick(INSERTS) + " ");
      case 3 -> text.substring(0, a[0]) + other + text.substring(a[1]);
      default ->
          a[1] <= b[0]
              ? text.substring(0, a[0])
                  + other
                  + text.substring(a[1], b[0])
                  + word
                  + text.substring(b[1])
              : inserted(text, a[1], other);
    };
  }

  private String flipped(String text) {
    char[] letters = text.toCharArray();
    int flips = 1 + random.nextInt(3);
    for (int i = 0; i < flips; i++) {
      letters[random.nextInt(letters.length)] ^= (char) (1 << random.nextInt(7));
    }
    return new String(letters);
  }

  private String anyCharacter(String text) {
    int at = random.nextInt(text.length());
    char any = (char) random.nextInt(random.nextBoolean() ? 0x80 : 0xFFFF);
    return text.substring(0, at) + any + text.substring(at + 1);
  }

  private String withoutALine(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (!lines.isEmpty()) {
      lines.remove(random.nextInt(lines.size()));
    }
    return String.join("\n", lines);
  }

  private String spliced(String text) {
    String other = pick(files);
    int from = random.nextInt(other.length());
    int to = Math.min(other.length(), from + random.nextInt(200));
    return inserted(text, random.nextInt(text.length() + 1), other.substring(from, to));
  }

  private String bracket(String text) {
    String brackets = "{}()[]";
    String one = String.valueOf(brackets.charAt(random.nextInt(brackets.length())));
    return inserted(text, random.nextInt(text.length() + 1), one.repeat(1 + random.nextInt(60)));
  }

  private static String inserted(String text, int at, String what) {
    return text.substring(0, at) + what + text.substring(at);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
