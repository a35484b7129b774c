package dev.heal.nvml.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether this process may change GPUs: NVML wants an administrator. */
final class Privilege {
  private static final int CAP_SYS_ADMIN = 21;
  private static final String EFFECTIVE = "CapEff:";

  private Privilege() {}

  /** Reads {@code /proc/self/status} anew: a process may drop what it has. */
  static boolean isHeld() {
    try {
      List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
      return status.stream()
          .filter(line -> line.startsWith(EFFECTIVE))
          .map(line -> Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16))
          .anyMatch(held -> (held >>> CAP_SYS_ADMIN & 1) != 0);
    } catch (IOException noProc) {
      return true; // the driver will say
    }
  }
}
