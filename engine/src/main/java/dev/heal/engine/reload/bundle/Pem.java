package dev.heal.engine.reload.bundle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as text, RFC 7468. */
final class Pem {
  static final String PRIVATE = "PRIVATE KEY";
  static final String PUBLIC = "PUBLIC KEY";

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");
  private static final int LINE = 64;

  private Pem() {}

  /** One block: its label and its bytes. */
  static final class Block {
    private final String label;
    private final byte[] der;

    Block(String label, byte[] der) {
      this.label = label;
      this.der = der;
    }

    String label() {
      return label;
    }

    byte[] der() {
      return der.clone();
    }
  }

  static String write(String label, byte[] der) {
    String text =
        Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
  }

  /**
   * Every block, in order; text between them is left out.
   *
   * @throws IllegalArgumentException for a block that is broken off or no base 64
   */
  static List<Block> read(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      String base64 = matcher.group(2).replaceAll("\\s", "");
      blocks.add(new Block(matcher.group(1), Base64.getDecoder().decode(base64)));
    }
    long begun = Pattern.compile("-----BEGIN ").matcher(text).results().count();
    if (begun != blocks.size()) {
      throw new IllegalArgumentException("a block is broken off");
    }
    return blocks;
  }
}
