package dev.heal.engine.cli.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.parts.RealSystemd;
import dev.heal.nvml.fake.FakeMachine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped unit in a real systemd: ready, watched, ended. */
class SystemdUnitTest {
  private static final Path UNIT = Path.of("..", "packaging", "heal.service");
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** What the container lacks: the installed heal, its user, and a host that may be waited for. */
  private static final String HERE =
      """
      [Unit]
      Wants=
      After=
      [Service]
      User=root
      Group=root
      WatchdogSec=6
      ExecStart=
      ExecStart=%s @%s run --policies %s --state /var/lib/heal --node n1 --log-format json
      """;

  private static final String SITE =
      """
      heal 1
      node n1 { pool "inference" }
      service worker on n1 {
        run     ["sleep", "600"]
        restart via supervised
      }
      pager oncall { command ["/bin/true"] }
      fault crashed on service "It was killed" {
        when  process exits with signal in [SIGKILL]
        clear after 10m
      }
      policy revive {
        mode enforce
        on crashed, within 30s, attempts 3 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;

  private RealSystemd systemd() throws IOException {
    Path site = Files.writeString(folder.resolve("site.heal"), SITE);
    Path java =
        Files.writeString(
            folder.resolve("java"),
            "-Xss4m -Djava.io.tmpdir=/var/cache/heal -Djna.tmpdir=/var/cache/heal -cp "
                + System.getProperty("java.class.path")
                + " dev.heal.engine.cli.Main\n");
    String drop = HERE.formatted(JAVA_HOME.resolve("bin/java"), java, site);
    List<Path> shown =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .collect(Collectors.toList());
    shown.addAll(List.of(site, java));
    if (Files.isDirectory(Path.of("/etc/java-17-openjdk"))) {
      shown.add(Path.of("/etc/java-17-openjdk")); // Debian keeps a part of its Java there
    }
    return RealSystemd.with(
        Map.of("heal.service", Files.readString(UNIT), "heal.service.d/here.conf", drop),
        shown.stream().filter(Files::exists).toList(),
        folder);
  }

  private static Map<String, String> show(RealSystemd systemd) {
    Map<String, String> properties = new TreeMap<>();
    for (String line :
        systemd
            .run(
                "systemctl",
                "show",
                "heal",
                "--property=ActiveState,SubState,StatusText,MainPID,NRestarts,Result")
            .split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        properties.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return properties;
  }

  @Test
  void theUnitStartsIsWatchedAndEnds() throws IOException {
    try (RealSystemd systemd = systemd()) {
      // comes back when it is ready
      String said =
          systemd.run(
              "sh",
              "-c",
              "systemctl start heal || { systemctl status heal; journalctl -u heal -o cat; } || true");
      Map<String, String> first = show(systemd);
      assertThat(first)
          .as(said)
          .containsEntry("ActiveState", "active")
          .containsEntry("SubState", "running")
          .containsEntry("NRestarts", "0");
      FakeMachine.await(
          () ->
              show(systemd)
                  .getOrDefault("StatusText", "")
                  .equals("enforcing; faults: 0, repairs: 0, waiting for approval: 0"));
      String worker = systemd.run("pgrep", "-x", "sleep").strip();

      // it hangs: the loop gives no sign of life any more, and systemd starts another
      systemd.run("kill", "-STOP", first.getOrDefault("MainPID", ""));
      FakeMachine.await(
          () ->
              show(systemd).getOrDefault("NRestarts", "").equals("1")
                  && show(systemd).getOrDefault("SubState", "").equals("running"));
      assertThat(show(systemd).get("MainPID")).isNotEqualTo(first.get("MainPID"));
      assertThat(systemd.run("pgrep", "-x", "sleep").strip())
          .as("the service went on, and was not started twice")
          .isEqualTo(worker);

      systemd.run("systemctl", "stop", "heal");
      assertThat(show(systemd))
          .containsEntry("ActiveState", "inactive")
          .containsEntry("Result", "success");
      assertThat(systemd.run("journalctl", "-u", "heal", "-o", "cat", "--no-pager"))
          .contains("\"event\":\"started\"", "\"event\":\"ending\"");
    }
  }

  @Test
  void systemdFindsNothingWrongWithIt() throws IOException {
    String unit =
        Files.readString(UNIT)
            .replaceAll("(?s)ExecStart=.*?--log-format json\n", "ExecStart=/bin/true\n")
            .replaceAll("(User|Group)=heal\n", "");
    Path file = Files.writeString(folder.resolve("heal.service"), unit);
    try (RealSystemd systemd = RealSystemd.with(Map.of(), List.of(file), folder)) {
      assertThat(systemd.run("systemd-analyze", "verify", file.toString())).isEmpty();
      // `OK` begins at 5; a service without any sandbox has 9.6
      assertThat(
              systemd.run(
                  "systemd-analyze",
                  "security",
                  "--offline=yes",
                  "--threshold=35",
                  "--no-pager",
                  file.toString()))
          .contains("Overall exposure level for heal.service: 3.0 OK");
    }
  }
}
