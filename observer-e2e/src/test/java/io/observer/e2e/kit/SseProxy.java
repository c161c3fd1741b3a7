package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A wire between a client and the server that a test can cut: bytes go through as they are until then. */
public final class SseProxy implements AutoCloseable {

    private static final Pattern LAST_EVENT_ID = Pattern.compile("(?imd)^last-event-id: *(.*?)\r$");

    private final ServerSocket listener;
    private final int target;
    private final StringBuffer asked = new StringBuffer();
    private final StringBuffer answered = new StringBuffer();

    /** Both ends of every connection, guarded by itself. */
    private final List<Socket> open = new ArrayList<>();

    private final CountDownLatch refused = new CountDownLatch(1);

    private volatile boolean down;
    private volatile int connections;

    private SseProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept, "proxy");
    }

    public static SseProxy before(ObserverServer server) {
        try {
            return new SseProxy(server.port());
        } catch (IOException e) {
            throw new UncheckedIOException("no proxy", e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Cuts every connection where it is, in the middle of whatever is on its way. */
    public void cut() {
        List<Socket> cut;
        synchronized (open) {
            cut = List.copyOf(open);
            open.clear();
        }
        cut.forEach(SseProxy::closeQuietly);
    }

    /** Cuts every connection, and lets no new one through until {@link #up()}. */
    public void down() {
        down = true;
        cut();
    }

    public void up() {
        down = false;
    }

    /** Waits until a client was turned away for the first time. */
    public void awaitRefusal() {
        try {
            assertThat(refused.await(30, TimeUnit.SECONDS)).as("a client came").isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a client", e);
        }
    }

    /** How many connections it has let through. */
    public int connections() {
        return connections;
    }

    /** The values of {@code Last-Event-ID} that clients sent, in order. */
    public List<String> lastEventIds() {
        return LAST_EVENT_ID.matcher(asked).results().map(m -> m.group(1)).toList();
    }

    /** What the server answered so far, on all connections. */
    public String answered() {
        return answered.toString();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                if (down) {
                    closeQuietly(client);
                    refused.countDown();
                } else {
                    join(client);
                }
            }
        } catch (IOException e) {
            // The listener was closed.
        }
    }

    private void join(Socket client) {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            closeQuietly(client);
            return;
        }
        synchronized (open) {
            open.add(client);
            open.add(server);
            connections++;
        }
        start(() -> pump(client, server, asked), "proxy, to the server");
        start(() -> pump(server, client, answered), "proxy, to the client");
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void pump(Socket from, Socket to, StringBuffer seen) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                seen.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // It was cut, or one side is gone: both ends close either way.
        } finally {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }
}
