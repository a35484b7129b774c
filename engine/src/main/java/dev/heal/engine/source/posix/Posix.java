package dev.heal.engine.source.posix;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The door to the operating system. Descriptors are plain numbers and belong to whoever opened
 * them; all are closed on exec. Calls that a signal interrupted are made again.
 */
public final class Posix {
  /** For {@link #open}: only read. */
  public static final int READ_ONLY = 0;

  /** For {@link #open}: read and write. */
  public static final int READ_WRITE = 2;

  /** For {@link #open}: a read does not wait. */
  public static final int NON_BLOCKING = 0x800;

  /** A number that asks {@link #signal} for nothing but whether somebody is there. */
  public static final int NO_SIGNAL = 0;

  /** Stop at once. */
  public static final int SIGKILL = 9;

  /** Please end. */
  public static final int SIGTERM = 15;

  /** Go on after a stop. */
  public static final int SIGCONT = 18;

  static final LibC LIBC =
      Native.load(null, LibC.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int P_PID = 1;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;
  private static final int SIGINFO_BYTES = 128;
  private static final int POLLIN = 1;
  private static final int POLLFD_BYTES = 8;
  private static final int SEEK_SET = 0;
  private static final int SEEK_END = 2;
  private static final int FIRST_FREE = 3; // 0, 1 and 2 stay those of the engine
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int F_SETSIG = 10;
  private static final int F_SETLEASE = 1024;
  private static final int F_RDLCK = 0;
  private static final int F_UNLCK = 2;
  private static final int SIGURG = 23;
  private static final int PIPE_BYTES = 1 << 20;
  private static final long SYS_PIDFD_OPEN = 434;

  private Posix() {}

  /** The ends of a pipe. */
  public record Pipe(int readEnd, int writeEnd) {}

  /** Opens a file. */
  public static int open(Path file, int flags) throws PosixException {
    while (true) {
      int descriptor = LIBC.open(file.toString(), flags | CLOSE_ON_EXEC);
      if (descriptor >= 0) {
        return aboveStandard(descriptor);
      }
      failUnlessInterrupted("open " + file);
    }
  }

  /**
   * Whether some process has the file open to write.
   *
   * @return empty where this process may not know: neither is the file its own, nor has it
   *     CAP_LEASE, or the file system knows no leases
   */
  public static Optional<Boolean> isOpenToWrite(Path file) throws PosixException {
    int descriptor = open(file, READ_ONLY | NON_BLOCKING);
    try {
      // who opens it in this very moment makes the kernel send a signal: one that is ignored
      check("fcntl", LIBC.fcntl(descriptor, F_SETSIG, SIGURG));
      if (LIBC.fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
        check("fcntl", LIBC.fcntl(descriptor, F_SETLEASE, F_UNLCK));
        return Optional.of(false);
      }
      return Native.getLastError() == PosixException.EAGAIN ? Optional.of(true) : Optional.empty();
    } finally {
      close(descriptor);
    }
  }

  /** Gives a descriptor back. It is free afterwards, whatever happens. */
  public static void close(int descriptor) {
    int unused = LIBC.close(descriptor);
  }

  /**
   * A pipe whose write end can also be read from: a process that holds it as its output is not
   * ended by SIGPIPE when the reader dies, and another reader can open it through {@code /proc} and
   * go on. It holds 1 MiB where the system allows that, else 64 KiB.
   */
  public static Pipe pipeThatOutlivesItsReader() throws PosixException {
    int[] ends = new int[2];
    check("pipe2", LIBC.pipe2(ends, CLOSE_ON_EXEC));
    int readEnd = aboveStandard(ends[0]);
    int plainWriteEnd = ends[1];
    int unused = LIBC.fcntl(readEnd, F_SETPIPE_SZ, PIPE_BYTES);
    try {
      return new Pipe(readEnd, open(Path.of("/proc/self/fd/" + readEnd), READ_WRITE));
    } catch (PosixException e) {
      close(readEnd);
      throw e;
    } finally {
      close(plainWriteEnd);
    }
  }

  /** A descriptor that {@link #poll} finds ready once {@link #wake} was called. */
  public static int wakeable() throws PosixException {
    return aboveStandard(check("eventfd", LIBC.eventfd(0, CLOSE_ON_EXEC)));
  }

  /** Makes a {@link #wakeable} ready. */
  public static void wake(int wakeable) throws PosixException {
    byte[] one = {1, 1, 1, 1, 1, 1, 1, 1}; // any number will do, in either byte order
    check("write", (int) LIBC.write(wakeable, one, one.length));
  }

  /**
   * Reads what there is.
   *
   * @return bytes read; 0 at the end
   * @throws PosixException also with EAGAIN, where a non-blocking descriptor has nothing now
   */
  public static int read(int descriptor, byte[] target) throws PosixException {
    while (true) {
      long count = LIBC.read(descriptor, target, target.length);
      if (count >= 0) {
        return (int) count;
      }
      failUnlessInterrupted("read");
    }
  }

  /** Goes to the start. */
  public static void toStart(int descriptor) throws PosixException {
    check("lseek", (int) LIBC.lseek(descriptor, 0, SEEK_SET));
  }

  /** Goes behind the last byte or record. */
  public static void toEnd(int descriptor) throws PosixException {
    if (LIBC.lseek(descriptor, 0, SEEK_END) < 0) {
      throw failure("lseek", Native.getLastError());
    }
  }

  /**
   * Waits until one of the descriptors can be read or has ended.
   *
   * @param milliseconds at most; negative for ever
   * @return for each descriptor, whether a read would not wait
   */
  public static boolean[] poll(int[] descriptors, int milliseconds) throws PosixException {
    try (Memory polled = new Memory((long) POLLFD_BYTES * descriptors.length)) {
      for (int i = 0; i < descriptors.length; i++) {
        polled.setInt((long) POLLFD_BYTES * i, descriptors[i]);
        polled.setInt((long) POLLFD_BYTES * i + 4, POLLIN);
      }
      while (LIBC.poll(polled, descriptors.length, milliseconds) < 0) {
        failUnlessInterrupted("poll");
      }
      boolean[] ready = new boolean[descriptors.length];
      for (int i = 0; i < ready.length; i++) {
        ready[i] = polled.getShort((long) POLLFD_BYTES * i + 6) != 0;
      }
      return ready;
    }
  }

  /** Waits until a child of this process has ended, and leaves it as it is: its pid stays taken. */
  public static void awaitEnd(int pid) throws PosixException {
    try (Memory info = new Memory(SIGINFO_BYTES)) {
      while (LIBC.waitid(P_PID, pid, info, WEXITED | WNOWAIT) < 0) {
        failUnlessInterrupted("waitid");
      }
    }
  }

  /**
   * Takes a child that has ended out of the process table.
   *
   * @param pid of a child, or the negative number of a process group
   * @return its status; empty where no such child has ended
   */
  public static Optional<WaitStatus> reap(int pid) throws PosixException {
    IntByReference status = new IntByReference();
    while (true) {
      int reaped = LIBC.waitpid(pid, status, WNOHANG);
      if (reaped > 0) {
        return Optional.of(new WaitStatus(status.getValue()));
      }
      if (reaped == 0 || Native.getLastError() == PosixException.ECHILD) {
        return Optional.empty();
      }
      failUnlessInterrupted("waitpid");
    }
  }

  /**
   * Sends a signal.
   *
   * @param pid of a process, or the negative number of a process group
   * @return false where nobody is there, not even a process that has ended and was not reaped
   */
  public static boolean signal(int pid, int signal) throws PosixException {
    if (pid == 0 || pid == -1 || pid == 1) {
      throw new IllegalArgumentException("a signal to " + pid + " would reach strangers");
    }
    if (LIBC.kill(pid, signal) == 0) {
      return true;
    }
    int error = Native.getLastError();
    if (error == PosixException.ESRCH) {
      return false;
    }
    throw failure("kill", error);
  }

  /**
   * A descriptor that {@link #poll} finds ready when the process has ended.
   *
   * @throws PosixException ESRCH where there is no such process; another number where the kernel is
   *     older than 5.3
   */
  public static int pidDescriptor(int pid) throws PosixException {
    return aboveStandard(check("pidfd_open", (int) LIBC.syscall(SYS_PIDFD_OPEN, pid, 0)));
  }

  static PosixException failure(String call, int number) {
    return new PosixException(call, number, LIBC.strerror(number));
  }

  /** A descriptor below 3 would be taken for standard input, output or error. */
  private static int aboveStandard(int descriptor) throws PosixException {
    if (descriptor >= FIRST_FREE) {
      return descriptor;
    }
    try {
      return check("fcntl", LIBC.fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_FREE));
    } finally {
      close(descriptor);
    }
  }

  private static int check(String call, int result) throws PosixException {
    if (result < 0) {
      throw failure(call, Native.getLastError());
    }
    return result;
  }

  private static void failUnlessInterrupted(String call) throws PosixException {
    int error = Native.getLastError();
    if (error != PosixException.EINTR) {
      throw failure(call, error);
    }
  }
}
