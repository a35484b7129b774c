package dev.heal.engine.cli.control.wire;

import java.util.List;
import java.util.Objects;

/**
 * What is asked of an engine.
 *
 * @param words the command
 * @param form how the answer is to look
 * @param claimed who a root user says to act for; empty: nobody
 */
public record Request(List<String> words, Form form, String claimed) {
  public Request {
    words = List.copyOf(words);
    Objects.requireNonNull(form);
    Objects.requireNonNull(claimed);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("a request has words");
    }
  }

  /**
   * How an answer is shown.
   *
   * @param json for programs
   * @param all also what is usual
   * @param colour with escape sequences
   */
  public record Form(boolean json, boolean all, boolean colour) {
    /** For programs, whole. */
    public static final Form JSON = new Form(true, true, false);

    /** For people, without colour. */
    public static final Form PLAIN = new Form(false, false, false);
  }
}
