package dev.heal.dsl;

import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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

  /** The declarations of the example files, each as text. */
  public static List<String> declarations() {
    List<String> declarations = new ArrayList<>();
    for (String name : List.of("tour.heal", "site.heal")) {
      StringBuilder one = new StringBuilder();
      for (String line : file(name).text().split("\n", -1)) {
        if (!line.isEmpty() && Character.isLetter(line.charAt(0)) && one.length() > 0) {
          declarations.add(one.toString());
          one.setLength(0);
        }
        one.append(line).append('\n');
      }
      declarations.add(one.toString());
    }
    declarations.removeIf(text -> text.startsWith("heal "));
    return declarations;
  }
}
