package dev.heal.engine.actuate.queue;

import java.io.File;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Why no safe connection came about, in an operator's words. Before that, nothing was said. */
final class TlsFailure {
  private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");
  private static final String SETTING = "named by javax.net.ssl.%s in HEAL_JAVA_OPTS";

  private TlsFailure() {}

  /**
   * Empty where it is none, or one of a connection that was safe before.
   *
   * @param causes all that went wrong, however deep
   */
  static Optional<String> of(List<Throwable> causes, String host) {
    if (has(causes, CertificateExpiredException.class)) {
      return Optional.of("its certificate has expired");
    }
    if (has(causes, CertificateNotYetValidException.class)) {
      return Optional.of("its certificate is not valid yet");
    }
    if (has(causes, CertPathBuilderException.class)
        || has(causes, CertPathValidatorException.class)) {
      return Optional.of(
          "its certificate is signed by nobody whom heal trusts, "
              + unreadable()
                  .map(
                      store ->
                          "for `%s` of javax.net.ssl.trustStore cannot be read".formatted(store))
                  .orElse("by the store " + SETTING.formatted("trustStore")));
    }
    if (has(causes, CertificateException.class)) { // who signed it is trusted: so it is the name
      return Optional.of("its certificate is not for `" + host + "`");
    }
    return causes.stream()
        .filter(SSLException.class::isInstance)
        .flatMap(cause -> handshake((SSLException) cause).stream())
        .findFirst();
  }

  private static boolean has(List<Throwable> causes, Class<? extends Throwable> kind) {
    return causes.stream().anyMatch(kind::isInstance);
  }

  /** A store that is named, and which Java passes over without a word. */
  private static Optional<String> unreadable() {
    return Optional.ofNullable(System.getProperty("javax.net.ssl.trustStore"))
        .filter(store -> !new File(store).canRead());
  }

  private static Optional<String> handshake(SSLException failed) {
    String message = String.valueOf(failed.getMessage());
    if (message.contains("unrecognized SSL message")) {
      return Optional.of("it does not speak TLS there, write `redis://`");
    }
    Matcher alert = ALERT.matcher(message);
    if (alert.find()) {
      return Optional.of(
          switch (alert.group(1)) {
            case "certificate_required", "bad_certificate", "unknown_ca" ->
                "it wants a certificate of heal's own that it trusts, from the store "
                    + SETTING.formatted("keyStore");
            default -> "it refuses TLS with heal: " + alert.group(1).replace('_', ' ');
          });
    }
    return failed instanceof SSLHandshakeException
        ? Optional.of("TLS fails: " + message.replaceAll("\\s+", " ").strip())
        : Optional.empty();
  }
}
