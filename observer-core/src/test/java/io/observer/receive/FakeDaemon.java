package io.observer.receive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A daemon that says what a test tells it to, over its socket. */
final class FakeDaemon implements AutoCloseable {

    private final Path socket;
    private final ServerSocketChannel server;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
    private final List<SocketChannel> subscribers = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile List<String> history = List.of();
    private volatile boolean withoutHistory;
    private volatile boolean neverDone;
    private volatile boolean mute;
    private volatile String refusal = "";
    private volatile boolean dropping;
    private volatile String health = "{\"status\":\"ok\"}";
    private volatile String greeting = "";

    private FakeDaemon(Path socket) throws IOException {
        this.socket = socket;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        daemonThread(this::accept);
    }

    static FakeDaemon at(Path socket) {
        try {
            return new FakeDaemon(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it answers to {@code daemon.observer_events}, newest first. */
    FakeDaemon remembering(String... eventsNewestFirst) {
        history = List.of(eventsNewestFirst);
        return this;
    }

    /** From now on it is never done with what it remembers. */
    FakeDaemon neverDone() {
        neverDone = true;
        return this;
    }

    FakeDaemon withoutHistory() {
        withoutHistory = true;
        return this;
    }

    /** It is another Observer, and says this to each subscriber first. */
    FakeDaemon observing(String... notifications) {
        return healthy("{\"status\":\"ok\",\"epoch\":\"e1\"}").greeting(notifications);
    }

    /** What it says of itself from now on. */
    FakeDaemon healthy(String result) {
        health = result;
        return this;
    }

    private FakeDaemon greeting(String... notifications) {
        greeting = String.join("\n", notifications) + "\n";
        return this;
    }

    /** From now on it answers every subscription with an error. */
    FakeDaemon refusing(String message) {
        refusal = message;
        return this;
    }

    /** From now on it ends each connection on which it is asked for a subscription. */
    FakeDaemon dropping() {
        dropping = true;
        return this;
    }

    /** From now on it accepts and says nothing. */
    FakeDaemon mute() {
        mute = true;
        return this;
    }

    List<String> requests() {
        return requests;
    }

    int subscribers() {
        return subscribers.size();
    }

    /** Tells an event the way the daemon does, white space included. */
    void tell(String event) {
        say("{\"jsonrpc\": \"2.0\", \"method\": \"monitor.event\", \"params\": " + event + "}\n");
    }

    /** Writes to each subscriber as it is. */
    void say(String text) {
        for (SocketChannel subscriber : subscribers) {
            write(subscriber, text);
        }
    }

    /** Breaks all connections; new ones are taken. */
    void disconnect() {
        subscribers.clear();
        List<SocketChannel> broken = new ArrayList<>(open);
        open.clear();
        broken.forEach(FakeDaemon::close);
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        disconnect();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                open.add(connection);
                daemonThread(() -> serve(connection));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void serve(SocketChannel connection) {
        try (BufferedReader lines = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                requests.add(line);
                answer(connection, line);
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void answer(SocketChannel connection, String request) {
        if (request.contains("\"daemon.monitor.stream\"") && dropping) {
            close(connection);
        } else if (request.contains("\"daemon.monitor.stream\"") && !refusal.isEmpty()) {
            write(
                    connection,
                    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32001,\"message\":\"" + refusal + "\"},\"id\":1}\n");
        } else if (request.contains("\"daemon.monitor.stream\"")) {
            write(connection, greeting);
            subscribers.add(connection);
        } else if (mute || neverDone && request.contains("\"daemon.observer_events\"")) {
            return;
        } else if (request.contains("\"daemon.observer_events\"") && !withoutHistory) {
            write(
                    connection,
                    "{\"jsonrpc\":\"2.0\",\"result\":{\"events\":[" + String.join(",", history) + "]},\"id\":1}\n");
        } else if (request.contains("\"daemon.health\"")) {
            write(connection, "{\"jsonrpc\":\"2.0\",\"result\":" + health + ",\"id\":1}\n");
        } else {
            write(
                    connection,
                    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32601,\"message\":\"Method not found\"},\"id\":1}\n");
        }
    }

    private static void write(SocketChannel connection, String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
        } catch (IOException gone) {
            // Whoever listened does so no more.
        }
    }

    private static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemonThread(Runnable work) {
        Thread thread = new Thread(work, "fake-daemon");
        thread.setDaemon(true);
        thread.start();
    }
}
