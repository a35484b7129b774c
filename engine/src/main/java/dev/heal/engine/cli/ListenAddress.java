package dev.heal.engine.cli;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code 127.0.0.1:9818}, as an operator gives it. */
final class ListenAddress {
  private static final Pattern FORM = Pattern.compile("\\[?([^\\[\\]]+?)\\]?:(\\d{1,5})");
  private static final int HIGHEST_PORT = 65_535;

  private ListenAddress() {}

  /**
   * The address.
   *
   * @throws UsageException where it is none, or not of the loopback: anybody could speak to it
   */
  static InetSocketAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(2)) > HIGHEST_PORT) {
      throw new UsageException("`%s` is no address; write 127.0.0.1:9818".formatted(text));
    }
    InetSocketAddress address =
        new InetSocketAddress(form.group(1), Integer.parseInt(form.group(2)));
    if (address.isUnresolved()) {
      throw new UsageException("the name `%s` cannot be resolved".formatted(form.group(1)));
    }
    if (!address.getAddress().isLoopbackAddress()) {
      throw new UsageException(
          "`%s` is not of the loopback: put a proxy with TLS and a token before heal, and give 127.0.0.1:%s"
              .formatted(text, form.group(2)));
    }
    return address;
  }
}
