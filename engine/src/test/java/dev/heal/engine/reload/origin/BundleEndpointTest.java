package dev.heal.engine.reload.origin;

import static dev.heal.engine.reload.origin.Bundles.signed;
import static dev.heal.engine.reload.origin.Bundles.verified;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine gives to others. */
@SuppressWarnings("NullAway") // what a request may lack is null
class BundleEndpointTest {
  private static final String TAG = BundleEndpoint.tag(signed(7).manifest().digest());

  private final BundleEndpoint endpoint = new BundleEndpoint(() -> Optional.of(verified(7)));

  private static int status(BundleEndpoint endpoint, String method, String known) {
    return endpoint.answer(method, Optional.ofNullable(known)).status();
  }

  @Test
  void theBundleInForceWithItsDigestAsTag() {
    BundleEndpoint.Response response = endpoint.answer("GET", Optional.empty());

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(signed(7).archive());
    assertThat(response.headers())
        .isEqualTo(
            Map.of(
                "ETag", TAG,
                "Content-Type", "application/vnd.heal.bundle",
                "Cache-Control", "no-cache"));
  }

  @Test
  void notAgainToWhoHasIt() {
    assertThat(status(endpoint, "GET", TAG)).isEqualTo(304);
    assertThat(status(endpoint, "GET", "\"x\", W/" + TAG)).isEqualTo(304);
    assertThat(status(endpoint, "GET", "*")).isEqualTo(304);
    assertThat(status(endpoint, "GET", "\"x\"")).isEqualTo(200);
    assertThat(status(endpoint, "GET", "")).isEqualTo(200);
    assertThat(endpoint.answer("GET", Optional.of(TAG)).body()).isEmpty();
  }

  @Test
  void nothingElseCanBeDoneHere() {
    assertThat(status(endpoint, "POST", null)).isEqualTo(405);
    assertThat(status(endpoint, "PUT", null)).isEqualTo(405);
    assertThat(status(endpoint, "DELETE", null)).isEqualTo(405);
    assertThat(status(endpoint, "HEAD", null)).isEqualTo(200);
  }

  @Test
  void whereNothingSignedIsInForceThereIsNone() {
    assertThat(status(new BundleEndpoint(Optional::empty), "GET", null)).isEqualTo(404);
  }

  @Test
  void onARealServer(@TempDir Path keys) throws Exception {
    TlsHost.Identity identity = TlsHost.local(keys);
    try (TlsHost host = new TlsHost(identity)) {
      host.at("/v1/bundle", endpoint);
      Path ca = identity.certificate();

      assertThat(curl(ca, "-o", "/dev/null", "-w", "%{http_code}", host.url("/v1/bundle")))
          .isEqualTo("200");
      assertThat(
              curl(
                  ca,
                  "-o",
                  "/dev/null",
                  "-w",
                  "%{http_code}",
                  "-H",
                  "If-None-Match: " + TAG,
                  host.url("/v1/bundle")))
          .isEqualTo("304");
      assertThat(curl(ca, "-I", host.url("/v1/bundle"))).contains(TAG);
      assertThat(curl(ca, "-o", "/dev/null", "-w", "%{http_code}", host.url("/v1/bundle/../x")))
          .isEqualTo("404");
      assertThat(curl(ca, "-o", "/dev/null", "-w", "%{http_code}", host.url("/v1/bundlex")))
          .isEqualTo("404");
    }
  }

  private static String curl(Path ca, String... arguments) throws Exception {
    java.util.List<String> command =
        new java.util.ArrayList<>(java.util.List.of("curl", "-sS", "--cacert", ca.toString()));
    command.addAll(java.util.List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (java.io.IOException absent) {
      org.junit.jupiter.api.Assumptions.abort("skipped: there is no curl");
      throw absent;
    }
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
