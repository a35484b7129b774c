package dev.heal.engine.reload.bundle;

import static dev.heal.engine.reload.bundle.Fixtures.ALICE;
import static dev.heal.engine.reload.bundle.Fixtures.MALLORY;
import static dev.heal.engine.reload.bundle.Fixtures.TRUST;
import static dev.heal.engine.reload.bundle.Fixtures.after;
import static dev.heal.engine.reload.bundle.Fixtures.bundle;
import static dev.heal.engine.reload.bundle.Fixtures.bytes;
import static dev.heal.engine.reload.bundle.Fixtures.contents;
import static dev.heal.engine.reload.bundle.Fixtures.files;
import static dev.heal.engine.reload.bundle.Fixtures.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bundle is, to the byte. */
class BundleTest {
  private static final Contents TWO =
      contents("a.heal", "heal 1\n", "hosts/b.heal", "heal 1\n#b\n");

  @TempDir private Path folder;

  @Test
  void theSameFilesAreTheSameBytesInWhateverOrderTheyCame() throws RefusedException {
    Map<String, byte[]> other = new LinkedHashMap<>();
    other.put("hosts/b.heal", bytes("heal 1\n#b\n"));
    other.put("a.heal", bytes("heal 1\n"));

    byte[] one = signed(bundle(7, TWO), ALICE).archive();
    byte[] two = signed(bundle(7, Contents.of(other)), ALICE).archive();

    assertThat(two).isEqualTo(one);
  }

  /** Held for ever: another build of heal must make, and accept, the same bytes. */
  @Test
  void theBytesNeverChange() {
    assertThat(Digest.of(bundle(7, TWO).archive()).hex())
        .isEqualTo("daaffcc690783a209b1e96e6375e540737fef2c0ed77efceb8bbd21b25aa287a");
  }

