package dev.heal.engine.actuate.reach;

import dev.heal.dsl.policy.Way;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/** Sends requests. */
public final class Calls {
  /** The header under which the key of an order is sent: one key, one effect. */
  public static final String KEY = "Idempotency-Key";

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Answers that mean: later, perhaps. */
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  /** Answers of a go-between that does not know what became of the request. */
  private static final Set<Integer> NOBODY_KNOWS = Set.of(502, 504);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * Sends it and waits for the answer: 2xx is done, 4xx is refused, no answer is unknown. A GET has
   * no body.
   */
  public Outcome send(Way.HttpCall call, String key, String json) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(call.uri())
            .header(KEY, key)
            .header("Content-Type", "application/json")
            .method(
                call.method(),
                call.method().equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json))
            .build();
    String what = "%s %s".formatted(call.method(), shown(call.uri()));
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      return answered(what, answer.statusCode(), body(answer));
    } catch (ConnectException | HttpConnectTimeoutException notSent) {
      return new Outcome(
          Outcome.Kind.FAILED, "`%s`: nobody answers there: nothing was sent".formatted(what));
    } catch (IOException lost) {
      return new Outcome(
          Outcome.Kind.UNKNOWN,
          "`%s`: sent, and no answer%s"
              .formatted(what, Said.behindColon(String.valueOf(lost.getMessage()))));
    }
  }

  /** The status has said it all: a body that breaks off changes nothing. */
  private static String body(HttpResponse<InputStream> answer) {
    try (InputStream in = answer.body()) {
      byte[] first = in.readNBytes(Said.MOST);
      return Said.line(first, first.length);
    } catch (IOException brokenOff) {
      return "(its text broke off)";
    }
  }

  static Outcome answered(String what, int status, String said) {
    return new Outcome(
        kind(status), "`%s` answered %d%s".formatted(what, status, Said.behindColon(said)));
  }

  private static Outcome.Kind kind(int status) {
    if (status / 100 == 2) {
      return Outcome.Kind.DONE;
    }
    if (NOBODY_KNOWS.contains(status)) {
      return Outcome.Kind.UNKNOWN;
    }
    return status / 100 == 4 && !LATER.contains(status)
        ? Outcome.Kind.REFUSED
        : Outcome.Kind.FAILED;
  }

  /** Without user and query: they may hold secrets. */
  private static String shown(URI uri) {
    return uri.getScheme()
        + "://"
        + uri.getHost()
        + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
        + uri.getRawPath();
  }
}
