package dev.heal.engine.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command reads and writes. Text is UTF-8 and lines end in {@code \n} whatever the locale.
 * Results go to {@link #out()}, which is buffered; everything else to {@link #err()}, which appears
 * at once. A write that fails is thrown, never swallowed: the frame ends the command.
 */
public final class Console {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int DEFAULT_COLUMNS = 100;

  private final InputStream in;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final boolean colour;
  private final int columns;

  private Console(
      InputStream in,
      OutputStream out,
      OutputStream err,
      boolean terminal,
      boolean colour,
      int columns) {
    this.in = in;
    this.out = writer(out, false);
    this.err = writer(err, true);
    this.terminal = terminal;
    this.colour = colour;
    this.columns = columns;
  }

  /** The console of this process. The launcher says whether standard output is a terminal. */
  static Console ofProcess(Map<String, String> environment) {
    boolean terminal = Boolean.getBoolean("heal.terminal");
    boolean colour =
        terminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        terminal,
        colour,
        Integer.getInteger("heal.columns", DEFAULT_COLUMNS));
  }

  /** A console on streams, without terminal or colour: for tests and for the warm-up. */
  public static Console of(InputStream in, OutputStream out, OutputStream err) {
    return new Console(in, out, err, false, false, DEFAULT_COLUMNS);
  }

  private static PrintWriter writer(OutputStream stream, boolean immediate) {
    OutputStream loud = new LoudOutputStream(stream);
    return new LineFeedWriter(
        new OutputStreamWriter(
            immediate ? loud : new BufferedOutputStream(loud, BUFFER_BYTES),
            StandardCharsets.UTF_8),
        immediate);
  }

  /** Standard input, as bytes. */
  public InputStream in() {
    return in;
  }

  /** For results; flushed when the command ends. Flush it yourself where somebody follows live. */
  public PrintWriter out() {
    return out;
  }

  /** For everything that is not the result. */
  public PrintWriter err() {
    return err;
  }

  /** Whether a person looks at {@link #out()}. */
  public boolean isTerminal() {
    return terminal;
  }

  /** Whether escape sequences for colour may be written: a terminal, and no {@code NO_COLOR}. */
  public boolean colourAllowed() {
    return colour;
  }

  /** The width of the terminal; 100 where there is none. */
  public int columns() {
    return columns;
  }
}
