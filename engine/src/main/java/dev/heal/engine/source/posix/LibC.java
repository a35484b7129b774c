package dev.heal.engine.source.posix;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/** The C library of this process. Sizes and numbers are those of Linux on x86-64 and arm64. */
interface LibC extends Library {
  int posix_spawn(
      IntByReference pid,
      String path,
      Pointer actions,
      Pointer attributes,
      Pointer argv,
      Pointer environment);

  int posix_spawnattr_init(Pointer attributes);

  int posix_spawnattr_destroy(Pointer attributes);

  int posix_spawnattr_setflags(Pointer attributes, short flags);

  int posix_spawnattr_setpgroup(Pointer attributes, int group);

  int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

  int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

  int posix_spawn_file_actions_init(Pointer actions);

  int posix_spawn_file_actions_destroy(Pointer actions);

  int posix_spawn_file_actions_addopen(
      Pointer actions, int descriptor, String path, int flags, int mode);

  int posix_spawn_file_actions_adddup2(Pointer actions, int descriptor, int target);

  int posix_spawn_file_actions_addclose(Pointer actions, int descriptor);

  int sigemptyset(Pointer signals);

  int sigfillset(Pointer signals);

  int waitid(int kind, int pid, Pointer info, int options);

  int waitpid(int pid, IntByReference status, int options);

  int kill(int pid, int signal);

  int pipe2(int[] descriptors, int flags);

  int eventfd(int count, int flags);

  int open(String path, int flags);

  int close(int descriptor);

  int fcntl(int descriptor, int command, int argument);

  long read(int descriptor, byte[] target, long count);

  long write(int descriptor, byte[] source, long count);

  long lseek(int descriptor, long offset, int whence);

  int poll(Pointer polled, long count, int milliseconds);

  int socket(int family, int type, int protocol);

  long sendto(
      int descriptor, byte[] source, long count, int flags, Pointer address, int addressLength);

  long syscall(long number, long first, long second);

  int getpagesize();

  String strerror(int number);
}
