package io.observer.log.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Speaks TLS in the place of a Redis that does not. */
final class TlsProxy implements AutoCloseable {

    private static final String SECRET = "changeit";

    private final int redis;
    private final Path authority;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private TlsProxy(int redis, Path authority, SSLContext identity) throws IOException {
        this.redis = redis;
        this.authority = authority;
        this.listener = identity.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    /** One for the Redis on this port. Makes its certificates in {@code directory}. */
    static TlsProxy before(int redis, Path directory) throws Exception {
        Path keys = directory.resolve("keys.p12");
        keytool(keys, "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c");
        keytool(keys, "-alias", "redis", "-dname", "CN=redis", "-ext", "san=ip:127.0.0.1", "-signer", "authority");
        KeyStore store = KeyStore.getInstance(keys.toFile(), SECRET.toCharArray());
        Path pem = Files.writeString(directory.resolve("authority.pem"), """
                -----BEGIN CERTIFICATE-----
                %s
                -----END CERTIFICATE-----
                """.formatted(Base64.getMimeEncoder()
                .encodeToString(store.getCertificate("authority").getEncoded())));
        store.deleteEntry("authority");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, SECRET.toCharArray());
        SSLContext identity = SSLContext.getInstance("TLS");
        identity.init(managers.getKeyManagers(), null, null);
        return new TlsProxy(redis, pem, identity);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The certificate of who has signed this proxy's, as PEM. */
    Path authority() {
        return authority;
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), redis);
            sockets.addAll(List.of(client, server));
            thread(() -> copy(client, server));
            thread(() -> copy(server, client));
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to;
                InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
        }
    }

    private static void keytool(Path keys, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-validity",
                "3650",
                "-keystore",
                keys.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                SECRET));
        command.addAll(Arrays.asList(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static void thread(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // One side has hung up, or did not like the certificate.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws IOException;
    }
}
