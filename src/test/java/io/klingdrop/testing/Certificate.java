package io.klingdrop.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate of a test's own server, which nobody trusts who was not told to.
 *
 * @param store the key and the certificate, PKCS #12; also good as a trust store
 * @param pem the certificate alone
 */
public record Certificate(Path store, Path pem) {
  /** Of the store. */
  public static final String PASSWORD = "changeit";

  /**
   * Makes one by the JDK's keytool.
   *
   * @param name whose it is, such as {@code dns:api.test} or {@code ip:127.0.0.1}
   */
  public static Certificate make(Path folder, String name)
      throws IOException, InterruptedException {
    var made = new Certificate(folder.resolve("tls.p12"), folder.resolve("tls.pem"));
    keytool(
        "-genkeypair -alias front -keyalg EC -storetype PKCS12 -validity 2 -ext bc:c -dname"
            + " CN=front",
        List.of("-ext", "SAN=" + name, "-keystore", made.store.toString()));
    keytool(
        "-exportcert -rfc -alias front",
        List.of("-keystore", made.store.toString(), "-file", made.pem.toString()));
    // keytool trusts a certificate of our own key only as a certificate
    keytool(
        "-importcert -noprompt -alias trusted -storetype PKCS12",
        List.of("-file", made.pem.toString(), "-keystore", made.trust().toString()));
    return made;
  }

  /** The trust store of who is to believe it. */
  public Path trust() {
    return store.resolveSibling("trust.p12");
  }

  private static void keytool(String words, List<String> rest)
      throws IOException, InterruptedException {
    var command =
        new java.util.ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(words.split(" ")));
    command.addAll(List.of("-storepass", PASSWORD));
    command.addAll(rest);
    var said = Files.createTempFile("keytool", ".out");
    var status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("keytool: " + Files.readString(said));
    }
    Files.delete(said);
  }

  /** TLS with this certificate, for a server. */
  public SSLContext context() throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
