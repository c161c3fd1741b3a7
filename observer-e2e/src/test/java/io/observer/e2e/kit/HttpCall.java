package io.observer.e2e.kit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One HTTP/1.1 request as its bytes go out. Nothing is checked or escaped, because most tests want to send what a
 * client library refuses to.
 *
 * @param headers header lines as they are sent; {@code Host} and the length of the body are added where they are missing
 */
public record HttpCall(String method, String target, List<String> headers, byte[] body) {

    private static final byte[] NOTHING = {};

    public static HttpCall get(String target) {
        return of("GET", target);
    }

    public static HttpCall of(String method, String target) {
        return new HttpCall(method, target, List.of(), NOTHING);
    }

    /** A publish of {@code application/json}. */
    public static HttpCall publish(String json) {
        return publish("application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** A publish of {@code application/x-ndjson}. */
    public static HttpCall publishLines(String lines) {
        return publish("application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8));
    }

    public static HttpCall publish(String contentType, byte[] body) {
        return of("POST", "/v1/events")
                .header("Content-Type: " + contentType)
                .header("Content-Length: " + body.length)
                .body(body);
    }

    /** Adds a header line, such as {@code Accept: text/html}. */
    public HttpCall header(String line) {
        List<String> more = new ArrayList<>(headers);
        more.add(line);
        return new HttpCall(method, target, more, body);
    }

    /** Sends these bytes after the head, whatever the head says. */
    public HttpCall body(byte[] bytes) {
        return new HttpCall(method, target, headers, bytes);
    }

    /** The same body as chunks, so that the server cannot know its size beforehand. */
    public HttpCall inChunks() {
        List<String> withoutLength =
                headers.stream().filter(line -> !isFor(line, "Content-Length")).toList();
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int start = 0; start < body.length; start += 64 * 1024) {
            int length = Math.min(64 * 1024, body.length - start);
            chunks.writeBytes("%x\r\n".formatted(length).getBytes(StandardCharsets.US_ASCII));
            chunks.write(body, start, length);
            chunks.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return new HttpCall(method, target, withoutLength, chunks.toByteArray()).header("Transfer-Encoding: chunked");
    }

    /** The request line and the header lines, to the empty line that ends them. */
    String head(ObserverServer server) {
        StringBuilder head = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, target));
        if (headers.stream().noneMatch(line -> isFor(line, "Host"))) {
            head.append("Host: ").append(server.url().getAuthority()).append("\r\n");
        }
        headers.forEach(line -> head.append(line).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private static boolean isFor(String line, String name) {
        return line.regionMatches(true, 0, name + ":", 0, name.length() + 1);
    }

    @Override
    public String toString() {
        String text = method + " " + target + " " + headers;
        return body.length == 0 ? text : text + " and " + body.length + " bytes";
    }
}
