package dev.heal.engine.cli.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Refusal;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Bundles for people and programs. */
public final class BundleText {
  private static final JsonFactory JSON = new JsonFactory();

  private BundleText() {}

  /** On one line: {@code fleet revision 7 (3f2a…): 3 files, 1,234 bytes, signed by …}. */
  public static String line(Bundle bundle) {
    int files = bundle.manifest().files().size();
    List<String> signers = bundle.signatures().ids();
    return String.format(
        Locale.ROOT,
        "%s: %d file%s, %,d bytes, %s",
        bundle.manifest(),
        files,
        files == 1 ? "" : "s",
        bytes(bundle),
        signers.isEmpty() ? "not signed" : "signed by " + String.join(", ", signers));
  }

  private static long bytes(Bundle bundle) {
    return bundle.manifest().files().stream().mapToLong(Manifest.File::size).sum();
  }

  /** All of its manifest. */
  public static String whole(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    StringBuilder text = new StringBuilder();
    text.append("set       ").append(manifest.name()).append('\n');
    text.append("revision  ").append(manifest.revision()).append('\n');
    text.append("edition   ").append(manifest.edition()).append('\n');
    text.append("digest    ").append(manifest.digest()).append('\n');
    text.append("policies  ").append(bundle.contents().digest()).append('\n');
    text.append("made from ")
        .append(
            manifest.history().stream()
                .findFirst()
                .map(parent -> "revision " + parent.revision() + ", " + parent.digest())
                .orElse("nothing: it is the first"))
        .append('\n');
    if (bundle.signatures().isEmpty()) {
      text.append("signed    by nobody\n");
    }
    for (String id : bundle.signatures().ids()) {
      text.append("signed    by ").append(id).append(", as it says: `heal bundle verify` tells\n");
    }
    for (Manifest.File file : manifest.files()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s  %,9d  %s%n".replace("%n", "\n"),
              file.digest().brief(),
              file.size(),
              file.path()));
    }
    return text.toString();
  }

  /** The same as one JSON object. */
  public static String json(Bundle bundle) {
    return object(json -> write(json, bundle));
  }

  /** The result of a verification as one JSON object. */
  public static String json(Optional<Bundle> bundle, String signer, Optional<Refusal> refusal) {
    return object(
        json -> {
          json.writeBooleanField("verified", refusal.isEmpty());
          if (refusal.isPresent()) {
            json.writeStringField("kind", refusal.get().kind().word());
            json.writeStringField("text", refusal.get().text());
            json.writeStringField("help", refusal.get().help());
          } else {
            json.writeStringField("signer", signer);
          }
          if (bundle.isPresent()) {
            write(json, bundle.get());
          }
        });
  }

  private static void write(JsonGenerator json, Bundle bundle) throws IOException {
    Manifest manifest = bundle.manifest();
    json.writeStringField("set", manifest.name());
    json.writeNumberField("revision", manifest.revision());
    json.writeNumberField("edition", manifest.edition());
    json.writeStringField("digest", manifest.digest().toString());
    json.writeStringField("policies", bundle.contents().digest().toString());
    json.writeArrayFieldStart("history");
    for (Manifest.Ancestor ancestor : manifest.history()) {
      json.writeStartObject();
      json.writeNumberField("revision", ancestor.revision());
      json.writeStringField("digest", ancestor.digest().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("signed_by");
    for (String id : bundle.signatures().ids()) {
      json.writeString(id);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("files");
    for (Manifest.File file : manifest.files()) {
      json.writeStartObject();
      json.writeStringField("path", file.path());
      json.writeNumberField("size", file.size());
      json.writeStringField("sha256", file.digest().hex());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Fields of an object. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  static String object(Fields fields) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return out + "\n";
  }
}
