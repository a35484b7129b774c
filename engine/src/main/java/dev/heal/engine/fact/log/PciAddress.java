package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Locale;
import java.util.Optional;

/** Addresses of PCI devices in one spelling: lower case, no function, four digits of domain. */
final class PciAddress {
  private static final Pattern ADDRESS =
      Pattern.compile("\\b([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})\\b");

  private PciAddress() {}

  /** The first in a text. */
  static Optional<String> first(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    return matcher.find() ? Optional.of(normalised(matcher.group(1))) : Optional.empty();
  }

  /** Of an address without function; a domain of more than four digits stays where it is needed. */
  static String normalised(String pci) {
    String address = pci.toLowerCase(Locale.ROOT);
    if (address.length() == 5) {
      return "0000:" + address;
    }
    int colon = address.indexOf(':');
    int from = 0;
    while (colon - from > 4 && address.charAt(from) == '0') {
      from++;
    }
    return address.substring(from);
  }
}
