package dev.heal.engine.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of the test's own, and what it has signed, made by openssl and keytool. */
public final class RealCertificates {
  /** Of the stores. */
  public static final String PASSWORD = "changeit";

  private static final String OPENSSL = "/usr/bin/openssl";

  private final Path folder;

  private RealCertificates(Path folder) {
    this.folder = folder;
  }

  /** Makes an authority; or skips the test. */
  public static RealCertificates in(Path folder) {
    Part.need("certificates", "openssl", false, OPENSSL);
    RealCertificates made = new RealCertificates(folder);
    made.openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=heal-test-authority -keyout %s -out %s",
        made.key("authority"), made.authority());
    return made;
  }

  private void openssl(String words, Object... paths) {
    String[] argv = words.split(" ");
    int path = 0;
    for (int i = 0; i < argv.length; i++) {
      argv[i] = argv[i].equals("%s") ? paths[path++].toString() : argv[i];
    }
    run(OPENSSL, argv);
  }

  private static void run(String program, String... words) {
    List<String> argv = new ArrayList<>(List.of(program));
    argv.addAll(List.of(words));
    String unused = Part.run(Map.of(), argv);
  }

  /**
   * Signs one.
   *
   * @param names {@code DNS:localhost,IP:127.0.0.1}
   * @param days that it is good for, from now; less than nothing for one that has expired
   */
  public RealCertificates sign(String name, String names, int days) {
    Path request = folder.resolve(name + ".csr");
    Path extensions = folder.resolve(name + ".cnf");
    try {
      Files.writeString(extensions, "subjectAltName=" + names + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    openssl(
        "req -newkey rsa:2048 -nodes -subj /CN=heal-test -keyout %s -out %s", key(name), request);
    openssl(
        "x509 -req -in %s -CA %s -CAkey %s -CAcreateserial -extfile %s -out %s -days " + days,
        request,
        authority(),
        key("authority"),
        extensions,
        certificate(name));
    return this;
  }

  /** In PEM. */
  public Path authority() {
    return certificate("authority");
  }

  /** In PEM. */
  public Path certificate(String name) {
    return folder.resolve(name + ".pem");
  }

  /** In PEM. */
  public Path key(String name) {
    return folder.resolve(name + ".key");
  }

  /** A store that trusts the authority. */
  public Path trust() {
    Path store = folder.resolve("trust.p12");
    if (Files.notExists(store)) {
      run(
          Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
          "-importcert -noprompt -alias redis -storetype PKCS12 -storepass %s -file %s -keystore %s"
              .formatted(PASSWORD, authority(), store)
              .split(" "));
    }
    return store;
  }

  /** What a virtual machine begins with whose store of trust is {@link #trust}. */
  public SSLContext trusted() throws GeneralSecurityException {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(KeyStore.getInstance(trust().toFile(), PASSWORD.toCharArray()));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A store with a certificate and its key. */
  public Path own(String name) {
    Path store = folder.resolve(name + ".p12");
    openssl(
        "pkcs12 -export -in %s -inkey %s -out %s -passout pass:" + PASSWORD,
        certificate(name),
        key(name),
        store);
    return store;
  }
}
