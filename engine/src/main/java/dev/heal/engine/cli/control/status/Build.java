package dev.heal.engine.cli.control.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which heal this is. */
public final class Build {
  private static final String RESOURCE = "/dev/heal/engine/cli/version.properties";

  private Build() {}

  /** Its version. */
  public static String version() {
    Properties properties = new Properties();
    try (InputStream stream = Build.class.getResourceAsStream(RESOURCE)) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return properties.getProperty("version", "unknown");
  }
}
