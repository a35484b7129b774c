package dev.heal.engine.reload.bundle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a bundle is, every byte of it named. Its text is fixed to the byte: the digest of the text
 * is the name of the bundle, and the signatures are over the text.
 *
 * @param name of the set of policies: a bundle of one set is never taken for another's
 * @param edition of the language, from 1
 * @param revision from 1, higher with each bundle of the set
 * @param history of the bundles that this one was made from: first its parent, then the parent's,
 *     and so on; empty for the first
 * @param files in the order of their paths
 */
public record Manifest(
    String name, int edition, long revision, List<Ancestor> history, List<File> files) {
  /** How it is called in an archive and in a folder. */
  public static final String FILE_NAME = "heal.manifest";

  /** The newest edition of the language that this engine reads. */
  public static final int EDITION = 1;

  /** The largest revision: what every reader of JSON keeps exactly. */
  public static final long LAST_REVISION = (1L << 53) - 1;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /** A bundle that was there before. */
  public record Ancestor(long revision, Digest digest) {
    public Ancestor {
      if (revision < 1 || revision > LAST_REVISION) {
        throw new IllegalArgumentException("revision " + revision);
      }
    }
  }

  /**
   * @param size bytes
   */
  public record File(String path, int size, Digest digest) {
    public File {
      if (size < 0) {
        throw new IllegalArgumentException("size " + size);
      }
    }
  }

  public Manifest {
    history = List.copyOf(history);
    files = List.copyOf(files);
    if (!isName(name)) {
      throw new IllegalArgumentException("a set of policies cannot be called " + name);
    }
    if (edition < 1 || history.size() > Limits.HISTORY) {
      throw new IllegalArgumentException("edition " + edition + ", " + history.size() + " parents");
    }
    long above = LAST_REVISION + 1;
    for (long next : revisions(revision, history)) {
      if (next < 1 || next >= above) {
        throw new IllegalArgumentException("revision " + next + " behind " + above);
      }
      above = next;
    }
  }

  private static List<Long> revisions(long own, List<Ancestor> history) {
    List<Long> all = new ArrayList<>();
    all.add(own);
    history.forEach(ancestor -> all.add(ancestor.revision()));
    return all;
  }

  /**
   * Reads a text that {@link #bytes} has written.
   *
   * @throws RefusedException for every other text
   */
  public static Manifest parse(byte[] text) throws RefusedException {
    return ManifestReader.read(text);
  }

  /** Whether a set of policies may be called so: letters a to z, digits, and . _ - inside. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The manifest of these files, made from {@code parent} where there is one. */
  public static Manifest of(
      Contents contents, String name, long revision, Optional<Manifest> parent) {
    List<Ancestor> history = new ArrayList<>();
    if (parent.isPresent()) {
      history.add(parent.get().asAncestor());
      history.addAll(parent.get().history());
    }
    List<File> files = new ArrayList<>();
    for (String path : contents.paths()) {
      byte[] bytes = contents.raw(path);
      files.add(new File(path, bytes.length, Digest.of(bytes)));
    }
    return new Manifest(
        name,
        EDITION,
        revision,
        history.subList(0, Math.min(history.size(), Limits.HISTORY)),
        files);
  }

  /** As the history of the next one names it. */
  public Ancestor asAncestor() {
    return new Ancestor(revision, digest());
  }

  /** The bundle that it was made from; empty for the first. */
  public Optional<Digest> parent() {
    return history.stream().findFirst().map(Ancestor::digest);
  }

  /** Of the text: the name of the bundle. */
  public Digest digest() {
    return Digest.of(bytes());
  }

  /** The text. JSON, a line for each file. */
  public byte[] bytes() {
    StringBuilder text = new StringBuilder();
    text.append("{\"format\": \"heal bundle 1\",\n \"name\": \"").append(name);
    text.append("\",\n \"edition\": ").append(edition);
    text.append(",\n \"revision\": ").append(revision);
    text.append(",\n \"history\": [");
    String before = "\n  ";
    for (Ancestor ancestor : history) {
      text.append(before).append("{\"revision\": ").append(ancestor.revision());
      text.append(", \"digest\": \"").append(ancestor.digest()).append("\"}");
      before = ",\n  ";
    }
    text.append("],\n \"files\": [");
    before = "\n  ";
    for (File file : files) {
      text.append(before).append("{\"path\": \"").append(file.path());
      text.append("\", \"size\": ").append(file.size());
      text.append(", \"sha256\": \"").append(file.digest().hex()).append("\"}");
      before = ",\n  ";
    }
    return text.append("]}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** {@code fleet revision 7 (3f2a…)}. */
  @Override
  public String toString() {
    return name + " revision " + revision + " (" + digest().brief() + ")";
  }
}
