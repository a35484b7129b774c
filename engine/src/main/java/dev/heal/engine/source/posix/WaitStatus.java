package dev.heal.engine.source.posix;

import java.util.List;

/** What waitpid said about a process that ended. */
public record WaitStatus(int bits) {
  private static final List<String> NAMES =
      List.of(
          "SIGHUP",
          "SIGINT",
          "SIGQUIT",
          "SIGILL",
          "SIGTRAP",
          "SIGABRT",
          "SIGBUS",
          "SIGFPE",
          "SIGKILL",
          "SIGUSR1",
          "SIGSEGV",
          "SIGUSR2",
          "SIGPIPE",
          "SIGALRM",
          "SIGTERM",
          "SIGSTKFLT",
          "SIGCHLD",
          "SIGCONT",
          "SIGSTOP",
          "SIGTSTP",
          "SIGTTIN",
          "SIGTTOU",
          "SIGURG",
          "SIGXCPU",
          "SIGXFSZ",
          "SIGVTALRM",
          "SIGPROF",
          "SIGWINCH",
          "SIGIO",
          "SIGPWR",
          "SIGSYS");
  private static final int SIGRTMIN = 34; // 32 and 33 are the C library's own

  /** Whether it returned or called exit; else a signal ended it. */
  public boolean exited() {
    return (bits & 0x7F) == 0;
  }

  /** 0 to 255; only where it {@link #exited}. */
  public int code() {
    return (bits >> 8) & 0xFF;
  }

  /** Only where it did not {@link #exited}. */
  public int signal() {
    return bits & 0x7F;
  }

  /** Whether a core was dumped. */
  public boolean core() {
    return (bits & 0x80) != 0;
  }

  /** {@code SIGSEGV}, {@code SIGRTMIN+2}; the number alone where Linux has no name for it. */
  public static String name(int signal) {
    if (signal >= 1 && signal <= NAMES.size()) {
      return NAMES.get(signal - 1);
    }
    return signal >= SIGRTMIN ? "SIGRTMIN+" + (signal - SIGRTMIN) : "signal " + signal;
  }
}
