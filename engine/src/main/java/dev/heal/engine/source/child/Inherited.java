package dev.heal.engine.source.child;

import dev.heal.engine.source.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The outputs of a child whose engine died: the pipes are still there, in the child itself. */
final class Inherited {
  private Inherited() {}

  /**
   * Reads on where the former engine was. Empty where the process has put something else in the
   * place of the pipes, or may not be looked into.
   */
  static Optional<Outputs> outputs(int pid, Outputs.Sink sink) {
    List<Integer> opened = new ArrayList<>();
    try {
      for (int descriptor = 1; descriptor <= 2; descriptor++) {
        if (!isPipeOfAnEngine(pid, descriptor)) {
          opened.forEach(Posix::close);
          return Optional.empty();
        }
        opened.add(Posix.open(Path.of("/proc/" + pid + "/fd/" + descriptor), Posix.READ_ONLY));
      }
      opened.add(Posix.wakeable());
      return Optional.of(new Outputs(opened.get(0), opened.get(1), opened.get(2), sink));
    } catch (IOException e) {
      opened.forEach(Posix::close);
      return Optional.empty();
    }
  }

  /** Only the engine gives a process a pipe to write to that can be read from, too. */
  private static boolean isPipeOfAnEngine(int pid, int descriptor) throws IOException {
    Path process = Path.of("/proc/" + pid);
    String target = Files.readSymbolicLink(process.resolve("fd/" + descriptor)).toString();
    if (!target.startsWith("pipe:")) {
      return false;
    }
    return Files.readAllLines(process.resolve("fdinfo/" + descriptor)).stream()
        .filter(line -> line.startsWith("flags:"))
        .map(line -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
        .anyMatch(flags -> (flags & 3) == Posix.READ_WRITE);
  }
}
