package dev.heal.engine.cli.metrics;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where somebody wants an HTTP server to listen: {@code 127.0.0.1:9817}, {@code [::1]:9817}. */
public final class ListenAddress {
  private static final Pattern PARTS =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]/]+):(\\d{1,5})");
  private static final int LAST_PORT = 65_535;

  private ListenAddress() {}

  /** An address that is refused, in the operator's words. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }

    /** Why. */
    public String text() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * The address, on loopback.
   *
   * @throws Refused where it is none, or others than this host could reach it
   */
  public static InetSocketAddress loopback(String text) throws Refused {
    Matcher parts = PARTS.matcher(text);
    int port = parts.matches() ? Integer.parseInt(parts.group(2)) : LAST_PORT + 1;
    if (port > LAST_PORT) {
      throw new Refused("`%s` is not an address such as 127.0.0.1:9817".formatted(text));
    }
    InetAddress host;
    try {
      host = InetAddress.getByName(parts.group(1));
    } catch (UnknownHostException unknown) {
      throw new Refused("the host of `%s` is not known".formatted(text));
    }
    if (!host.isLoopbackAddress()) {
      throw new Refused(
          ("`%s` can be reached from outside, and what is served there is not protected: use"
                  + " 127.0.0.1, and put a proxy with TLS and a token before it")
              .formatted(text));
    }
    return new InetSocketAddress(host, port);
  }
}
