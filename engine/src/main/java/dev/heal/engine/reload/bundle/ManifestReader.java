package dev.heal.engine.reload.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the text of a manifest. Only the one text that {@link Manifest#bytes} would write is read:
 * what another reader of JSON could understand otherwise (a key twice, an escape, something behind
 * the end) is refused.
 */
final class ManifestReader {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String FORMAT = "heal bundle ";

  private final JsonParser json;

  private ManifestReader(JsonParser json) {
    this.json = json;
  }

  static Manifest read(byte[] bytes) throws RefusedException {
    if (bytes.length > Limits.MANIFEST_BYTES) {
      throw new RefusedException(
          Refusal.Kind.TOO_BIG,
          "its manifest is over " + (Limits.MANIFEST_BYTES >> 20) + " MiB",
          "policies are smaller: see whether this is the right file");
    }
    Manifest manifest;
    try (JsonParser json = JSON.createParser(bytes)) {
      manifest = new ManifestReader(json).manifest();
    } catch (IOException | IllegalArgumentException unreadable) {
      throw refused("its manifest cannot be read");
    }
    if (manifest.edition() > Manifest.EDITION) {
      throw new RefusedException(
          Refusal.Kind.MANIFEST,
          "it is written in edition %d of the language; this heal reads edition %d"
              .formatted(manifest.edition(), Manifest.EDITION),
          "use a newer heal");
    }
    if (!Arrays.equals(manifest.bytes(), bytes)) {
      throw refused("its manifest is not written as heal writes one");
    }
    requireFiles(manifest);
    return manifest;
  }

  private static RefusedException refused(String text) {
    return new RefusedException(
        Refusal.Kind.MANIFEST, text, "make it with `heal bundle build` or `heal bundle sign`");
  }

  private static void requireFiles(Manifest manifest) throws RefusedException {
    if (manifest.files().isEmpty()) {
      throw refused("it holds no policy at all: nothing would be protected");
    }
    if (manifest.files().size() > Limits.FILES) {
      throw new RefusedException(
          Refusal.Kind.TOO_BIG,
          "its manifest names more than %,d files".formatted(Limits.FILES),
          "policies are fewer: see whether this is the right file");
    }
    PolicyPath.Collisions collisions = new PolicyPath.Collisions();
    String before = "";
    long total = 0;
    for (Manifest.File file : manifest.files()) {
      Contents.requirePath(file.path(), collisions);
      if (file.path().compareTo(before) <= 0) {
        throw refused("its manifest names its files out of order");
      }
      before = file.path();
      total += file.size();
      Contents.requireSize(file.path(), file.size(), total);
    }
  }

  private Manifest manifest() throws IOException, RefusedException {
    expect(JsonToken.START_OBJECT);
    String format = text("format");
    if (!format.equals(FORMAT + "1")) {
      if (format.startsWith(FORMAT)) {
        throw new RefusedException(
            Refusal.Kind.MANIFEST, "a newer heal has made it", "use a newer heal");
      }
      throw new IllegalArgumentException("no manifest");
    }
    String name = text("name");
    long edition = number("edition", Integer.MAX_VALUE);
    long revision = number("revision", Manifest.LAST_REVISION);
    List<Manifest.Ancestor> history = new ArrayList<>();
    list("history");
    while (json.nextToken() == JsonToken.START_OBJECT) {
      long of = number("revision", Manifest.LAST_REVISION);
      Digest digest = Digest.parse(text("digest")).orElseThrow(IllegalArgumentException::new);
      history.add(new Manifest.Ancestor(of, digest));
      expect(JsonToken.END_OBJECT);
    }
    List<Manifest.File> files = new ArrayList<>();
    list("files");
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String path = text("path");
      int size = (int) number("size", Integer.MAX_VALUE);
      files.add(new Manifest.File(path, size, new Digest(text("sha256"))));
      expect(JsonToken.END_OBJECT);
    }
    expect(JsonToken.END_OBJECT);
    return new Manifest(name, (int) edition, revision, history, files);
  }

  private void list(String key) throws IOException {
    key(key);
    expect(JsonToken.START_ARRAY);
  }

  private String text(String key) throws IOException {
    key(key);
    expect(JsonToken.VALUE_STRING);
    return json.getText();
  }

  private long number(String key, long most) throws IOException {
    key(key);
    expect(JsonToken.VALUE_NUMBER_INT);
    long number = json.getLongValue();
    if (number < 0 || number > most) {
      throw new IllegalArgumentException(key);
    }
    return number;
  }

  private void key(String key) throws IOException {
    expect(JsonToken.FIELD_NAME);
    if (!json.currentName().equals(key)) {
      throw new IllegalArgumentException(key);
    }
  }

  private void expect(JsonToken token) throws IOException {
    if (json.nextToken() != token) {
      throw new IllegalArgumentException(token.name());
    }
  }
}
