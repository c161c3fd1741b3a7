package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A reader over HTTP/2 without TLS, by the JDK's own client, which asks for it with {@code Upgrade: h2c}. Several readers
 * of one client share its connection.
 */
public final class SseHttp2Recorder extends SseReader {

    static {
        // What a reader that pauses lets the server send all the same; the client would take megabytes by itself.
        System.setProperty("jdk.httpclient.windowsize", "65536");
    }

    private final InputStream in;

    private SseHttp2Recorder(String target, InputStream in) {
        super(target);
        this.in = in;
        start(this::readAnswer);
    }

    /** A client that speaks HTTP/2 where the server does. */
    public static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    }

    /** Opens a stream, which must be one over HTTP/2. */
    public static SseHttp2Recorder open(HttpClient client, URI server, String target) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(target))
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<InputStream> answer = await(client.sendAsync(request, BodyHandlers.ofInputStream()));
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new SseHttp2Recorder(target, answer.body());
    }

    private static HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> answer) {
        try {
            return answer.get(Patience.TIME.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no answer over HTTP/2", e);
        }
    }

    private void readAnswer() throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
            record(Arrays.copyOf(buffer, n));
        }
    }

    private int read(byte[] buffer) throws IOException {
        awaitResumed();
        return in.read(buffer);
    }

    @Override
    public void close() {
        try {
            resume();
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
