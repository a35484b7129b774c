package dev.heal.engine.reload.bundle;

import static dev.heal.engine.reload.bundle.Fixtures.ALICE;
import static dev.heal.engine.reload.bundle.Fixtures.MALLORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys are read, and which folders of them are trusted. */
class KeysTest {
  @TempDir private Path folder;

  private static Refusal refusal(ThrowingCallable call) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, call);
    assertThat(refused).as("it was taken").isNotNull();
    return refused.refusal();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aPairIsReadBack() throws RefusedException {
    VerificationKey open = VerificationKey.parse("k.pub", ALICE.publicKey().pem());
    SigningKey key = SigningKey.parse("k", ALICE.pem(), open);

    assertThat(open).isEqualTo(ALICE.publicKey());
    assertThat(key.publicKey().id()).isEqualTo(ALICE.publicKey().id()).matches("[0-9a-f]{16}");
    assertThat(ALICE.pem()).startsWith("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw");
    assertThat(key.toString()).doesNotContain("BEGIN").contains(open.id());
  }

  @Test
  void twoKeysThatAreNoPair() {
    assertThat(refusal(() -> SigningKey.parse("k", ALICE.pem(), MALLORY.publicKey())).text())
        .isEqualTo("`k` and the public key " + MALLORY.publicKey().id() + " are not a pair");
  }

  @Test
  void otherKeysAreNotTaken() throws Exception {
    String rsa =
        Pem.write(
            "PUBLIC KEY",
            KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic().getEncoded());
    String ed448 =
        Pem.write(
            "PUBLIC KEY",
            KeyPairGenerator.getInstance("Ed448").generateKeyPair().getPublic().getEncoded());
    String secretRsa =
        Pem.write(
            "PRIVATE KEY",
            KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded());

    for (String other : new String[] {rsa, ed448}) {
      assertThat(refusal(() -> VerificationKey.parse("k.pub", other)).text())
          .isEqualTo("`k.pub` holds something else than an Ed25519 public key");
    }
    assertThat(refusal(() -> VerificationKey.parse("k.pub", ALICE.pem())).text())
        .isEqualTo("`k.pub` holds a private key");
    assertThat(refusal(() -> SigningKey.parse("k", secretRsa, ALICE.publicKey())).text())
        .isEqualTo("`k` holds something else than an Ed25519 private key");
    assertThat(
            refusal(() -> SigningKey.parse("k", ALICE.publicKey().pem(), ALICE.publicKey())).kind())
        .isEqualTo(Refusal.Kind.KEY);
  }

  @Test
  void brokenFilesAreNotTaken() {
    String pem = ALICE.publicKey().pem();
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", "").trim());
    byte[] longer = java.util.Arrays.copyOf(der, der.length + 1);
    for (String text :
        new String[] {
          "",
          "hello",
          pem.substring(0, 60),
          pem.replace("END PUBLIC", "END PRIVATE"),
          pem.replace("MCow", "M@ow"),
          pem.replace("MCow", "MCox"),
          Pem.write("PUBLIC KEY", longer),
          Pem.write("PUBLIC KEY", new byte[0]),
          pem + pem.substring(0, 40),
        }) {
      assertThat(refusal(() -> VerificationKey.parse("k.pub", text)).kind())
          .as(text)
          .isEqualTo(Refusal.Kind.KEY);
    }
  }

  /** Each of these `verifies` something that nobody has signed. */
  @Test
  void weakKeysAreNotTaken() {
    byte[] der =
        Base64.getMimeDecoder()
            .decode(ALICE.publicKey().pem().replaceAll("-----.*-----", "").trim());
    for (String point :
        new String[] {
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        }) {
      byte[] weak = der.clone();
      System.arraycopy(java.util.HexFormat.of().parseHex(point), 0, weak, der.length - 32, 32);
      assertThat(
              refusal(() -> VerificationKey.parse("k.pub", Pem.write("PUBLIC KEY", weak))).text())
          .as(point)
          .isIn(
              "`k.pub` holds a weak key: anybody can sign for it",
              "`k.pub` holds something else than an Ed25519 public key");
    }
  }

  /** A pattern that goes back and forth would take minutes for it. */
  @Test
  @org.junit.jupiter.api.Timeout(20)
  void aFileOfBlanksIsReadAtOnce() {
    String blanks = "-----BEGIN PUBLIC KEY-----" + " \n".repeat(30_000);
    String begins = "-----BEGIN PUBLIC KEY-----".repeat(2_000);

    assertThat(refusal(() -> VerificationKey.parse("k.pub", blanks)).kind())
        .isEqualTo(Refusal.Kind.KEY);
    assertThat(refusal(() -> VerificationKey.parse("k.pub", begins)).kind())
        .isEqualTo(Refusal.Kind.KEY);
  }

  @Test
  @org.junit.jupiter.api.Timeout(20)
  void aPipeAmongTheKeysIsNotWaitedFor() throws Exception {
    write("a.pub", ALICE.publicKey().pem());
    Path pipe = folder.resolve("b.pub");
    org.junit.jupiter.api.Assumptions.assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0,
        "skipped: there is no mkfifo");

    assertThat(TrustRoot.load(folder).problems())
        .extracting(Refusal::text)
        .containsExactly("`" + pipe + "` is no regular file");
  }

  @Test
  void aTrustedFileMayHoldSeveralKeysWithTextBetweenThem() throws Exception {
    Path file =
        write(
            "keys.pem",
            "# alice\n" + ALICE.publicKey().pem() + "\n# next year\n" + MALLORY.publicKey().pem());

    assertThat(TrustRoot.load(file).keys()).containsExactly(ALICE.publicKey(), MALLORY.publicKey());
  }

  @Test
  void aTrustedFolderHoldsAKeyAFile() throws Exception {
    write("a.pub", ALICE.publicKey().pem());
    write("b.pem", MALLORY.publicKey().pem());
    write("again.pem", MALLORY.publicKey().pem());
    write("README", "not a key");
    write(".c.pem", "hidden");
    Files.createDirectory(folder.resolve("d.pem"));

    TrustRoot trust = TrustRoot.load(folder);

    assertThat(trust.keys()).containsExactly(ALICE.publicKey(), MALLORY.publicKey());
    assertThat(trust.problems()).isEmpty();
  }

  @Test
  void aFolderWithABrokenFileTrustsTheOthersAndSaysSo() throws Exception {
    write("a.pub", ALICE.publicKey().pem());
    write("b.pub", MALLORY.publicKey().pem().substring(0, 50));

    TrustRoot trust = TrustRoot.load(folder);

    assertThat(trust.keys()).containsExactly(ALICE.publicKey());
    assertThat(trust.problems())
        .extracting(Refusal::text)
        .containsExactly("`" + folder.resolve("b.pub") + "` holds a broken PEM block");
  }

  @Test
  void whatHoldsNoKeyTrustsNobodyAndIsRefused() throws Exception {
    assertThat(refusal(() -> TrustRoot.load(folder)).text())
        .isEqualTo("`" + folder + "` holds no `*.pem` or `*.pub` file");
    assertThat(refusal(() -> TrustRoot.load(folder.resolve("gone"))).text())
        .isEqualTo("there is no file `" + folder.resolve("gone") + "`");
    write("a.pub", "x");
    assertThat(refusal(() -> TrustRoot.load(folder)).kind()).isEqualTo(Refusal.Kind.TRUST);
    assertThat(refusal(() -> TrustRoot.load(folder.resolve("a.pub"))).kind())
        .isEqualTo(Refusal.Kind.TRUST);
    write("a.pub", "x".repeat(70_000));
    assertThat(refusal(() -> TrustRoot.load(folder.resolve("a.pub"))).text())
        .endsWith("is over 64 KiB");
  }

  @Test
  void aPrivateKeyAmongTheTrustedOnesIsSaid() throws Exception {
    write("a.pub", ALICE.publicKey().pem());
    write("a.pem", ALICE.pem());

    assertThat(TrustRoot.load(folder).problems())
        .extracting(Refusal::help)
        .containsExactly("only public keys belong here; who can read this file can sign policies");
  }
}
