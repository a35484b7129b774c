package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files; whatever keeps a file from being read is a diagnostic. */
public final class SourceFiles {
  /** A larger file is refused. */
  public static final int MOST_BYTES = 1 << 20;

  private SourceFiles() {}

  /** A file that was read, or why not; exactly one is there. */
  public record Read(Optional<SourceFile> source, Optional<Diagnostic> diagnostic) {}

  /** Reads a file that operators know as {@code name}. */
  public static Read read(Path path, String name) {
    if (Files.isDirectory(path)) {
      return refuse(name, SyntaxCode.H0120, "`" + name + "` is a directory", "name its files");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      return decode(name, bytes);
    } catch (NoSuchFileException missing) {
      return refuse(name, SyntaxCode.H0120, "there is no file `" + name + "`", "check its name");
    } catch (AccessDeniedException denied) {
      return refuse(
          name, SyntaxCode.H0120, "no permission to read `" + name + "`", "check its mode");
    } catch (IOException broken) {
      return refuse(
          name,
          SyntaxCode.H0120,
          "`" + name + "` cannot be read",
          "the system says: " + broken.getMessage());
    }
  }

  /** Decodes the bytes of a file; a byte order mark at the start is left out. */
  public static Read decode(String name, byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      return refuse(
          name,
          SyntaxCode.H0121,
          "`" + name + "` is over 1 MiB",
          "a file of policies is smaller: split it, or see whether this is the right file");
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      String text = decoder.decode(buffer).toString();
      if (text.startsWith("\uFEFF")) {
        text = text.substring(1);
      }
      int nul = text.indexOf('\0');
      if (nul >= 0) {
        int line = new SourceFile(name, text).line(nul);
        return refuse(
            name,
            SyntaxCode.H0122,
            "line " + line + " of `" + name + "` holds a NUL byte",
            "this is not a text file");
      }
      return new Read(Optional.of(new SourceFile(name, text)), Optional.empty());
    } catch (CharacterCodingException malformed) {
      long line = 1;
      for (int i = 0; i < buffer.position(); i++) {
        if (bytes[i] == '\n') {
          line++;
        }
      }
      return refuse(
          name,
          SyntaxCode.H0122,
          "line " + line + " of `" + name + "` is not UTF-8",
          "save the file as UTF-8");
    }
  }

  private static Read refuse(String name, SyntaxCode code, String message, String help) {
    SourceFile empty = new SourceFile(name, "");
    return new Read(
        Optional.empty(),
        Optional.of(Diagnostic.error(code.name(), new Span(empty, 0, 0), message).help(help)));
  }
}
