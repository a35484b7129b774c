package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Limits;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Asks web servers for bundles: over a connection whose certificate is right, within a time, up to
 * a size, and following redirects only to {@code https}.
 */
public final class Fetcher {
  private static final int MOST_REDIRECTS = 5;
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]{1,4096}");
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Of an answer without a bundle. */
  private static final long MOST_OTHER_BYTES = 64 << 10;

  private final HttpClient client;
  private final Duration deadline;
  private final long mostBytes;
  private final Optional<Path> tokenFile;

  /**
   * @param connect for the connection alone
   * @param deadline for the whole answer, redirects included
   * @param authorities that vouch for the servers; empty: those that this host trusts
   * @param tokenFile holds what is sent as a bearer token to the address itself, never to another
   *     server that it redirects to; read at each request
   */
  public Fetcher(
      Duration connect,
      Duration deadline,
      Optional<Authorities> authorities,
      Optional<Path> tokenFile) {
    this(connect, deadline, authorities, tokenFile, Limits.FETCHED_BYTES);
  }

  Fetcher(
      Duration connect,
      Duration deadline,
      Optional<Authorities> authorities,
      Optional<Path> tokenFile,
      long mostBytes) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connect);
    authorities.ifPresent(own -> builder.sslContext(own.context()));
    this.client = builder.build();
    this.deadline = deadline;
    this.mostBytes = mostBytes;
    this.tokenFile = tokenFile;
  }

  /** A response, or why there is none. */
  static final class Fetched {
    private final Optional<HttpResponse<byte[]>> response;
    private final Optional<Failure> failure;

    private Fetched(Optional<HttpResponse<byte[]>> response, Optional<Failure> failure) {
      this.response = response;
      this.failure = failure;
    }

    static Fetched of(HttpResponse<byte[]> response) {
      return new Fetched(Optional.of(response), Optional.empty());
    }

    static Fetched not(Failure failure) {
      return new Fetched(Optional.empty(), Optional.of(failure));
    }

    <R> R match(Function<HttpResponse<byte[]>, R> answered, Function<Failure, R> failed) {
      return response.isPresent()
          ? answered.apply(response.get())
          : failed.apply(failure.orElseThrow());
    }
  }

  /** The whole answer of an address. */
  Fetched get(String name, Address address, Optional<String> known) {
    Asking asking;
    try {
      asking = new Asking(address, known, token());
    } catch (IOException unreadable) {
      return Fetched.not(noToken(name));
    }
    CompletableFuture<HttpResponse<byte[]>> answer = follow(asking, address, 0);
    try {
      return Fetched.of(answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException late) {
      asking.giveUp();
      return Fetched.not(timeout(name));
    } catch (ExecutionException failed) {
      return Fetched.not(failure(name, failed.getCause() == null ? failed : failed.getCause()));
    } catch (InterruptedException e) {
      asking.giveUp();
      Thread.currentThread().interrupt();
      return Fetched.not(
          Failure.of(name, Failure.Kind.TIMEOUT, "the engine is ending", "ask again"));
    }
  }

  private Optional<String> token() throws IOException {
    if (tokenFile.isEmpty()) {
      return Optional.empty();
    }
    String text = Files.readString(tokenFile.get(), StandardCharsets.US_ASCII).strip();
    if (!TOKEN.matcher(text).matches()) {
      throw new IOException("no token");
    }
    return Optional.of(text);
  }

  private Failure noToken(String name) {
    return Failure.of(
        name,
        Failure.Kind.DENIED,
        "the token in `" + tokenFile.orElseThrow() + "` cannot be read",
        "put one line of plain characters there that this user may read");
  }

  /** One question through all its redirects; gives up the request that runs. */
  private static final class Asking {
    private final Address first;
    private final Optional<String> known;
    private final Optional<String> token;
    private Optional<CompletableFuture<?>> running = Optional.empty();
    private boolean givenUp;

    Asking(Address first, Optional<String> known, Optional<String> token) {
      this.first = first;
      this.known = known;
      this.token = token;
    }

    synchronized void runs(CompletableFuture<?> request) {
      running = Optional.of(request);
      if (givenUp) {
        boolean unused = request.cancel(true);
      }
    }

    synchronized void giveUp() {
      givenUp = true;
      running.ifPresent(request -> request.cancel(true)); // closes the connection
    }
  }

  private CompletableFuture<HttpResponse<byte[]>> follow(
      Asking asking, Address address, int redirects) {
    CompletableFuture<HttpResponse<byte[]>> request =
        client.sendAsync(request(asking, address), this::body);
    asking.runs(request);
    return request.thenCompose(
        response ->
            REDIRECTS.contains(response.statusCode())
                ? redirect(asking, address, response, redirects)
                : CompletableFuture.completedFuture(response));
  }

  private CompletableFuture<HttpResponse<byte[]>> redirect(
      Asking asking, Address from, HttpResponse<byte[]> response, int redirects) {
    if (redirects == MOST_REDIRECTS) {
      return refused("it redirects more than " + MOST_REDIRECTS + " times");
    }
    Optional<String> location = response.headers().firstValue("location");
    if (location.isEmpty() || location.get().isBlank()) {
      return refused("it redirects and does not say where to");
    }
    URI to;
    try {
      to = from.uri().resolve(location.get());
    } catch (IllegalArgumentException malformed) {
      return refused("it redirects to something that is no address");
    }
    Address.Parsed parsed = Address.of(to, false);
    return parsed
        .address()
        .map(address -> follow(asking, address, redirects + 1))
        .orElseGet(() -> refused("it redirects: " + parsed.problem()));
  }

  /** A redirect that we do not follow. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String text) {
      super(text);
    }
  }

  private static CompletableFuture<HttpResponse<byte[]>> refused(String text) {
    return CompletableFuture.failedFuture(new Refused(text));
  }

  private HttpRequest request(Asking asking, Address address) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.uri())
            .timeout(deadline)
            .header("User-Agent", "heal")
            .header("Accept", BundleEndpoint.CONTENT_TYPE + ", */*;q=0.1")
            .header("Accept-Encoding", "identity");
    asking.known.ifPresent(tag -> request.header("If-None-Match", tag));
    if (address.sameServer(asking.first)) {
      asking.token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    }
    return request.GET().build();
  }

  private HttpResponse.BodySubscriber<byte[]> body(HttpResponse.ResponseInfo info) {
    return new BoundedBody(info.statusCode() == 200 ? mostBytes : MOST_OTHER_BYTES);
  }

  private Failure timeout(String name) {
    return Failure.of(
        name,
        Failure.Kind.TIMEOUT,
        "no whole answer within " + deadline.toMillis() + " ms",
        "see whether it is up, and how fast the way there is");
  }

  private Failure failure(String name, Throwable failed) {
    if (failed instanceof BoundedBody.TooLong || failed.getCause() instanceof BoundedBody.TooLong) {
      return Failure.of(
          name,
          Failure.Kind.TOO_BIG,
          "its answer is over %d MiB".formatted(mostBytes >> 20),
          "see what lies at the address");
    }
    if (failed instanceof Refused) {
      return Failure.of(
          name,
          Failure.Kind.REDIRECT,
          String.valueOf(failed.getMessage()),
          "name the address itself, with https");
    }
    if (failed instanceof SSLException || failed.getCause() instanceof SSLException) {
      return Failure.of(
          name,
          Failure.Kind.TLS,
          tlsProblem(failed),
          "see its certificate, and `--authorities` for one that is your own");
    }
    if (failed instanceof HttpConnectTimeoutException
        || failed instanceof ConnectException
        || failed instanceof UnknownHostException) {
      return Failure.of(
          name,
          Failure.Kind.UNREACHABLE,
          isUnknownHost(failed) ? "its name cannot be resolved" : "no connection",
          "see whether it is up, and the way there");
    }
    if (failed instanceof HttpTimeoutException) {
      return timeout(name);
    }
    return Failure.of(
        name,
        Failure.Kind.CUT_OFF,
        "the connection broke before the whole answer was there",
        "see it, and what stands between");
  }

  private static boolean isUnknownHost(Throwable failed) {
    for (Throwable t = failed; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException || t instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static String tlsProblem(Throwable failed) {
    for (Throwable t = failed; t != null; t = t.getCause()) {
      if (t instanceof CertPathBuilderException) {
        return "its certificate is signed by nobody whom this host trusts";
      }
      if (t instanceof CertificateExpiredException) {
        return "its certificate has expired";
      }
      if (t instanceof CertificateNotYetValidException) {
        return "its certificate is not valid yet: see the clocks";
      }
      if (String.valueOf(t.getMessage()).startsWith("No ")
          && t instanceof java.security.cert.CertificateException) {
        return "its certificate is that of another host";
      }
    }
    return "no safe connection could be agreed on";
  }
}
