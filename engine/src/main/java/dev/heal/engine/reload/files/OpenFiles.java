package dev.heal.engine.reload.files;

import dev.heal.engine.source.posix.Posix;
import dev.heal.engine.source.posix.PosixException;
import java.nio.file.Path;

/** What the operating system knows of who has a file open. */
public final class OpenFiles implements DirectorySnapshot.Writers {
  @Override
  public boolean isBeingWritten(Path file) {
    try {
      return Posix.isOpenToWrite(file).orElse(false);
    } catch (PosixException gone) {
      return false; // the next look sees it
    }
  }
}
