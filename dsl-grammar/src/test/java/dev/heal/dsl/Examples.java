package dev.heal.dsl;

import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The example files of the tests. */
public final class Examples {
  private Examples() {}

  public static SourceFile file(String name) {
    try (InputStream in = Examples.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new SourceFile(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Every file that is shipped, by the name that an import has for it; and the examples here. */
  public static Map<String, SourceFile> shipped() {
    Map<String, SourceFile> shipped = new TreeMap<>();
    for (String name : List.of("tour.heal", "site.heal")) {
      shipped.put(name, file(name));
    }
    for (Path folder : List.of(Path.of("..", "rules"), Path.of("..", "examples"))) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.filter(p -> p.toString().endsWith(".heal")).toList()) {
          String name = folder.relativize(path).toString();
          if (!name.startsWith("target")) {
            shipped.put(name, new SourceFile(name, Files.readString(path)));
          }
        }
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
    return shipped;
  }
}
