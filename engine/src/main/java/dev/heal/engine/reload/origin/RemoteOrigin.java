package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Digest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A bundle behind an address: another engine (the second level), or the configuration centre (the
 * third).
 */
public final class RemoteOrigin implements Origin {
  /** What may be sent back in a header as it came. */
  private static final Pattern TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7E]{0,256}\"");

  private static final long LONGEST_RETRY_SECONDS = 3_600;

  /** The tag of a peer is the digest of the bundle. */
  private enum Kind {
    PEER("the peer "),
    CENTRE("the configuration centre ");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final Kind kind;
  private final Address address;
  private final Fetcher fetcher;

  private RemoteOrigin(Kind kind, Address address, Fetcher fetcher) {
    this.kind = kind;
    this.address = address;
    this.fetcher = fetcher;
  }

  /**
   * Another engine.
   *
   * @param base of its API: {@code https://n2:9465}
   */
  public static Origin peer(Address base, Fetcher fetcher) {
    String path = base.uri().getRawPath() == null ? "" : base.uri().getRawPath();
    URI uri = base.uri().resolve(path.replaceAll("/+$", "") + BundleEndpoint.PATH);
    return new RemoteOrigin(Kind.PEER, new Address(uri), fetcher);
  }

  /**
   * The configuration centre.
   *
   * @param bundle the address of the bundle itself
   */
  public static Origin centre(Address bundle, Fetcher fetcher) {
    return new RemoteOrigin(Kind.CENTRE, bundle, fetcher);
  }

  @Override
  public String name() {
    return kind.words + address;
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public Answer ask(Optional<String> known) {
    return fetcher
        .get(name(), address, known)
        .match(response -> answer(response, known), Failed::new);
  }

  private Answer answer(HttpResponse<byte[]> response, Optional<String> known) {
    int status = response.statusCode();
    return switch (status) {
      case 200 -> delivered(response);
      case 304 -> known.isPresent() ? new Unchanged() : new Failed(unasked(name()));
      case 401, 403, 407 ->
          failed(
              Failure.Kind.DENIED,
              "it does not let us in (status " + status + ")",
              "see the token that it is asked with");
      case 404, 410 ->
          failed(
              Failure.Kind.NOTHING_THERE,
              "it has no bundle (status " + status + ")",
              kind == Kind.PEER
                  ? "that engine runs on policies that are not signed, or on none"
                  : "see the path of the address");
      case 429, 503 ->
          new Failed(
              Failure.of(
                  name(), Failure.Kind.STATUS, "it is busy (status " + status + ")", "see there"),
              retryAfter(response));
      default -> failed(Failure.Kind.STATUS, "it answers with status " + status, "see there");
    };
  }

  private Answer failed(Failure.Kind why, String text, String help) {
    return new Failed(Failure.of(name(), why, text, help));
  }

  private Answer delivered(HttpResponse<byte[]> response) {
    Optional<String> tag =
        response.headers().firstValue("etag").filter(t -> TAG.matcher(t).matches());
    Optional<Digest> claimed = Optional.empty();
    if (kind == Kind.PEER) {
      claimed = tag.flatMap(BundleEndpoint::digest);
      if (claimed.isEmpty()) {
        return new Failed(otherThanClaimed(name()));
      }
    }
    return new Delivered(new Bytes(response.body()), tag, claimed, OptionalLong.empty());
  }

  /** For a peer whose tag is not the digest of its bundle. */
  static Failure otherThanClaimed(String name) {
    return Failure.of(
        name,
        Failure.Kind.CONTRADICTION,
        "what it calls its bundle is not what it sends",
        "see that engine, and what stands between");
  }

  private static OptionalLong retryAfter(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("retry-after")
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .map(seconds -> Math.min(Long.parseLong(seconds), LONGEST_RETRY_SECONDS))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** For who says that nothing changed where nothing was known. */
  static Failure unasked(String name) {
    return Failure.of(
        name,
        Failure.Kind.CONTRADICTION,
        "it says that nothing has changed, and was not asked that",
        "see what stands between: a cache answers for it");
  }
}
