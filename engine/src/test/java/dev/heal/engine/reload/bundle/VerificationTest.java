package dev.heal.engine.reload.bundle;

import static dev.heal.engine.reload.bundle.Fixtures.ALICE;
import static dev.heal.engine.reload.bundle.Fixtures.MALLORY;
import static dev.heal.engine.reload.bundle.Fixtures.TRUST;
import static dev.heal.engine.reload.bundle.Fixtures.bundle;
import static dev.heal.engine.reload.bundle.Fixtures.bytes;
import static dev.heal.engine.reload.bundle.Fixtures.contents;
import static dev.heal.engine.reload.bundle.Fixtures.files;
import static dev.heal.engine.reload.bundle.Fixtures.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is not exactly what a trusted key has signed is refused, with the right name. */
class VerificationTest {
  private static final byte[] A = bytes("heal 1\n# a\n");
  private static final byte[] B = bytes("heal 1\n# b\n");
  private static final Contents TWO =
      contents("a.heal", "heal 1\n# a\n", "b.heal", "heal 1\n# b\n");
  private static final Bundle SIGNED = signed(bundle(7, TWO), ALICE);

  private static Refusal refusal(ThrowingCallable call) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, call);
    assertThat(refused).as("it was taken").isNotNull();
    return refused.refusal();
  }

  private static Refusal refusalOf(byte[] archive) {
    return refusal(() -> TRUST.verify(archive));
  }

  @Test
  void theForgeryItselfIsRightWhenNothingIsForged() throws RefusedException {
    byte[] honest = Forgery.of(SIGNED).file("a.heal", A).file("b.heal", B).end();

    assertThat(honest).isEqualTo(SIGNED.archive());
    assertThat(TRUST.verify(honest).contents()).isEqualTo(TWO);
  }

  @Test
  void unsigned() {
    assertThat(refusalOf(bundle(7, TWO).archive()))
        .isEqualTo(
            new Refusal(
                Refusal.Kind.UNSIGNED, "it is not signed", "sign it with `heal bundle sign`"));
  }

  @Test
  void signedByAnotherKey() {
    Refusal refusal = refusalOf(signed(bundle(7, TWO), MALLORY).archive());

    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.UNTRUSTED);
    assertThat(refusal.text())
        .isEqualTo("it is signed by " + MALLORY.publicKey().id() + ", which is not trusted");
    assertThat(refusal.help()).contains(ALICE.publicKey().id());
  }

  @Test
  void theIdOfATrustedKeyMakesNoSignatureRight() throws RefusedException {
    String forged =
        new String(signed(bundle(7, TWO), MALLORY).signatures().bytes(), StandardCharsets.US_ASCII)
            .replace(MALLORY.publicKey().id(), ALICE.publicKey().id());
    byte[] archive =
        new Forgery()
            .file("heal.manifest", bundle(7, TWO).manifest().bytes())
            .file("heal.signatures", bytes(forged))
            .file("a.heal", A)
            .file("b.heal", B)
            .end();

    assertThat(refusalOf(archive).kind()).isEqualTo(Refusal.Kind.SIGNATURE);
  }

  @Test
  void theIdOfAnotherKeyMakesNoSignatureWrong() throws RefusedException {
    String odd =
        new String(SIGNED.signatures().bytes(), StandardCharsets.US_ASCII)
            .replace(ALICE.publicKey().id(), "0123456789abcdef");
    byte[] archive =
        new Forgery()
            .file("heal.manifest", SIGNED.manifest().bytes())
            .file("heal.signatures", bytes(odd))
            .file("a.heal", A)
            .file("b.heal", B)
            .end();

    assertThat(TRUST.verify(archive).signer()).isEqualTo(ALICE.publicKey());
  }

  @Test
  void oneOfSeveralKeysIsEnoughWhileTheyAreRotated() throws RefusedException {
    SigningKey next = SigningKey.generate();
    TrustRoot both = TrustRoot.of(ALICE.publicKey(), next.publicKey());
    Bundle twice = signed(SIGNED, next);

    assertThat(both.verify(SIGNED.archive()).signer()).isEqualTo(ALICE.publicKey());
    assertThat(both.verify(signed(bundle(8, TWO), next).archive()).signer())
        .isEqualTo(next.publicKey());
    assertThat(TRUST.verify(twice.archive()).signer()).isEqualTo(ALICE.publicKey());
    assertThat(TrustRoot.of(next.publicKey()).verify(twice.archive()).signer())
        .isEqualTo(next.publicKey());
    assertThat(refusal(() -> TrustRoot.of(next.publicKey()).verify(SIGNED.archive())).kind())
        .isEqualTo(Refusal.Kind.UNTRUSTED);
  }

  @Test
  void aSignatureOverAnotherManifestDoesNotFit() {
    byte[] archive =
        new Forgery()
            .file("heal.manifest", bundle(8, TWO).manifest().bytes())
            .file("heal.signatures", SIGNED.signatures().bytes())
            .file("a.heal", A)
            .file("b.heal", B)
            .end();

    assertThat(refusalOf(archive).kind()).isEqualTo(Refusal.Kind.SIGNATURE);
  }

  @Test
  void stripped() {
    byte[] noManifest = new Forgery().file("a.heal", A).file("b.heal", B).end();
    byte[] noSignatures =
        new Forgery()
            .file("heal.manifest", SIGNED.manifest().bytes())
            .file("a.heal", A)
            .file("b.heal", B)
            .end();

    assertThat(refusalOf(noManifest).kind()).isEqualTo(Refusal.Kind.NOT_A_BUNDLE);
    assertThat(refusalOf(noSignatures).kind()).isEqualTo(Refusal.Kind.NOT_A_BUNDLE);
  }

  /** Nothing of an unverified bundle is looked at behind its signatures. */
  @Test
  void theManifestIsReadOnlyOnceItsSignatureIsVerified() {
    Forgery begun =
        new Forgery()
            .file("heal.manifest", bytes("{\"format\": "))
            .file("heal.signatures", signed(bundle(7, TWO), MALLORY).signatures().bytes());

    assertThat(refusalOf(begun.raw(new byte[] {1, 2, 3}).bytes()).kind())
        .isEqualTo(Refusal.Kind.UNTRUSTED);
  }

  @Test
  void aChangedFile() {
    byte[] archive =
        Forgery.of(SIGNED).file("a.heal", bytes("heal 1\n# A\n")).file("b.heal", B).end();

    assertThat(refusalOf(archive))
        .isEqualTo(
            new Refusal(
                Refusal.Kind.CHANGED,
                "`a.heal` is not what the manifest says: it was changed",
                "get the bundle again, or build and sign it anew"));
    assertThat(
            refusalOf(Forgery.of(SIGNED).file("a.heal", bytes("longer\n")).file("b.heal", B).end())
                .kind())
        .isEqualTo(Refusal.Kind.CHANGED);
  }

  /** There is no byte of an archive that could be another one. */
  @Test
  void noByteCanBeChanged() {
    byte[] whole = SIGNED.archive();
    for (int at = 0; at < whole.length; at++) {
      for (int bit : new int[] {0x01, 0x20, 0x80}) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) bit;
        if (isClaimedId(whole, at)) {
          continue; // the one thing that decides nothing
        }
        assertThatThrownBy(() -> TRUST.verify(changed))
            .as("byte %d, bit %x", at, bit)
            .isInstanceOf(RefusedException.class);
      }
    }
  }

  private static boolean isClaimedId(byte[] whole, int at) {
    byte[] id = bytes(ALICE.publicKey().id());
    int from = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\0ed25519 ") + 9;
    return at >= from && at < from + id.length;
  }

  @Test
  void itCannotEndAnywhereElse() {
    byte[] whole = SIGNED.archive();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> TRUST.verify(cut)).isInstanceOf(RefusedException.class);
    }
    assertThat(refusalOf(Arrays.copyOf(whole, whole.length - 700)).kind())
        .isEqualTo(Refusal.Kind.CUT_OFF);
    assertThat(refusalOf(Arrays.copyOf(whole, whole.length + 512)).kind())
        .isEqualTo(Refusal.Kind.NOT_A_BUNDLE);
    assertThat(refusalOf(new byte[0]).kind()).isEqualTo(Refusal.Kind.CUT_OFF);
  }

  @Test
  void anExtraFile() {
    byte[] atTheEnd =
        Forgery.of(SIGNED).file("a.heal", A).file("b.heal", B).file("c.heal", A).end();
    byte[] between =
        Forgery.of(SIGNED).file("a.heal", A).file("aa.heal", A).file("b.heal", B).end();
    byte[] behindTheEnd =
        Forgery.of(SIGNED)
            .file("a.heal", A)
            .file("b.heal", B)
            .raw(new byte[1024])
            .file("c.heal", A)
            .end();

    assertThat(refusalOf(atTheEnd).kind()).isEqualTo(Refusal.Kind.EXTRA_FILE);
    assertThat(refusalOf(between).text())
        .isEqualTo("it holds `aa.heal`, which the manifest does not name");
    assertThat(refusalOf(behindTheEnd).kind()).isEqualTo(Refusal.Kind.NOT_A_BUNDLE);
  }

  /** It would switch all protection off, and would look like a success. */
  @Test
  void aBundleOfNothing() throws RefusedException {
    Bundle empty = signed(bundle(8, Contents.of(Map.of())), ALICE);

    assertThat(refusalOf(empty.archive()).text())
        .isEqualTo("it holds no policy at all: nothing would be protected");
  }

  /** The other half of a signature that also fits the equation, were it not forbidden. */
  @Test
  void aSignatureThatWasTurnedIntoAnother() throws RefusedException {
    java.math.BigInteger order =
        java.math.BigInteger.TWO
            .pow(252)
            .add(new java.math.BigInteger("27742317777372353535851937790883648493"));
    byte[] signature = SIGNED.signatures().all().get(0).bytes();
    byte[] bigEndian = new byte[32];
    for (int i = 0; i < 32; i++) {
      bigEndian[i] = signature[63 - i];
    }
    byte[] moved = new java.math.BigInteger(1, bigEndian).add(order).toByteArray();
    for (int i = 0; i < 32; i++) {
      signature[63 - i] = i + moved.length - 32 >= 0 ? moved[i + moved.length - 32] : 0;
    }
    String line =
        "ed25519 %s %s\n"
            .formatted(
                ALICE.publicKey().id(), java.util.Base64.getEncoder().encodeToString(signature));
    byte[] archive =
        new Forgery()
            .file("heal.manifest", SIGNED.manifest().bytes())
            .file("heal.signatures", bytes(line))
            .file("a.heal", A)
            .file("b.heal", B)
            .end();

    assertThat(refusalOf(archive).kind()).isEqualTo(Refusal.Kind.SIGNATURE);
  }

  @Test
  void aMissingFile() {
    assertThat(refusalOf(Forgery.of(SIGNED).file("a.heal", A).end()).kind())
        .isEqualTo(Refusal.Kind.MISSING_FILE);
  }

  @Test
  void aFileTwice() {
    byte[] archive =
        Forgery.of(SIGNED).file("a.heal", A).file("a.heal", bytes("evil")).file("b.heal", B).end();

    assertThat(refusalOf(archive).kind()).isEqualTo(Refusal.Kind.NOT_A_BUNDLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a.heal",
        "x/../../a.heal",
        "/etc/a.heal",
        "./a.heal",
        "x//a.heal",
        "x\\a.heal",
        "C:\\a.heal",
        "a.heal ",
        "a.heal.",
        ".hidden.heal",
        "x/.git/a.heal",
        "a.sh",
        "a\u202Elaeh.heal",
        "a\n.heal",
        "ａ.heal"
      })
  void aPathThatLeavesTheBundleOrCouldMeanAnother(String path) {
    byte[] archive = Forgery.of(SIGNED).file("a.heal", A).file("b.heal", B).file(path, A).end();

    assertThat(refusalOf(archive).kind()).isEqualTo(Refusal.Kind.BAD_PATH);
    assertThat(refusal(() -> Contents.of(Map.of(path, A))).kind()).isEqualTo(Refusal.Kind.BAD_PATH);
    assertThat(refusal(() -> Contents.of(Map.of("dir/" + path, A))).kind())
        .isEqualTo(Refusal.Kind.BAD_PATH);
    assertThat(refusal(() -> Contents.of(Map.of(path, A))).text())
        .doesNotContain("\u202E")
        .doesNotContain("\n");
  }

  @Test
  void namesOfOtherLanguagesAreNames() throws RefusedException {
    for (String path :
        List.of("größe.heal", "温度.heal", "а.heal", "थर्मल.heal", "x (copy) #2.heal")) {
      Bundle bundle = signed(bundle(1, contents(path, "heal 1\n")), ALICE);
      assertThat(TRUST.verify(bundle.archive()).contents().paths()).containsExactly(path);
    }
  }

  @Test
  void aPathWithANul() {
    assertThat(refusal(() -> Contents.of(Map.of("a.heal\0.heal", A))).kind())
        .isEqualTo(Refusal.Kind.BAD_PATH);
  }

  @Test
  void evenATrustedKeyCannotSignSuchAPath() throws RefusedException {
    Manifest.File outside = new Manifest.File("../x.heal", A.length, Digest.of(A));
    assertThat(signedManifest(List.of(outside), "../x.heal", A).kind())
        .isEqualTo(Refusal.Kind.BAD_PATH);
    Manifest.File upper = new Manifest.File("A.heal", A.length, Digest.of(A));
    Manifest.File lower = new Manifest.File("a.heal", A.length, Digest.of(A));
    assertThat(signedManifest(List.of(upper, lower), "A.heal", A, "a.heal", A).text())
        .isEqualTo("`A.heal` and `a.heal` could be one file");
    assertThat(signedManifest(List.of(lower, lower), "a.heal", A, "a.heal", A).kind())
        .isEqualTo(Refusal.Kind.BAD_PATH);
    Manifest.File other = new Manifest.File("b.heal", A.length, Digest.of(A));
    assertThat(signedManifest(List.of(other, lower), "b.heal", A, "a.heal", A).text())
        .isEqualTo("its manifest names its files out of order");
  }

  private static Refusal signedManifest(List<Manifest.File> files, Object... pathsAndBytes)
      throws RefusedException {
    Manifest manifest = new Manifest("fleet", 1, 7, List.of(), files);
    return refusalOf(
        signedText(new String(manifest.bytes(), StandardCharsets.UTF_8), pathsAndBytes));
  }

  /** Any text as a manifest, signed by the trusted key. */
  private static byte[] signedText(String manifest, Object... pathsAndBytes)
      throws RefusedException {
    Forgery forgery =
        new Forgery()
            .file("heal.manifest", bytes(manifest))
            .file("heal.signatures", Signatures.NONE.with(ALICE, bytes(manifest)).bytes());
    for (int i = 0; i < pathsAndBytes.length; i += 2) {
      forgery = forgery.file((String) pathsAndBytes[i], (byte[]) pathsAndBytes[i + 1]);
    }
    return forgery.end();
  }

  @Test
  void namesThatSomeDisksTakeForOne() {
    assertThat(refusal(() -> Contents.of(files("a.heal", "", "A.heal", ""))).text())
        .isEqualTo("`A.heal` and `a.heal` could be one file");
    assertThat(refusal(() -> Contents.of(files("x/a.heal", "", "X/b.heal", ""))).text())
        .isEqualTo("`X` and `x/a.heal` could be one file");
    assertThat(refusal(() -> Contents.of(files("x.heal", "", "x.heal/b.heal", ""))).kind())
        .isEqualTo(Refusal.Kind.BAD_PATH);
    assertThat(refusal(() -> Contents.of(files("X.HEAL/b.heal", "", "x.heal", ""))).kind())
        .isEqualTo(Refusal.Kind.BAD_PATH);
    assertThat(refusal(() -> Contents.of(files("straße.heal", "", "STRASSE.heal", ""))).kind())
        .isEqualTo(Refusal.Kind.BAD_PATH);
    assertThat(refusal(() -> Contents.of(files("ı.heal", "", "i.heal", ""))).kind())
        .isEqualTo(Refusal.Kind.BAD_PATH);
    assertThat(refusal(() -> Contents.of(Map.of("e\u0301.heal", A))).text())
        .endsWith("it holds characters that can be written in two ways");
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', '4', '5', '6', '7', 'x', 'g', 'L', 'K', 'S', '\0', 'V'})
  void linksDevicesFoldersAndExtensionsOfTar(char type) {
    byte[] instead =
        Forgery.of(SIGNED).entry("a.heal", type, "/etc/passwd", A).file("b.heal", B).end();
    byte[] besides =
        Forgery.of(SIGNED)
            .entry("a.heal", type, "/etc/passwd", new byte[0])
            .file("a.heal", A)
            .file("b.heal", B)
            .end();
    byte[] inFront =
        new Forgery()
            .entry("heal.manifest", type, "", SIGNED.manifest().bytes())
            .file("heal.signatures", SIGNED.signatures().bytes())
            .file("a.heal", A)
            .file("b.heal", B)
            .end();

    assertThat(refusalOf(instead).kind()).isEqualTo(Refusal.Kind.CHANGED);
    assertThat(refusalOf(instead).text()).isEqualTo("`a.heal` is a link or a device, not a file");
    assertThat(refusalOf(besides).kind()).isEqualTo(Refusal.Kind.CHANGED);
    assertThat(refusalOf(inFront).kind()).isEqualTo(Refusal.Kind.NOT_A_BUNDLE);
  }

  @Test
  void whatHidesInThePaddingOrTheHeader() {
    byte[] whole = SIGNED.archive();
    int padding = new String(whole, StandardCharsets.ISO_8859_1).indexOf("# a\n") + 10;
    byte[] hidden = whole.clone();
    hidden[padding] = 'x';

    assertThat(refusalOf(hidden).text()).isEqualTo("something is hidden behind `a.heal`");
  }

  @Test
  void aBundleThatIsTooBig() {
    byte[] header = Ustar.header("heal.manifest", Limits.MANIFEST_BYTES + 1);
    assertThat(refusalOf(Arrays.copyOf(header, 2048)).kind()).isEqualTo(Refusal.Kind.TOO_BIG);
    assertThat(refusalOf(new byte[Limits.ARCHIVE_BYTES + 1]).kind())
        .isEqualTo(Refusal.Kind.TOO_BIG);
    assertThat(refusal(() -> Contents.of(Map.of("a.heal", new byte[(1 << 20) + 1]))).text())
        .isEqualTo("`a.heal` is over 1 MiB");
  }

  @Test
  void moreThanAllTogether() {
    Map<String, byte[]> large = new java.util.TreeMap<>();
    for (int i = 0; i < 17; i++) {
      large.put("f" + i + ".heal", new byte[1 << 20]);
    }
    Map<String, byte[]> many = new java.util.TreeMap<>();
    for (int i = 0; i <= Limits.FILES; i++) {
      many.put("f" + i + ".heal", new byte[0]);
    }

    assertThat(refusal(() -> Contents.of(large)).kind()).isEqualTo(Refusal.Kind.TOO_BIG);
    assertThat(refusal(() -> Contents.of(many)).kind()).isEqualTo(Refusal.Kind.TOO_BIG);
  }

  @Test
  void aSizeThatIsNoSize() {
    for (String size : List.of("77777777777", "-0000000001", "00000000x00", "           ")) {
      byte[] header = Ustar.header("heal.manifest", 1);
      System.arraycopy(bytes(size), 0, header, 124, 11);
      assertThat(refusalOf(Arrays.copyOf(Forgery.summed(header), 4096)).kind())
          .isEqualTo(Refusal.Kind.NOT_A_BUNDLE);
    }
    byte[] binary = Ustar.header("heal.manifest", 1);
    Arrays.fill(binary, 124, 136, (byte) 0xFF); // GNU's sizes in base 256
    assertThat(refusalOf(Arrays.copyOf(Forgery.summed(binary), 4096)).kind())
        .isEqualTo(Refusal.Kind.NOT_A_BUNDLE);
  }

  @Test
  void whatIsCompressedIsNoBundle() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(SIGNED.archive());
    }
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("a.heal"));
      out.write(A);
    }

    assertThat(refusalOf(gzip.toByteArray()).text())
        .isEqualTo("it is compressed with gzip: a bundle is not");
    assertThat(refusalOf(zip.toByteArray()).text()).isEqualTo("it is a ZIP file: a bundle is not");
  }

  /** Read otherwise by one reader of JSON than by another. */
  @Test
  void aManifestThatHealWouldNotWriteSo() throws RefusedException {
    String right = new String(bundle(7, TWO).manifest().bytes(), StandardCharsets.UTF_8);
    List<String> wrong = new ArrayList<>();
    wrong.add(right.replace("\"revision\": 7", "\"revision\": 7, \"revision\": 9"));
    wrong.add(right.replace("\"revision\": 7", "\"revision\": 07"));
    wrong.add(right.replace("\"revision\": 7", "\"revision\": 7.0"));
    wrong.add(right.replace("\"revision\": 7", "\"revision\": -7"));
    wrong.add(right.replace("\"revision\": 7", "\"revision\": 0"));
    wrong.add(right.replace("\"revision\": 7", "\"revision\": 9007199254740992"));
    wrong.add(right.replace("\"revision\": 7", "\"revision\": 99999999999999999999"));
    wrong.add(right.replace("a.heal", "\\u0061.heal"));
    wrong.add(right.replace("fleet", "Fleet"));
    wrong.add(right.replace("fleet", "../x"));
    wrong.add(right.replace("\"edition\": 1", "\"edition\": 0"));
    wrong.add(right.replace("\"size\": 11", "\"size\": 4294967307"));
    wrong.add(right.replace("\"sha256\": \"", "\"sha256\": \"A"));
    wrong.add(right + "{}");
    wrong.add(right + " ");
    wrong.add(right.trim());
    wrong.add("\uFEFF" + right);
    wrong.add(right.substring(0, right.length() / 2));
    wrong.add("[".repeat(100_000));
    wrong.add("");
    wrong.add("null");
    for (String text : wrong) {
      Refusal refusal = refusalOf(signedText(text, "a.heal", A, "b.heal", B));
      assertThat(refusal.kind()).as(text).isEqualTo(Refusal.Kind.MANIFEST);
    }
  }

  @Test
  void whatANewerHealMadeIsNamedAsThat() throws RefusedException {
    String right = new String(bundle(7, TWO).manifest().bytes(), StandardCharsets.UTF_8);

    assertThat(refusalOf(signedText(right.replace("heal bundle 1", "heal bundle 2"))).text())
        .isEqualTo("a newer heal has made it");
    assertThat(refusalOf(signedText(right.replace("\"edition\": 1", "\"edition\": 2"))).text())
        .isEqualTo("it is written in edition 2 of the language; this heal reads edition 1");
  }

  @Test
  void signaturesThatHealWouldNotWriteSo() {
    String line = new String(SIGNED.signatures().bytes(), StandardCharsets.US_ASCII);
    List<String> wrong =
        List.of(
            line.trim(),
            line + "\n",
            line.replace("\n", "\r\n"),
            line.replace("ed25519", "none"),
            line.replace("==", "=A"),
            line.replace("ed25519 ", "ed25519  "),
            line.repeat(Limits.SIGNATURES + 1),
            "\0".repeat(200));
    for (String text : wrong) {
      byte[] archive =
          new Forgery()
              .file("heal.manifest", SIGNED.manifest().bytes())
              .file("heal.signatures", bytes(text))
              .file("a.heal", A)
              .file("b.heal", B)
              .end();
      assertThat(refusalOf(archive).kind()).as(text).isEqualTo(Refusal.Kind.SIGNATURE);
    }
  }

  @Test
  void aFolder() throws RefusedException {
    Optional<byte[]> manifest = Optional.of(SIGNED.manifest().bytes());
    Optional<byte[]> signatures = Optional.of(SIGNED.signatures().bytes());
    Contents changed = contents("a.heal", "heal 1\n# A\n", "b.heal", "heal 1\n# b\n");
    Contents extra = contents("a.heal", "heal 1\n# a\n", "b.heal", "heal 1\n# b\n", "c.heal", "");

    assertThat(TRUST.verifyFolder(TWO, manifest, signatures).contents()).isEqualTo(TWO);
    assertThat(refusal(() -> TRUST.verifyFolder(changed, manifest, signatures)))
        .isEqualTo(
            new Refusal(
                Refusal.Kind.CHANGED,
                "`a.heal` is not what the manifest says: it was changed",
                "sign the folder anew with `heal bundle sign`, or put back what was signed"));
    assertThat(refusal(() -> TRUST.verifyFolder(extra, manifest, signatures)).kind())
        .isEqualTo(Refusal.Kind.EXTRA_FILE);
    assertThat(
            refusal(
                    () ->
                        TRUST.verifyFolder(
                            contents("a.heal", "heal 1\n# a\n"), manifest, signatures))
                .kind())
        .isEqualTo(Refusal.Kind.MISSING_FILE);
    assertThat(refusal(() -> TRUST.verifyFolder(TWO, Optional.empty(), signatures)).text())
        .isEqualTo("there is no `heal.manifest`: the folder is not signed");
    assertThat(refusal(() -> TRUST.verifyFolder(TWO, manifest, Optional.empty())).kind())
        .isEqualTo(Refusal.Kind.UNSIGNED);
    assertThat(refusal(() -> TRUST.verifyFolder(TWO, manifest, Optional.of(new byte[0]))).kind())
        .isEqualTo(Refusal.Kind.UNSIGNED);
  }
}
