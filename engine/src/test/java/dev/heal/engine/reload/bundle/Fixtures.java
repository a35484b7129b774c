package dev.heal.engine.reload.bundle;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keys, files and bundles of the tests. */
final class Fixtures {
  static final SigningKey ALICE = SigningKey.generate();
  static final SigningKey MALLORY = SigningKey.generate();
  static final TrustRoot TRUST = TrustRoot.of(ALICE.publicKey());

  private Fixtures() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Paths and texts in turn. */
  static Contents contents(String... pathsAndTexts) {
    try {
      return Contents.of(files(pathsAndTexts));
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static Map<String, byte[]> files(String... pathsAndTexts) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.put(pathsAndTexts[i], bytes(pathsAndTexts[i + 1]));
    }
    return files;
  }

  static Bundle bundle(long revision, Contents contents) {
    return Bundle.build(contents, "fleet", revision, Optional.empty());
  }

  static Bundle after(Bundle parent, long revision, Contents contents) {
    return Bundle.build(contents, "fleet", revision, Optional.of(parent.manifest()));
  }

  static Bundle signed(Bundle bundle, SigningKey key) {
    try {
      return bundle.signed(key);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }
}
