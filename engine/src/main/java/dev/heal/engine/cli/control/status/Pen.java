package dev.heal.engine.cli.control.status;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.engine.decide.Times;

/** Writes the lines of a status: one way of writing times, names and warnings. */
final class Pen {
  private static final String RED = "\u001b[1;31m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";
  private static final int LABEL_WIDTH = 10;
  private static final long SECOND = 1_000_000_000L;

  /** Begins a line under a label's value. */
  static final String UNDER = "\n" + " ".repeat(LABEL_WIDTH);

  private final StringBuilder text = new StringBuilder();
  private final long now;
  private final boolean colour;

  Pen(long now, boolean colour) {
    this.now = now;
    this.colour = colour;
  }

  void line(String line) {
    text.append(line).append('\n');
  }

  void label(String label, String value) {
    line(pad(label, LABEL_WIDTH) + value);
  }

  void heading(String title, int count) {
    line("\n%s (%,d)".formatted(title, count));
  }

  /** {@code 2026-01-05T00:01:15.000Z (2m ago)}. */
  String moment(long at) {
    return Times.iso(at) + " (" + span(now - at) + " ago)";
  }

  /** How long it is until then. */
  String until(long at) {
    return span(at - now);
  }

  /** To the second where it is more than one. */
  static String span(long nanos) {
    return Times.words(nanos < SECOND ? nanos : nanos / SECOND * SECOND);
  }

  /** What must be seen. */
  String loud(String words) {
    return painted(RED, words);
  }

  String well(String words) {
    return painted(GREEN, words);
  }

  private String painted(String paint, String words) {
    return colour ? paint + words + PLAIN : words;
  }

  static String pad(String word, int width) {
    return word + " ".repeat(Math.max(0, width - word.length()));
  }

  /** Names from outside, as they may stand on a terminal. */
  static String safe(Object words) {
    return HumanRenderer.safe(words.toString());
  }

  String text() {
    return text.toString();
  }
}
