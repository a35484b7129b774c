package dev.heal.engine.reload.bundle;

import dev.heal.dsl.diagnostic.HumanRenderer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which paths a file of a bundle may have: relative, of plain characters, and never such that two
 * file systems could take them for different files.
 */
final class PolicyPath {
  static final String SUFFIX = ".heal";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+@=,][A-Za-z0-9_+@=,. -]*");

  private PolicyPath() {}

  /** What is wrong with a path by itself; empty where it may be. */
  static Optional<String> problem(String path) {
    if (path.length() > Limits.PATH_CHARACTERS) {
      return Optional.of("it has more than " + Limits.PATH_CHARACTERS + " characters");
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
    if (name.length() > Limits.NAME_CHARACTERS) {
      return Optional.of("a name in it has more than " + Limits.NAME_CHARACTERS + " characters");
    }
    if (!NAME.matcher(name).matches() || name.endsWith(" ") || name.endsWith(".")) {
      return Optional.of(
          "a name holds other characters than letters of A to Z, digits, blanks and _ + @ = , . -");
    }
    return Optional.empty();
  }

  /** Tells apart what every file system tells apart: no two paths that differ in case alone. */
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
      return path.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A path that anybody may have written, for a message: bounded, and without control characters.
   */
  static String shown(String path) {
    String harmless = HumanRenderer.safe(path).replace('\n', ' ').replace('\r', ' ');
    return harmless.length() <= Limits.PATH_CHARACTERS
        ? harmless
        : harmless.substring(0, Limits.PATH_CHARACTERS) + "…";
  }
}
