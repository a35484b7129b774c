package dev.heal.engine.source.child;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What to run.
 *
 * @param name of the child; one runs at a time under a name
 * @param argv the program and its arguments; a program without a slash is looked for in the PATH of
 *     {@code environment}
 * @param environment all of it, nothing of the engine's own is added but {@link Children#MARK}
 * @param directory the working directory; absent for the engine's
 */
public record ChildSpec(
    String name, List<String> argv, Map<String, String> environment, Optional<Path> directory) {
  public ChildSpec {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    Objects.requireNonNull(directory);
    if (name.isEmpty() || argv.isEmpty() || argv.get(0).isEmpty()) {
      throw new IllegalArgumentException("a child needs a name and a program");
    }
    argv.forEach(ChildSpec::noNul);
    noNul(name);
    directory.ifPresent(path -> noNul(path.toString()));
    environment.forEach(
        (key, value) -> {
          noNul(key);
          noNul(value);
          if (key.isEmpty() || key.indexOf('=') >= 0) {
            throw new IllegalArgumentException("`" + key + "` is no name of a variable");
          }
        });
  }

  /** The same with another environment. */
  public ChildSpec with(Map<String, String> changed) {
    return new ChildSpec(name, argv, changed, directory);
  }

  /** The operating system would end the text there. */
  private static void noNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL in an argument or in the environment");
    }
  }
}
