package dev.heal.engine.source.ingest;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen, or why not there; exactly one is there. Only addresses of the loopback are
 * taken: whoever may tell heal what is broken has it repair things.
 */
public record ListenAddress(Optional<InetSocketAddress> address, String problem) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)\\]|([^:\\[\\]]+)):(\\d{1,5})");

  /**
   * {@code 127.0.0.1:9818}, {@code [::1]:9818}, {@code localhost:9818}; port 0 is any that is free.
   */
  public static ListenAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    int port = form.matches() ? Integer.parseInt(form.group(3)) : -1;
    if (port < 0 || port > 65_535) {
      return problem("`%s` is not an address and a port: write `127.0.0.1:9818`".formatted(text));
    }
    String host = form.group(1) == null ? form.group(2) : form.group(1);
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!address.isLoopbackAddress()) {
        return problem(
            ("`%s` can be reached from other hosts: that needs TLS and a token, which heal does not"
                    + " have yet; listen on `127.0.0.1:%d` and put a proxy with both in front of it")
                .formatted(text, port));
      }
      return new ListenAddress(Optional.of(new InetSocketAddress(address, port)), "");
    } catch (UnknownHostException e) {
      return problem("the host of `%s` is not known".formatted(text));
    }
  }

  private static ListenAddress problem(String why) {
    return new ListenAddress(Optional.empty(), why);
  }
}
