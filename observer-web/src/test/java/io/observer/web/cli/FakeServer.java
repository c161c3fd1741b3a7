package io.observer.web.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers each request with the next line of a script and remembers what it was asked. */
final class FakeServer implements AutoCloseable {

    /** What a client asked. */
    record Request(String method, String target, String lastEventId, String contentType, String body) {

        /** The lines of an NDJSON body. */
        List<String> lines() {
            return body.lines().toList();
        }
    }

    /** How to answer one request. */
    interface Answer {

        void to(HttpExchange exchange, Request request) throws IOException;
    }

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Answer> script = new ArrayDeque<>();
    private final HttpServer http;

    private FakeServer(int port) {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(executor);
        http.createContext("/", this::handle);
        http.start();
    }

    /** A server that gives these answers in order, and 500 once there are no more. */
    static FakeServer answering(Answer... answers) {
        return answeringAt(0, answers);
    }

    static FakeServer answeringAt(int port, Answer... answers) {
        FakeServer server = new FakeServer(port);
        server.then(answers);
        return server;
    }

    static Answer json(int status, String body) {
        return with(status, "application/json", body);
    }

    static Answer problem(int status, String body) {
        return with(status, "application/problem+json", body);
    }

    static Answer with(int status, String contentType, String body) {
        return (exchange, request) -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    static Answer nothingLeft() {
        return (exchange, request) -> exchange.sendResponseHeaders(204, -1);
    }

    /** Breaks the connection without an answer. */
    static Answer hangUp() {
        return (exchange, request) -> {
            throw new IOException("no answer");
        };
    }

    /** A stream of these frames that then ends. */
    static Answer stream(String frames) {
        return with(200, "text/event-stream", frames);
    }

    /** A stream of these frames that then is silent until the server is closed. */
    Answer silentAfter(String frames) {
        return (exchange, request) -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            body.write(frames.getBytes(StandardCharsets.UTF_8));
            body.flush();
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    void then(Answer... answers) {
        synchronized (script) {
            script.addAll(List.of(answers));
        }
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return http.getAddress().getPort();
    }

    List<Request> requests() {
        return requests;
    }

    Request request(int index) {
        return requests.get(index);
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
        executor.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    header(exchange, "Last-Event-ID"),
                    header(exchange, "Content-Type"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            Answer answer;
            synchronized (script) {
                answer = script.poll();
            }
            (answer == null ? problem(500, "{\"detail\":\"the script is over\"}") : answer).to(exchange, request);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }
}
