package dev.heal.engine.reload.bundle;

/**
 * Why policies are not taken.
 *
 * @param text what is wrong, lower case, no full stop, what others wrote in back quotes and made
 *     harmless
 * @param help what to do about it
 */
public record Refusal(Kind kind, String text, String help) {
  /** The kinds, told apart by programs. */
  public enum Kind {
    /** The bytes are no bundle, or not as heal writes one. */
    NOT_A_BUNDLE("not_a_bundle"),
    /** It ends early. */
    CUT_OFF("cut_off"),
    /** More files or bytes than policies need. */
    TOO_BIG("too_big"),
    /** A path that leaves the bundle, or could mean two files. */
    BAD_PATH("bad_path"),
    /** The manifest cannot be read, or needs a newer heal. */
    MANIFEST("manifest"),
    /** There is no signature, or no manifest that one could be over. */
    UNSIGNED("unsigned"),
    /** No signature is by a trusted key. */
    UNTRUSTED("untrusted"),
    /** A signature says that it is by a trusted key, and does not fit. */
    SIGNATURE("signature"),
    /** A file is not what the manifest says. */
    CHANGED("changed"),
    /** A file is there that the manifest does not name. */
    EXTRA_FILE("extra_file"),
    /** A file is missing that the manifest names. */
    MISSING_FILE("missing_file"),
    /** A revision that was passed already. */
    OLDER("older"),
    /** Made from the same parent as another one that is in force. */
    FORK("fork"),
    /** Signed, but another set of policies. */
    OTHER_NAME("other_name"),
    /** The trusted keys cannot be read, or there are none. */
    TRUST("trust"),
    /** A key cannot be used. */
    KEY("key");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** {@code extra_file}: for metrics and JSON. */
    public String word() {
      return word;
    }
  }
}
