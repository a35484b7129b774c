package dev.heal.engine.source.child;

import dev.heal.engine.source.posix.ProcessTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds processes by the variable that the engine put into their environment. */
final class Marks {
  private Marks() {}

  /**
   * @param watched groups to leave out
   */
  static List<ProcessId> find(String owner, String name, List<Integer> watched) throws IOException {
    String mark = "\0" + Children.MARK + "=" + owner + ":" + name + "\0";
    List<ProcessId> found = new ArrayList<>();
    for (ProcessTable.Entry entry : ProcessTable.all()) {
      if (entry.pid() > 1
          && !entry.ended()
          && !watched.contains(entry.group())
          && environment(entry.pid()).filter(text -> text.contains(mark)).isPresent()) {
        found.add(new ProcessId(entry.pid(), entry.startTicks()));
      }
    }
    return found;
  }

  /** Empty where it is gone, or another user's. */
  private static Optional<String> environment(int pid) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
      return Optional.of("\0" + new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
