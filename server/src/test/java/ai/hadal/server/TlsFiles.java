package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for this machine and its key, made by the JDK's keytool.
///
/// @param tls the files for a server
/// @param trusting what clients that trust it use
record TlsFiles(ServerConfig.Tls tls, SSLContext trusting) {

    private static final String NAME = "server";
    private static final String PASSWORD = "bathysphere";
    private static final int LINE = 64;
    private static final int PATIENCE_SECONDS = 60;

    /// @param algorithm of the key: RSA or EC
    static TlsFiles make(Path folder, String algorithm) throws IOException, GeneralSecurityException {
        Path file = folder.resolve("store.p12");
        keytool(file, algorithm);
        var store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        var certificate = store.getCertificate(NAME);
        byte[] key = Objects.requireNonNull(store.getKey(NAME, PASSWORD.toCharArray()))
                .getEncoded();
        var tls = new ServerConfig.Tls(
                pem(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded()),
                pem(folder.resolve("key.pem"), "PRIVATE KEY", key));
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(NAME, certificate);
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        var trusting = SSLContext.getInstance("TLS");
        trusting.init(null, managers.getTrustManagers(), null);
        return new TlsFiles(tls, trusting);
    }

    private static void keytool(Path store, String algorithm) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        NAME,
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static Path pem(Path file, String what, byte[] content) throws IOException {
        var encoder = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
        return Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + encoder.encodeToString(content) + "\n-----END " + what + "-----\n");
    }
}
