package dev.heal.engine.reload.files;

import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Signatures;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The folders in which policies lie, with those that hold them: what the kernel tells of them, and
 * what a look at them shows. For one thread; {@link #close} from any.
 */
public final class WatchedFolders implements AutoCloseable {
  private final Supplier<List<Path>> roots;
  private final BiConsumer<Path, String> cannotWatch;
  private final WatchService service;
  private final Map<WatchKey, Path> keys = new HashMap<>();
  private final Map<Path, WatchKey> keyOf = new HashMap<>();
  private final Set<Path> unwatchable = new HashSet<>();
  private Map<Path, String> seen = new TreeMap<>();

  /**
   * @param roots files and folders
   * @param cannotWatch is told once of each folder of which the kernel does not tell
   * @throws IOException where the system has no way to watch anything
   */
  public WatchedFolders(Supplier<List<Path>> roots, BiConsumer<Path, String> cannotWatch)
      throws IOException {
    this.roots = roots;
    this.cannotWatch = cannotWatch;
    this.service = FileSystems.getDefault().newWatchService();
  }

  /**
   * Waits until the kernel tells of something that may be a policy.
   *
   * @return the names; empty where nothing was told for so long
   */
  public List<String> await(Duration atMost) throws InterruptedException {
    try {
      WatchKey key = service.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
      NavigableSet<String> names = new TreeSet<>();
      while (key != null) {
        read(key, names);
        key = service.poll();
      }
      return List.copyOf(names);
    } catch (ClosedWatchServiceException closed) {
      return List.of();
    }
  }

  private void read(WatchKey key, NavigableSet<String> names) {
    Path folder = keys.get(key);
    for (WatchEvent<?> event : key.pollEvents()) {
      if (folder == null) {
        continue;
      }
      if (event.context() instanceof Path name) {
        if (mayMatter(folder, name)) {
          names.add(folder.resolve(name).toString());
        }
      } else {
        names.add(folder.toString()); // more has happened than the kernel could keep
      }
    }
    if (!key.reset()) {
      keys.remove(key);
      if (folder != null) {
        keyOf.remove(folder, key);
        names.add(folder.toString()); // it is gone
      }
    }
  }

  /**
   * A policy, a folder, what a mounted volume swaps, or one of the roots: nothing of what editors
   * put beside them.
   */
  private boolean mayMatter(Path folder, Path name) {
    Path whole = folder.resolve(name);
    String text = name.toString();
    boolean root = roots.get().stream().anyMatch(one -> one.toAbsolutePath().equals(whole));
    boolean below = roots.get().stream().anyMatch(one -> folder.startsWith(one.toAbsolutePath()));
    return root
        || text.equals("..data")
        || (below
            && ((text.endsWith(".heal") && !text.startsWith("."))
                || text.equals(Manifest.FILE_NAME)
                || text.equals(Signatures.FILE_NAME)
                || Files.isDirectory(whole)
                || keyOf.containsKey(whole)));
  }

  /**
   * Looks at all files, and has the kernel tell of folders that are new.
   *
   * @return whether something is not what it was at the last look
   */
  public boolean lookAgain() {
    Map<Path, String> now = new TreeMap<>();
    Set<Path> folders = new LinkedHashSet<>();
    for (Path root : roots.get()) {
      look(root.toAbsolutePath(), now, folders);
    }
    folders.forEach(this::register);
    boolean differs = !now.equals(seen);
    seen = now;
    return differs;
  }

  private static void look(Path root, Map<Path, String> now, Set<Path> folders) {
    Optional.ofNullable(root.getParent()).filter(Files::isDirectory).ifPresent(folders::add);
    try {
      List<Path> files = List.of(root);
      if (Files.isDirectory(root)) {
        PolicyTree.Found found = PolicyTree.walk(root);
        folders.addAll(found.folders());
        files = new ArrayList<>(found.files());
        files.add(root.resolve(Manifest.FILE_NAME));
        files.add(root.resolve(Signatures.FILE_NAME));
      }
      for (Path file : files) {
        now.put(file, stamp(file));
      }
    } catch (IOException unlistable) {
      now.put(root, "cannot be listed"); // the reload says why
    }
  }

  /** What a write, or another link, changes. */
  private static String stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return "%s %s %s %s"
          .formatted(
              file.toRealPath(),
              attributes.size(),
              attributes.lastModifiedTime(),
              attributes.fileKey());
    } catch (IOException unreadable) {
      return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "cannot be read" : "is not there";
    }
  }

  /** Asked again each time: what lies there under the same name may be another folder now. */
  private void register(Path folder) {
    try {
      WatchKey key =
          folder.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY);
      WatchKey before = keyOf.put(folder, key);
      if (before != null && !before.equals(key)) {
        before.cancel();
        keys.remove(before);
      }
      keys.put(key, folder);
      unwatchable.remove(folder);
    } catch (IOException refused) {
      if (Files.isDirectory(folder) && unwatchable.add(folder)) {
        cannotWatch.accept(folder, String.valueOf(refused.getMessage()));
      }
    } catch (ClosedWatchServiceException closed) {
      return; // nobody is told any more
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
