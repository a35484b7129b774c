package dev.heal.engine.reload.origin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A real HTTPS server with a certificate that keytool has just made. */
@SuppressWarnings("AddressSelection") // the loopback has one address
final class TlsHost implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** A key and its certificate. */
  record Identity(SSLContext context, Path certificate) {}

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  TlsHost(Identity identity) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
    server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
    server.setExecutor(threads);
    server.start();
  }

  /** Makes a key whose certificate it has signed itself. */
  static Identity identity(Path folder, String name, String... further) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Path certificate = folder.resolve(name + ".pem");
    generate(store, name, further);
    keytool(store, "-exportcert", "-alias", "host", "-rfc", "-file", certificate.toString());
    return new Identity(context(store), certificate);
  }

  /** Makes a key whose certificate an authority has signed; the certificate is the authority's. */
  static Identity signedByAnAuthority(Path folder, String name, String... further)
      throws Exception {
    Path root = folder.resolve(name + "-root.p12");
    Path certificate = folder.resolve(name + "-root.pem");
    generate(root, "root", "-ext", "bc:c");
    keytool(root, "-exportcert", "-alias", "host", "-rfc", "-file", certificate.toString());
    Path store = folder.resolve(name + ".p12");
    String request = folder.resolve(name + ".csr").toString();
    String signed = folder.resolve(name + ".pem").toString();
    generate(store, name);
    keytool(store, "-certreq", "-alias", "host", "-file", request);
    List<String> sign =
        new ArrayList<>(
            List.of(
                "-gencert",
                "-alias",
                "host",
                "-rfc",
                "-infile",
                request,
                "-outfile",
                signed,
                "-ext",
                "san=ip:127.0.0.1"));
    sign.addAll(List.of(further));
    keytool(root, sign.toArray(String[]::new));
    keytool(store, "-importcert", "-noprompt", "-alias", "root", "-file", certificate.toString());
    keytool(store, "-importcert", "-noprompt", "-alias", "host", "-file", signed);
    return new Identity(context(store), certificate);
  }

  private static void generate(Path store, String name, String... further) throws Exception {
    List<String> generate =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", "host", "-keyalg", "EC", "-dname", "CN=" + name));
    generate.addAll(List.of(further));
    keytool(store, generate.toArray(String[]::new));
  }

  private static SSLContext context(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** The usual one: of this very host. */
  static Identity local(Path folder) throws Exception {
    return identity(folder, "local", "-ext", "san=ip:127.0.0.1,dns:localhost");
  }

  private static void keytool(Path store, String... command) throws Exception {
    List<String> whole = new ArrayList<>();
    whole.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    whole.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    whole.addAll(List.of(command));
    whole.addAll(
        List.of(
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD)));
    Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  TlsHost at(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return this;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String path) {
    return "https://127.0.0.1:" + port() + path;
  }

  Address address(String path) {
    return Address.parse(url(path), false).address().orElseThrow();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
