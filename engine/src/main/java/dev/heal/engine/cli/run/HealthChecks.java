package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.Means;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks a service whether it is well. One check at a time for each service. */
final class HealthChecks {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newHttpClient();

  /** An answer that does not come before the next check is due is none. */
  private static Duration patience(Means.Probe probe) {
    return probe.every().compareTo(LONGEST) < 0 ? probe.every() : LONGEST;
  }

  /** Whether it answered well, and how long that took. */
  record Answer(boolean well, long nanos) {}

  Answer ask(Means.Probe probe) throws InterruptedException {
    long start = System.nanoTime();
    boolean well;
    try {
      well = probe.match(new Asking());
    } catch (Interrupted e) {
      throw e.cause;
    }
    return new Answer(well, System.nanoTime() - start);
  }

  /** An interrupt on its way out of the cases, which throw nothing checked. */
  private static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final InterruptedException cause;

    Interrupted(InterruptedException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private final class Asking implements Means.Probe.Cases<Boolean> {
    @Override
    public Boolean http(Means.Probe.Http probe) {
      try {
        HttpRequest request = HttpRequest.newBuilder(probe.uri()).timeout(patience(probe)).build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        return status >= 200 && status < 300;
      } catch (IOException noAnswer) {
        return false;
      } catch (InterruptedException e) {
        throw new Interrupted(e);
      }
    }

    @Override
    public Boolean tcp(Means.Probe.Tcp probe) {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(probe.host(), probe.port()), (int) patience(probe).toMillis());
        return true;
      } catch (IOException refused) {
        return false;
      }
    }

    @Override
    public Boolean command(Means.Probe.Command probe) {
      try {
        Process process =
            new ProcessBuilder(probe.argv())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(patience(probe).toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          return false;
        }
        return process.exitValue() == 0;
      } catch (IOException cannotRun) {
        return false;
      } catch (InterruptedException e) {
        throw new Interrupted(e);
      }
    }
  }
}
