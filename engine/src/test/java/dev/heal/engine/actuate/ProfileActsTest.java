package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.LLM;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is switched to a profile, and back to exactly what was there. */
class ProfileActsTest {
  private static final String DEGRADE = "degrade service { to profile \"lean\", undo after 1h }";

  @TempDir private Path folder;
  private final List<String> called = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int status = 200;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          called.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Desk desk() {
    return Desk.of(
        """
        service llm on n1 {
          run     ["llm"]
          profile lean {
            env  ["MAX_NUM_SEQS=64"]
            http "POST %1$s/lean"
            undo http "POST %1$s/full"
            file "%2$s" "lean"
            file "%3$s" "new"
          }
        }
        """
            .formatted(
                "http://127.0.0.1:" + server.getAddress().getPort(),
                folder.resolve("mode"),
                folder.resolve("extra")),
        folder);
  }

  @Test
  void filesCallAndEnvironmentThereAndBack() throws IOException {
    Path mode = Files.writeString(folder.resolve("mode"), "full & free\n");
    Files.setPosixFilePermissions(mode, PosixFilePermissions.fromString("rw-r-----"));
    try (Desk desk = desk()) {
      Order order = desk.order(DEGRADE, LLM);
      Report done = desk.end(Assignment.of(order));

      assertThat(done.outcome().kind()).as(done.outcome().because()).isEqualTo(Kind.DONE);
      assertThat(desk.kept).containsExactly(done.memento().orElseThrow());
      assertThat(mode).hasContent("lean");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mode)))
          .isEqualTo("rw-r-----");
      assertThat(folder.resolve("extra")).hasContent("new");

      Report undone = desk.end(new Assignment(desk.undo(order), done.memento()));

      assertThat(undone)
          .isEqualTo(
              new Report(new Outcome(Kind.DONE, "profile lean taken back"), Optional.empty()));
      assertThat(Files.readString(mode)).isEqualTo("full & free\n");
      assertThat(folder.resolve("extra")).doesNotExist();
      assertThat(called).containsExactly("POST /lean", "POST /full");
      assertThat(desk.starts)
          .extracting(Supervisor.Start::environment)
          .containsExactly(
              Optional.of(Map.of("MAX_NUM_SEQS", "64")), Optional.of(Map.<String, String>of()));
      assertThat(folder.toFile().list()).as("nothing is left behind").containsExactly("mode");
    }
  }

  @Test
  void aProfileThatIsRefusedHalfWayLeavesTheFilesAsTheyWere() throws IOException {
    Path mode = Files.writeString(folder.resolve("mode"), "full");
    status = 409;
    try (Desk desk = desk()) {
      Report report = desk.act(DEGRADE, LLM);

      assertThat(report.outcome().kind()).isEqualTo(Kind.REFUSED);
      assertThat(mode).hasContent("full");
      assertThat(folder.resolve("extra")).doesNotExist();
      assertThat(desk.starts).isEmpty();
    }
  }

  @Test
  void withoutAMementoNothingWasTouched() {
    try (Desk desk = desk()) {
      Order order = desk.order(DEGRADE, LLM);

      assertThat(desk.end(Assignment.of(desk.undo(order))).outcome())
          .isEqualTo(
              new Outcome(
                  Kind.DONE,
                  "profile lean had not touched its files: it writes down what they hold before"));
    }
  }

  @Test
  void aServiceWithoutTheProfileRefuses() {
    String site =
        """
        service llm on n1 { run ["llm"] }
        service web on n1 { run ["web"], profile lean { env ["A=1"] } }
        """;
    try (Desk desk = Desk.of(site, folder)) {
      assertThat(desk.act(DEGRADE, LLM).outcome())
          .isEqualTo(
              new Outcome(
                  Kind.REFUSED,
                  "service:n1/llm has no profile `lean`: write `profile lean { env"
                      + " [\"NAME=value\"] }` in it"));
    }
  }
}
