package dev.heal.engine.source.posix;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A process to be started: in a process group of its own, with every signal at its default and none
 * blocked, standard input from {@code /dev/null}, and no descriptor of the engine but its two
 * outputs.
 *
 * @param program a path; taken from {@code directory} where it is not absolute
 * @param argv what it sees as its arguments, its own name first
 * @param environment {@code NAME=value}, all of it
 * @param directory its working directory; absent for the engine's
 * @param output the descriptor that becomes its standard output
 * @param errors the descriptor that becomes its standard error
 */
public record Spawn(
    String program,
    List<String> argv,
    List<String> environment,
    Optional<Path> directory,
    int output,
    int errors) {
  private static final short FLAGS = 0x02 | 0x04 | 0x08; // SETPGROUP, SETSIGDEF, SETSIGMASK
  private static final int OPAQUE_BYTES = 1024; // more than either structure has in any C library
  private static final int SIGNAL_SET_BYTES = 128;
  private static final int OWN_GROUP = 0;
  private static final Optional<Function> ADD_CLOSE_FROM =
      optional("posix_spawn_file_actions_addclosefrom_np"); // glibc 2.34
  private static final Optional<Function> ADD_CHDIR =
      optional("posix_spawn_file_actions_addchdir_np"); // glibc 2.29, musl 1.1.24

  public Spawn {
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
  }

  /**
   * Starts it.
   *
   * @return its pid, which is also the number of its process group
   */
  public int start() throws IOException {
    try (Memory actions = new Memory(OPAQUE_BYTES);
        Memory attributes = new Memory(OPAQUE_BYTES)) {
      check("posix_spawn", Posix.LIBC.posix_spawn_file_actions_init(actions));
      check("posix_spawn", Posix.LIBC.posix_spawnattr_init(attributes));
      try {
        fill(actions);
        attribute(attributes);
        IntByReference pid = new IntByReference();
        check(
            "posix_spawn " + program,
            Posix.LIBC.posix_spawn(
                pid, program, actions, attributes, strings(argv), strings(environment)));
        return pid.getValue();
      } finally {
        int unused = Posix.LIBC.posix_spawn_file_actions_destroy(actions);
        unused = Posix.LIBC.posix_spawnattr_destroy(attributes);
      }
    }
  }

  private static void attribute(Memory attributes) throws PosixException {
    try (Memory signals = new Memory(SIGNAL_SET_BYTES)) {
      check("sigemptyset", Posix.LIBC.sigemptyset(signals));
      check("sigmask", Posix.LIBC.posix_spawnattr_setsigmask(attributes, signals));
      check("sigfillset", Posix.LIBC.sigfillset(signals));
      check("sigdefault", Posix.LIBC.posix_spawnattr_setsigdefault(attributes, signals));
    }
    check("setpgroup", Posix.LIBC.posix_spawnattr_setpgroup(attributes, OWN_GROUP));
    check("setflags", Posix.LIBC.posix_spawnattr_setflags(attributes, FLAGS));
  }

  private void fill(Memory actions) throws IOException {
    if (directory.isPresent()) {
      Function chdir =
          ADD_CHDIR.orElseThrow(
              () -> new IOException("a working directory needs glibc 2.29 or newer"));
      check("chdir", chdir.invokeInt(new Object[] {actions, directory.get().toString()}));
    }
    check(
        "open",
        Posix.LIBC.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", Posix.READ_ONLY, 0));
    check("dup2", Posix.LIBC.posix_spawn_file_actions_adddup2(actions, output, 1));
    check("dup2", Posix.LIBC.posix_spawn_file_actions_adddup2(actions, errors, 2));
    // the Java platform leaves its sockets and files open over an exec
    if (ADD_CLOSE_FROM.isPresent()) {
      check("closefrom", ADD_CLOSE_FROM.get().invokeInt(new Object[] {actions, 3}));
      return;
    }
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : open) {
        int number = Integer.parseInt(descriptor.getFileName().toString());
        if (number > 2) {
          check("close", Posix.LIBC.posix_spawn_file_actions_addclose(actions, number));
        }
      }
    }
  }

  private static Pointer strings(List<String> strings) {
    return new StringArray(strings.toArray(new String[0]), "UTF-8");
  }

  private static Optional<Function> optional(String name) {
    try {
      return Optional.of(NativeLibrary.getProcess().getFunction(name));
    } catch (UnsatisfiedLinkError older) {
      return Optional.empty();
    }
  }

  /** These calls return their error instead of leaving it behind. */
  private static void check(String call, int error) throws PosixException {
    if (error != 0) {
      throw Posix.failure(call, error);
    }
  }
}
