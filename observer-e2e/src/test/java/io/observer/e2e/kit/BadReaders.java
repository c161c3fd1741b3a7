package io.observer.e2e.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Clients as no server likes them: readers of all events that take nothing, readers that take a byte now and then, and
 * connections whose request never comes to its end.
 */
public final class BadReaders implements AutoCloseable {

    private static final int SMALL_WINDOW = 4_096;
    private static final long NOW_AND_THEN_MILLIS = 20;

    private final URI server;
    private final List<Socket> sockets = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    private BadReaders(URI server) {
        this.server = server;
    }

    /** Connects so many of each kind; the streams have begun when this returns. */
    public static BadReaders gather(URI server, int stopped, int trickling, int unfinished) {
        BadReaders all = new BadReaders(server);
        try {
            List<Socket> slow = new ArrayList<>();
            for (int n = 0; n < stopped + trickling; n++) {
                Socket reader = all.connect("GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
                if (reader.getInputStream().read() != 'H') {
                    throw new IOException("no stream began");
                }
                if (n >= stopped) {
                    slow.add(reader);
                }
            }
            for (int n = 0; n < unfinished; n++) {
                all.connect("GET /v1/events/stream HTTP/1.1\r\nHost: local");
            }
            Thread thread = new Thread(() -> all.trickle(slow), "trickling readers");
            thread.setDaemon(true);
            thread.start();
            return all;
        } catch (IOException e) {
            all.close();
            throw new UncheckedIOException(e);
        }
    }

    private Socket connect(String request) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(SMALL_WINDOW);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void trickle(List<Socket> readers) {
        try {
            while (!over.await(NOW_AND_THEN_MILLIS, TimeUnit.MILLISECONDS)) {
                for (Socket reader : readers) {
                    if (reader.getInputStream().available() > 0) {
                        reader.getInputStream().read();
                    }
                }
            }
        } catch (IOException closed) {
            // By the server, or by the end of the test.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** They all leave without a word. */
    @Override
    public void close() {
        over.countDown();
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // It is closed already.
            }
        }
    }
}
