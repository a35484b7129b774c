package dev.heal.engine.reload.bundle;

import dev.heal.dsl.diagnostic.HumanRenderer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which paths a file of a bundle may have: relative, without characters that steer something, and
 * never such that a file system could take two of them for one.
 */
final class PolicyPath {
  static final String SUFFIX = ".heal";

  /** No control characters, none that a shell, a quote or another system's path is made of. */
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}_+@=,(~#][\\p{L}\\p{N}\\p{M}_+@=,.()~#&!'%\\[\\] -]*");

  private PolicyPath() {}

  /** What is wrong with a path by itself; empty where it may be. */
  static Optional<String> problem(String path) {
    if (bytes(path) > Limits.PATH_BYTES) {
      return Optional.of("it has more than " + Limits.PATH_BYTES + " bytes");
    }
    if (!Normalizer.isNormalized(path, Normalizer.Form.NFKC)) {
      return Optional.of("it holds characters that can be written in two ways");
    }
    if (path.startsWith("/")) {
      return Optional.of("it is absolute");
    }
    if (path.indexOf('\\') >= 0) {
      return Optional.of("it holds a backslash");
    }
    for (String name : path.split("/", -1)) {
      Optional<String> problem = problemOfName(name);
      if (problem.isPresent()) {
        return problem;
      }
    }
    if (!path.endsWith(SUFFIX)) {
      return Optional.of("it does not end in `.heal`: a bundle holds policies only");
    }
    return Ustar.fits(path)
        ? Optional.empty()
        : Optional.of("its folders are too long for the header of an archive");
  }

  private static Optional<String> problemOfName(String name) {
    if (name.isEmpty()) {
      return Optional.of("a name in it is empty");
    }
    if (name.equals("..") || name.equals(".")) {
      return Optional.of("it leaves its folder, or could");
    }
    if (name.startsWith(".")) {
      return Optional.of("a name in it begins with a dot: it is hidden");
    }
    if (bytes(name) > Limits.NAME_BYTES) {
      return Optional.of("a name in it has more than " + Limits.NAME_BYTES + " bytes");
    }
    if (!NAME.matcher(name).matches() || name.endsWith(" ") || name.endsWith(".")) {
      return Optional.of(
          "a name in it holds other characters than letters, digits, blanks and"
              + " _ + @ = , . ( ) ~ # & ! ' % [ ] -");
    }
    return Optional.empty();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Tells apart what every file system tells apart: case, and ways to write a letter, do not. */
  static final class Collisions {
    /** Of each file and folder: by its lower case, how it was first written, and whether a file. */
    private final Map<String, String> files = new TreeMap<>();

    private final Map<String, String> folders = new TreeMap<>();

    /** Adds a path; what it collides with, where it does. */
    Optional<String> add(String path) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        String folder = path.substring(0, slash);
        String known = folders.putIfAbsent(lower(folder), folder);
        if (known != null && !known.equals(folder)) {
          return Optional.of(known);
        }
        if (files.containsKey(lower(folder))) {
          return Optional.ofNullable(files.get(lower(folder)));
        }
      }
      if (folders.containsKey(lower(path))) {
        return Optional.ofNullable(folders.get(lower(path)));
      }
      return Optional.ofNullable(files.putIfAbsent(lower(path), path));
    }

    private static String lower(String path) {
      String folded = path.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
      return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }
  }

  /**
   * A path that anybody may have written, for a message: bounded, and without control characters.
   */
  static String shown(String path) {
    String harmless = HumanRenderer.safe(path).replace('\n', ' ').replace('\r', ' ');
    return harmless.length() <= Limits.PATH_BYTES
        ? harmless
        : harmless.substring(0, Limits.PATH_BYTES) + "…";
  }
}
