package dev.heal.engine.source.probe;

import dev.heal.engine.source.log.LineReader;
import dev.heal.engine.source.probe.Check.Http;
import dev.heal.engine.source.probe.Check.Scrape;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;

/** Asks web servers. */
final class Web {
  private static final long LONGEST_ANSWER_BYTES = 64L << 20;

  private final HttpClient client;

  Web(Executor threads) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(threads)
            .build();
  }

  Answer http(Http check, Duration timeout) throws InterruptedException {
    try (InputStream body = get(check.uri(), timeout).body()) {
      // to its end: a server that never ends its answer is not healthy
      long unused = body.transferTo(OutputStream.nullOutputStream());
      return Answer.HEALTHY;
    } catch (IOException e) {
      return Answer.unhealthy(reason(e));
    }
  }

  Answer scrape(Scrape check, Duration timeout) throws InterruptedException {
    try (InputStream body = get(check.uri(), timeout).body()) {
      LineReader lines = new LineReader(new Limited(body));
      Exposition exposition = new Exposition(check.names());
      while (lines.next()) {
        exposition.line(text(lines));
      }
      return Answer.scraped(exposition.samples(), exposition.malformed());
    } catch (IOException e) {
      return Answer.unhealthy(reason(e));
    }
  }

  private static String text(LineReader lines) {
    return new String(
        lines.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8);
  }

  private HttpResponse<InputStream> get(URI uri, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Accept", "text/plain;version=0.0.4, */*;q=0.1")
            .build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    if (response.statusCode() < 200 || response.statusCode() > 399) {
      response.body().close();
      throw new IOException("status " + response.statusCode());
    }
    return response;
  }

  private static String reason(IOException e) {
    if (e instanceof ConnectException) {
      return "no connection";
    }
    return Objects.requireNonNullElse(e.getMessage(), "the connection broke");
  }

  private static final class Limited extends FilterInputStream {
    private long left = LONGEST_ANSWER_BYTES;

    Limited(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int count = super.read(target, from, length);
      left -= Math.max(count, 0);
      if (left < 0) {
        throw new IOException("the answer is longer than 64 MiB");
      }
      return count;
    }
  }
}
