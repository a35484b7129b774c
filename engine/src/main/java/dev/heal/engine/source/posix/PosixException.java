package dev.heal.engine.source.posix;

import java.io.IOException;

/** A call to the operating system failed. */
public final class PosixException extends IOException {
  /** Not permitted. */
  public static final int EPERM = 1;

  /** No such file. */
  public static final int ENOENT = 2;

  /** No such process. */
  public static final int ESRCH = 3;

  /** The call was interrupted by a signal. */
  public static final int EINTR = 4;

  /** Too long a list of arguments and environment. */
  public static final int E2BIG = 7;

  /** Not in a format that can be executed. */
  public static final int ENOEXEC = 8;

  /** No such child. */
  public static final int ECHILD = 10;

  /** Nothing now; or too many processes. */
  public static final int EAGAIN = 11;

  /** No memory. */
  public static final int ENOMEM = 12;

  /** Permission denied. */
  public static final int EACCES = 13;

  /** Too many open files on the host. */
  public static final int ENFILE = 23;

  /** Too many open files in this process. */
  public static final int EMFILE = 24;

  /** Broken pipe; for {@code /dev/kmsg}: records were overwritten before they were read. */
  public static final int EPIPE = 32;

  private static final long serialVersionUID = 1L;

  private final int number;

  PosixException(String call, int number, String text) {
    super("%s: %s".formatted(call, text));
    this.number = number;
  }

  /** The error number of Linux. */
  public int number() {
    return number;
  }
}
