package dev.heal.engine.reload.origin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where bundles are asked for: {@code https}, or a peer on this very host.
 *
 * @param uri with a host, without user and fragment
 */
public record Address(URI uri) {
  private static final int MOST_CHARACTERS = 2_000;

  /** An address, or what is wrong with it. */
  public record Parsed(Optional<Address> address, String problem) {}

  /**
   * Reads an address of the command line.
   *
   * @param loopback whether {@code http} is allowed on this host
   */
  public static Parsed parse(String text, boolean loopback) {
    try {
      return of(new URI(text), loopback);
    } catch (URISyntaxException malformed) {
      return wrong("it is no address such as https://conf.example.org/heal.bundle");
    }
  }

  static Parsed of(URI uri, boolean loopback) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String authority = String.valueOf(uri.getRawAuthority());
    if (authority.contains("@")) {
      return wrong("the address holds a user or a password");
    }
    if (uri.getHost() == null || uri.toString().length() > MOST_CHARACTERS) {
      return wrong("it is no address such as https://conf.example.org/heal.bundle");
    }
    if (!scheme.equals("https") && !(scheme.equals("http") && loopback && isLoopback(uri))) {
      return wrong("`" + shown(uri) + "` is not https");
    }
    return new Parsed(Optional.of(new Address(uri)), "");
  }

  private static Parsed wrong(String problem) {
    return new Parsed(Optional.empty(), problem);
  }

  /** By its name alone: no resolver is asked, which could say otherwise the next time. */
  private static boolean isLoopback(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
  }

  boolean sameServer(Address other) {
    return uri.getScheme().equalsIgnoreCase(other.uri.getScheme())
        && uri.getHost().equalsIgnoreCase(other.uri.getHost())
        && uri.getPort() == other.uri.getPort();
  }

  /** Without what stands behind the path: a query may hold a secret. */
  private static String shown(URI uri) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + uri.getRawAuthority() + path;
  }

  @Override
  public String toString() {
    return shown(uri);
  }
}
