package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of a site's own authorities, by which servers are known. */
public final class Authorities {
  private static final int MOST_BYTES = 1 << 20;

  private final SSLContext context;

  private Authorities(SSLContext context) {
    this.context = context;
  }

  /** Reads a PEM file of certificates; only servers that these vouch for are talked to. */
  public static Authorities load(Path file) throws RefusedException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(in.readNBytes(MOST_BYTES)));
      int count = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("authority" + count++, certificate);
      }
      if (count == 0) {
        throw refused(file, "holds no certificate");
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return new Authorities(context);
    } catch (IOException unreadable) {
      throw refused(file, "cannot be read");
    } catch (GeneralSecurityException other) {
      throw refused(file, "holds something else than certificates");
    }
  }

  private static RefusedException refused(Path file, String what) {
    return new RefusedException(
        new Refusal(
            Refusal.Kind.TRUST,
            "`" + file + "` " + what,
            "name a PEM file of certificates (`BEGIN CERTIFICATE`)"));
  }

  SSLContext context() {
    return context;
  }
}
