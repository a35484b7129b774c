package dev.heal.engine.reload.files;

import dev.heal.dsl.parse.SourceFiles;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Signatures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One look at all files: which there are, what is in each, and where a link leads. Two looks that
 * are equal saw the same, unless it was changed to and fro between them.
 *
 * @param files in the order in which they are checked, by their names without detours
 * @param imported those that only others import
 * @param seals manifests and signatures that lie in a folder that is named
 */
record Look(Map<Path, Seen> files, Map<Path, Seen> imported, Map<Path, Seen> seals) {
  /** More or less what an import line is: one too many does no harm. */
  private static final Pattern IMPORT = Pattern.compile("(?m)^[ \\t]*import[ \\t]+\"([^\"\\n]+)\"");

  /** Behind the stamp of a file that changed while it was read. */
  private static final String MOVING = " moving";

  /** More is no set of policies. */
  record Limits(int files, long bytes) {
    /** 20,000 files, 256 MiB. */
    static final Limits USUAL = new Limits(20_000, 256L << 20);
  }

  /**
   * One file.
   *
   * @param at where it really lies: links followed
   * @param stamp its size, its time and its identity, which a write changes
   * @param bytes what is in it; empty where it cannot be read
   * @param problem why not
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, and handed on
  record Seen(Path at, String stamp, byte[] bytes, Optional<String> problem) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Seen seen
          && at.equals(seen.at)
          && stamp.equals(seen.stamp)
          && problem.equals(seen.problem)
          && Arrays.equals(bytes, seen.bytes);
    }

    @Override
    public int hashCode() {
      return Objects.hash(at, stamp, problem) * 31 + Arrays.hashCode(bytes);
    }
  }

  /**
   * Looks now.
   *
   * @param batches files, and folders with all below them; none of the batches may be empty
   * @throws TakingException where one is gone, or there is more than the limits allow
   */
  static Look at(List<List<Path>> batches, Limits limits) throws TakingException {
    Budget budget = new Budget(limits);
    Map<Path, Seen> files = new LinkedHashMap<>();
    for (List<Path> batch : batches) {
      for (List<Path> set : sets(batch)) {
        for (Path file : set) {
          if (!files.containsKey(file.normalize())) {
            files.put(file.normalize(), budget.spend(see(file)));
          }
        }
      }
    }
    return new Look(files, imported(files, budget), seals(batches));
  }

  private static Map<Path, Seen> seals(List<List<Path>> batches) {
    Map<Path, Seen> seals = new LinkedHashMap<>();
    for (List<Path> batch : batches) {
      for (Path folder : batch) {
        for (String name : List.of(Manifest.FILE_NAME, Signatures.FILE_NAME)) {
          Path seal = folder.resolve(name);
          if (Files.isRegularFile(seal)) {
            seals.put(seal.normalize(), see(seal));
          }
        }
      }
    }
    return seals;
  }

  /** What is left of the limits. */
  private static final class Budget {
    private final Limits limits;
    private int files;
    private long bytes;

    Budget(Limits limits) {
      this.limits = limits;
    }

    Seen spend(Seen seen) throws TakingException {
      files++;
      bytes += seen.bytes().length;
      if (files > limits.files() || bytes > limits.bytes()) {
        throw new TakingException(
            "there are more than %,d files or %,d MiB of policies"
                .formatted(limits.files(), limits.bytes() >> 20),
            "see whether this is the right folder");
      }
      return seen;
    }
  }

  private static List<List<Path>> sets(List<Path> batch) throws TakingException {
    for (Path path : batch) {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new TakingException("`" + path + "` is not there", "see its name");
      }
    }
    try {
      List<List<Path>> sets = PolicyTree.sets(batch);
      if (sets.isEmpty()) {
        throw new TakingException(
            "there is no .heal file in `" + batch.get(0) + "`", "put the policies there");
      }
      return sets;
    } catch (AccessDeniedException denied) {
      throw new TakingException(
          "no permission to list `" + denied.getFile() + "`", "check its mode");
    } catch (NoSuchFileException gone) {
      throw new TakingException("`" + gone.getFile() + "` has vanished", "put it back");
    } catch (IOException broken) {
      throw new TakingException("`" + batch.get(0) + "` cannot be listed", system(broken));
    }
  }

  /** What these import by a path that leads to a file elsewhere, and what that imports. */
  private static Map<Path, Seen> imported(Map<Path, Seen> files, Budget budget)
      throws TakingException {
    Map<Path, Seen> imported = new LinkedHashMap<>();
    Deque<Map.Entry<Path, Seen>> left = new ArrayDeque<>(files.entrySet());
    while (!left.isEmpty()) {
      Map.Entry<Path, Seen> file = left.remove();
      for (Path other : importsOf(file.getKey(), file.getValue())) {
        if (!files.containsKey(other)
            && !imported.containsKey(other)
            && Files.isRegularFile(other)) {
          Seen seen = budget.spend(see(other));
          imported.put(other, seen);
          left.add(Map.entry(other, seen));
        }
      }
    }
    return imported;
  }

  /** Beside it, or in the tree of packs of which it may be one. */
  private static List<Path> importsOf(Path file, Seen seen) {
    List<Path> found = new ArrayList<>();
    Matcher line = IMPORT.matcher(new String(seen.bytes(), StandardCharsets.UTF_8));
    while (line.find()) {
      String name = line.group(1).endsWith(".heal") ? line.group(1) : line.group(1) + ".heal";
      try {
        found.add(file.resolveSibling(name).normalize());
        found.add(file.resolveSibling("..").resolve(name).normalize());
      } catch (InvalidPathException none) {
        // the check says so
      }
    }
    return found;
  }

  private static Seen see(Path file) {
    try {
      Path at = file.toRealPath();
      String stamp = stamp(at);
      byte[] bytes = read(at);
      // what grew while it was read was not seen whole
      return new Seen(
          at, stamp.equals(stamp(at)) ? stamp : stamp + MOVING, bytes, Optional.empty());
    } catch (NoSuchFileException missing) {
      return unreadable(file, "it leads nowhere, or was just removed");
    } catch (AccessDeniedException denied) {
      return unreadable(file, "no permission to read it");
    } catch (IOException broken) {
      return unreadable(file, system(broken));
    }
  }

  private static String system(IOException broken) {
    String said =
        broken instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : broken.getMessage();
    return "the system says: " + said;
  }

  private static Seen unreadable(Path file, String why) {
    return new Seen(file.toAbsolutePath(), "", new byte[0], Optional.of(why));
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SourceFiles.MOST_BYTES + 1);
    }
  }

  private static String stamp(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
  }

  /** The first file of which the other look saw something else, or which only one of them saw. */
  Optional<Path> differsIn(Look other) {
    Map<Path, Seen> before = everything();
    Map<Path, Seen> after = other.everything();
    for (Map.Entry<Path, Seen> file : before.entrySet()) {
      boolean moving = file.getValue().stamp().endsWith(MOVING);
      if (moving || !file.getValue().equals(after.get(file.getKey()))) {
        return Optional.of(file.getKey());
      }
    }
    return after.keySet().stream().filter(file -> !before.containsKey(file)).findFirst();
  }

  /** All of which a change makes others of them. */
  Map<Path, Seen> everything() {
    Map<Path, Seen> everything = all();
    everything.putAll(seals);
    return everything;
  }

  /** Those that are named, and those that are imported. */
  Map<Path, Seen> all() {
    Map<Path, Seen> all = new LinkedHashMap<>(files);
    all.putAll(imported);
    return all;
  }
}
