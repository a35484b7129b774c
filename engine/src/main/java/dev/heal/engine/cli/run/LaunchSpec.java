package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.Means;
import dev.heal.engine.source.child.ChildSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a service that heal runs is started, as its site declares it. One with a {@code user} is
 * started through setpriv(1), which becomes the service: no process stands between.
 */
final class LaunchSpec {
  private static final Path USERS = Path.of("/etc/passwd");
  private static final int FIELDS = 7;

  private LaunchSpec() {}

  /**
   * What to run.
   *
   * @param engine the environment of the engine
   * @param self whom the engine runs as
   */
  static ChildSpec of(
      String service, Means.Launch.Argv launch, Map<String, String> engine, String self) {
    Map<String, String> environment = new HashMap<>(engine);
    List<String> argv = new ArrayList<>();
    launch
        .user()
        .filter(user -> !user.equals(self))
        .ifPresent(
            user -> {
              environment.putAll(Map.of("USER", user, "LOGNAME", user));
              entry(user).ifPresent(entry -> environment.putAll(entry.environment()));
              argv.addAll(
                  List.of(
                      "setpriv",
                      "--reuid=" + user,
                      "--regid=" + entry(user).map(Entry::group).orElse(user),
                      "--init-groups",
                      "--inh-caps=-all",
                      "--"));
            });
    environment.putAll(launch.environment());
    argv.addAll(launch.argv());
    return new ChildSpec(service, argv, environment, launch.directory().map(Path::of));
  }

  /** A user of this host, as {@code passwd(5)} has it. */
  private record Entry(String group, Map<String, String> environment) {}

  /** Empty for one that only a directory service knows: its group is called as it is. */
  private static Optional<Entry> entry(String user) {
    try (Stream<String> lines = Files.lines(USERS, StandardCharsets.ISO_8859_1)) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length == FIELDS && fields[0].equals(user))
          .findFirst()
          .map(fields -> new Entry(fields[3], Map.of("HOME", fields[5], "SHELL", fields[6])));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