  @Test
  void theManifestIsReadable() {
    Bundle first = bundle(6, contents("a.heal", "heal 1\n"));

    assertThat(new String(after(first, 7, TWO).manifest().bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"format": "heal bundle 1",
             "name": "fleet",
             "edition": 1,
             "revision": 7,
             "history": [
              {"revision": 6, "digest": "%s"}],
             "files": [
              {"path": "a.heal", "size": 7, "sha256": "%s"},
              {"path": "hosts/b.heal", "size": 10, "sha256": "%s"}]}
            """
                .formatted(
                    first.manifest().digest(),
                    Digest.of(bytes("heal 1\n")).hex(),
                    Digest.of(bytes("heal 1\n#b\n")).hex()));
  }

  @Test
  void signingIsTheSameInAnyOrder() {
    Bundle plain = bundle(1, TWO);

    assertThat(signed(signed(plain, ALICE), MALLORY).archive())
        .isEqualTo(signed(signed(plain, MALLORY), ALICE).archive())
        .isEqualTo(signed(signed(signed(plain, MALLORY), ALICE), MALLORY).archive());
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws RefusedException {
    Bundle signed = signed(after(bundle(6, TWO), 9, TWO), ALICE);

    VerifiedBundle read = TRUST.verify(signed.archive());

    assertThat(read.manifest()).isEqualTo(signed.manifest());
    assertThat(read.contents()).isEqualTo(TWO);
    assertThat(read.contents().bytes("hosts/b.heal")).hasValue(bytes("heal 1\n#b\n"));
    assertThat(read.signer()).isEqualTo(ALICE.publicKey());
    assertThat(read.bundle().archive()).isEqualTo(signed.archive());
  }

  @Test
  void longPathsAndEmptyFilesTravel() throws RefusedException {
    String deep = "d".repeat(90) + "/" + "e".repeat(60) + "/f.heal";
    Contents long1 = contents(deep, "", "g".repeat(90) + ".heal", "x".repeat(512));

    assertThat(TRUST.verify(signed(bundle(1, long1), ALICE).archive()).contents()).isEqualTo(long1);
  }

  @Test
  void tenThousandFilesTravel() throws RefusedException {
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 10_000; i++) {
      many.put("f%05d.heal".formatted(i), bytes("heal 1\n# " + i + "\n"));
    }
    Contents contents = Contents.of(many);

    assertThat(TRUST.verify(signed(bundle(1, contents), ALICE).archive()).contents())
        .isEqualTo(contents);
  }

  @Test
  void noManifestThatCanBeNamedIsTooBigToBeRead() throws RefusedException {
    Map<String, byte[]> most = new LinkedHashMap<>();
    String folders = "x".repeat(90) + "/" + "y".repeat(60) + "/";
    for (int i = 0; i < Limits.FILES; i++) {
      most.put(folders + "%010d.heal".formatted(i), new byte[0]);
    }
    Bundle largest = bundle(Manifest.LAST_REVISION, Contents.of(most));

    assertThat(largest.manifest().bytes()).hasSizeLessThan(Limits.MANIFEST_BYTES);
    assertThat(Bundle.read(largest.archive()).manifest()).isEqualTo(largest.manifest());
  }

  @Test
  void tarOpensABundleIntoASignedFolder() throws Exception {
    assumeTrue(isThere("tar"), "skipped: there is no tar");
    Path archive = Files.write(folder.resolve("x.bundle"), signed(bundle(1, TWO), ALICE).archive());
    Path out = Files.createDirectory(folder.resolve("out"));

    run("tar", "-xf", archive.toString(), "-C", out.toString());

    assertThat(Files.readString(out.resolve("hosts/b.heal"))).isEqualTo("heal 1\n#b\n");
    VerifiedBundle verified =
        TRUST.verifyFolder(
            TWO,
            Optional.of(Files.readAllBytes(out.resolve("heal.manifest"))),
            Optional.of(Files.readAllBytes(out.resolve("heal.signatures"))));
    assertThat(verified.manifest()).isEqualTo(bundle(1, TWO).manifest());
  }

  @Test
  void opensslVerifiesASignatureAndOurKeysAreItsKeys() throws Exception {
    assumeTrue(isThere("openssl"), "skipped: there is no openssl");
    Bundle signed = signed(bundle(1, TWO), ALICE);
    Path manifest = Files.write(folder.resolve("manifest"), signed.manifest().bytes());
    Path signature =
        Files.write(folder.resolve("signature"), signed.signatures().all().get(0).bytes());
    Path open = Files.writeString(folder.resolve("open.pem"), ALICE.publicKey().pem());

    run(
        "openssl",
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        open.toString(),
        "-in",
        manifest.toString(),
        "-sigfile",
        signature.toString());

    Path secret = folder.resolve("secret.pem");
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", secret.toString());
    run("openssl", "pkey", "-in", secret.toString(), "-pubout", "-out", open.toString());
    VerificationKey key = VerificationKey.parse("open.pem", Files.readString(open));
    SigningKey foreign = SigningKey.parse("secret.pem", Files.readString(secret), key);
    assertThat(TrustRoot.of(key).verify(signed(bundle(1, TWO), foreign).archive()).signer())
        .isEqualTo(key);
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, program.equals("tar") ? "--version" : "version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
    assertThat(said).doesNotContain("lone zero block").doesNotContain("implausibly");
  }

  @Test
  void theDigestIsOfTheFilesAlone() {
    assertThat(contents("b.heal", "2", "a.heal", "1").digest())
        .isEqualTo(
            Digest.of(
                bytes(
                    Digest.of(bytes("1")).hex()
                        + "  a.heal\n"
                        + Digest.of(bytes("2")).hex()
                        + "  b.heal\n")));
  }

  @Test
  void sourcesComeInTheOrderOfTheirPaths() {
    Contents contents =
        contents("a.heal", "", "b/x.heal", "", "c.heal", "", "b/c/y.heal", "", "b/z.heal", "");

    assertThat(contents.sources("etc/heal").files())
        .extracting(SourceFile::name)
        .containsExactly(
            "etc/heal/a.heal",
            "etc/heal/b/c/y.heal",
            "etc/heal/b/x.heal",
            "etc/heal/b/z.heal",
            "etc/heal/c.heal");
  }

  @Test
  void aFileThatIsNoTextIsADiagnostic() throws RefusedException {
    Contents contents = Contents.of(Map.of("a.heal", new byte[] {(byte) 0xFF}));

    Contents.Sources sources = contents.sources("");

    assertThat(sources.files()).isEmpty();
    assertThat(sources.unreadable()).singleElement().matches(d -> d.code().equals("H0122"));
  }

  @Test
  void importsAreFoundInTheBundleOrShippedAndNowhereElse() throws IOException {
    Files.writeString(folder.resolve("outside.heal"), "heal 1\n");
    Contents contents = contents("pools/a.heal", "heal 1\n", "common.heal", "heal 1\n# c\n");
    ImportResolver shipped =
        (path, importer) ->
            path.equals("nvidia/xid")
                ? Optional.of(new SourceFile("nvidia/xid.heal", "heal 1\n"))
                : Optional.empty();
    String at = folder.toString();
    ImportResolver resolver = contents.resolver(at, shipped);
    SourceFile importer = contents.sources(at).files().get(1);

    assertThat(importer.name()).isEqualTo(at + "/pools/a.heal");
    assertThat(resolver.resolve("../common", importer).map(SourceFile::name))
        .hasValue(at + "/common.heal");
    assertThat(resolver.resolve("nvidia/xid", importer)).isPresent();
    for (String outside :
        List.of("../outside", "../../outside", at + "/outside", "/etc/passwd", "../../../x")) {
      assertThat(resolver.resolve(outside, importer)).as(outside).isEmpty();
    }
  }

  @Test
  void aBundleIsNotChangedThroughWhatItHandsOut() throws RefusedException {
    byte[] given = bytes("heal 1\n");
    Contents contents = Contents.of(Map.of("a.heal", given));
    given[0] = 'X';
    contents.bytes("a.heal").orElseThrow()[0] = 'Y';

    assertThat(contents).isEqualTo(contents("a.heal", "heal 1\n"));
    assertThat(contents.bytes("a.heal")).hasValue(bytes("heal 1\n"));
    assertThat(files("a.heal", "x")).hasSize(1);
  }
}
