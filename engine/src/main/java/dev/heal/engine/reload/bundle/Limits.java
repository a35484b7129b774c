package dev.heal.engine.reload.bundle;

import dev.heal.dsl.parse.SourceFiles;

/**
 * What is more is no policy. Nothing in a bundle is compressed, so a bundle is never larger in
 * memory than on its way.
 */
public final class Limits {
  /** Of one file: what the language reads. */
  public static final int FILE_BYTES = SourceFiles.MOST_BYTES;

  /** Of all files together. */
  public static final int TOTAL_BYTES = 16 << 20;

  public static final int FILES = 20_000;

  /** Of a path in UTF-8, so that it fits the archive's header. */
  public static final int PATH_BYTES = 200;

  /** Of a name between two slashes in UTF-8. */
  public static final int NAME_BYTES = 100;

  /** Enough for {@link #FILES} files of long names. */
  public static final int MANIFEST_BYTES = 8 << 20;

  public static final int SIGNATURES_BYTES = 16 << 10;
  public static final int SIGNATURES = 32;

  /** Ancestors that a manifest names. */
  public static final int HISTORY = 64;

  /** The largest that a bundle can be. */
  public static final int ARCHIVE_BYTES =
      TOTAL_BYTES + MANIFEST_BYTES + SIGNATURES_BYTES + (FILES + 3) * 1024 + 1024;

  /**
   * The largest that is fetched from another host: some ten thousand policies. What a host that is
   * not ours sends must not use up our memory.
   */
  public static final int FETCHED_BYTES = 16 << 20;

  private Limits() {}
}
