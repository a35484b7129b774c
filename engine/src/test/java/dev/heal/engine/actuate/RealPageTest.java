package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.LLM;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.heal.engine.parts.RealAlertmanager;
import dev.heal.engine.schedule.Outcome.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page that a real Alertmanager takes, and hands on to whoever is on call. */
@Tag("real")
class RealPageTest {
  @TempDir private Path folder;

  @Test
  void aPageReachesWhoeverIsOnCall() throws IOException, InterruptedException {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    HttpServer phone =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    phone.createContext(
        "/",
        exchange -> {
          told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    phone.start();
    URI webhook = URI.create("http://127.0.0.1:" + phone.getAddress().getPort());
    try (RealAlertmanager alertmanager = RealAlertmanager.start(folder, webhook);
        Desk desk =
            Desk.of(
                "service llm on n1 { }\npager ops { alertmanager \"%s\" }\n"
                    .formatted(alertmanager.uri()),
                folder)) {
      Report report =
          desk.end(
              new Assignment(
                  desk.order("page ops", LLM).capturing(Map.of("rank", "3 \"<&>\"")),
                  Optional.empty()));

      assertThat(report.outcome().kind()).as(report.toString()).isEqualTo(Kind.DONE);
      String call = told.poll(30, TimeUnit.SECONDS);
      assertThat(call)
          .isNotNull()
          .contains("\"status\":\"firing\"")
          .contains("\"alertname\":\"HealPage\"")
          .contains("\"entity\":\"service:n1/llm\"")
          .contains("\"fault\":\"broken\"")
          .contains("\"order\":\"r1-1\"")
          .contains("service:n1/llm: broken. Policy mend asks for a human");
      assertThat(alertmanager.alerts()).contains("HealPage");
    } finally {
      phone.stop(0);
    }
  }
}
