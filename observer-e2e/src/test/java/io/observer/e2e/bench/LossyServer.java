package io.observer.e2e.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Says 201 to every event, gives no ids, and keeps the third event from its readers without a word. */
final class LossyServer implements AutoCloseable {

    private static final Pattern SEQUENCE = Pattern.compile("\"seq\":(\\d+)");
    private static final long LOST = 3;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<OutputStream> streams = new CopyOnWriteArrayList<>();

    LossyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", exchange -> answer(exchange, 200, "{\"last_id\":0}"));
        server.createContext("/v1/events", this::publish);
        server.createContext("/v1/jobs/", this::open);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void publish(HttpExchange exchange) throws IOException {
        String events = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        List<Long> sequences = SEQUENCE.matcher(events)
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .toList();
        for (OutputStream stream : streams) {
            for (long sequence : sequences) {
                if (sequence != LOST) {
                    send(stream, "data: {\"data\":{\"seq\":" + sequence + "}}\n\n");
                }
            }
        }
        answer(exchange, 201, "{\"id\":1,\"cursor\":\"a-1\"}");
    }

    private void open(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream stream = exchange.getResponseBody();
        // Known before the reader is told that it is: nothing but the third event may be missed.
        streams.add(stream);
        send(stream, "event: hello\ndata: {}\n\n");
    }

    private void send(OutputStream stream, String frame) {
        try {
            stream.write(frame.getBytes(StandardCharsets.US_ASCII));
            stream.flush();
        } catch (IOException e) {
            // Its reader has left.
            streams.remove(stream);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
