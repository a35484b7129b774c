package dev.heal.engine.reload.origin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.heal.engine.reload.bundle.Digest;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gives other engines the signed bundle that is in force here. Who may ask is for the server to
 * decide that this stands in; what is given is verified by whoever takes it.
 */
public final class BundleEndpoint implements HttpHandler {
  /** Where it stands on the listen address. */
  public static final String PATH = "/v1/bundle";

  static final String CONTENT_TYPE = "application/vnd.heal.bundle";

  private final Supplier<Optional<VerifiedBundle>> inForce;
  private volatile Optional<Packed> packed = Optional.empty();

  /** A bundle with its archive: the same one is asked for again and again. */
  private static final class Packed {
    private final VerifiedBundle bundle;
    private final byte[] archive;

    Packed(VerifiedBundle bundle) {
      this.bundle = bundle;
      this.archive = bundle.bundle().archive();
    }
  }

  /**
   * @param inForce the signed bundle in force; empty where policies are in force that nobody
   *     signed, or none; called on threads of the server
   */
  public BundleEndpoint(Supplier<Optional<VerifiedBundle>> inForce) {
    this.inForce = inForce;
  }

  static String tag(Digest digest) {
    return "\"" + digest.hex() + "\"";
  }

  static Optional<Digest> digest(String tag) {
    return Digest.parse(tag.replace("\"", ""));
  }

  /** An answer, for a server of any kind. */
  public static final class Response {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private Response(int status, Map<String, String> headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body;
    }

    public int status() {
      return status;
    }

    public Map<String, String> headers() {
      return headers;
    }

    /** A copy. */
    public byte[] body() {
      return body.clone();
    }
  }

  /**
   * What is answered.
   *
   * @param method in upper case
   * @param ifNoneMatch the header of that name
   */
  public Response answer(String method, Optional<String> ifNoneMatch) {
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return new Response(405, Map.of("Allow", "GET, HEAD"), new byte[0]);
    }
    Optional<VerifiedBundle> bundle = inForce.get();
    if (bundle.isEmpty()) {
      return new Response(
          404,
          Map.of("Content-Type", "text/plain; charset=utf-8"),
          "no signed bundle is in force\n".getBytes(StandardCharsets.UTF_8));
    }
    String tag = tag(bundle.get().manifest().digest());
    if (ifNoneMatch.filter(header -> matches(header, tag)).isPresent()) {
      return new Response(304, Map.of("ETag", tag), new byte[0]);
    }
    return new Response(
        200,
        Map.of("ETag", tag, "Content-Type", CONTENT_TYPE, "Cache-Control", "no-cache"),
        archive(bundle.get()));
  }

  private byte[] archive(VerifiedBundle bundle) {
    Optional<Packed> known = packed.filter(p -> p.bundle == bundle);
    Packed now = known.orElseGet(() -> new Packed(bundle));
    packed = Optional.of(now);
    return now.archive;
  }

  private static boolean matches(String header, String tag) {
    return Arrays.stream(header.split(",", -1))
        .map(String::strip)
        .map(part -> part.startsWith("W/") ? part.substring(2) : part)
        .anyMatch(part -> part.equals(tag) || part.equals("*"));
  }

  /** The same for the server of the JDK. */
  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      Optional<String> known =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match"));
      Response response = answer(exchange.getRequestMethod(), known);
      response.headers.forEach(exchange.getResponseHeaders()::set);
      boolean bodiless = exchange.getRequestMethod().equals("HEAD") || response.body.length == 0;
      exchange.sendResponseHeaders(response.status, bodiless ? -1 : response.body.length);
      if (!bodiless) {
        try (OutputStream body = exchange.getResponseBody()) {
          body.write(response.body);
        }
      }
    }
  }
}
