package io.observer.web.rpc;

import io.observer.web.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Answers as lines. */
final class RpcAnswer {

    private static final byte[] RESULT = ascii("{\"jsonrpc\":\"2.0\",\"result\":");

    private RpcAnswer() {}

    /** @param result as JSON */
    static byte[] of(String id, byte[] result) {
        byte[] end = (",\"id\":" + id + "}\n").getBytes(StandardCharsets.UTF_8);
        byte[] line = Arrays.copyOf(RESULT, RESULT.length + result.length + end.length);
        System.arraycopy(result, 0, line, RESULT.length, result.length);
        System.arraycopy(end, 0, line, RESULT.length + result.length, end.length);
        return line;
    }

    /** @param id of the request, as JSON; null if it has none, or none that could be read */
    static byte[] of(@Nullable String id, RpcException error) {
        byte[] line = Json.object(json -> {
            json.writeStringProperty("jsonrpc", "2.0");
            json.writeObjectPropertyStart("error");
            json.writeNumberProperty("code", error.code());
            json.writeStringProperty("message", error.getMessage());
            String method = error.method();
            if (method == null) {
                json.writeNullProperty("data");
            } else {
                json.writeObjectPropertyStart("data");
                json.writeStringProperty("method", method);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeName("id");
            json.writeRawValue(id == null ? "null" : id);
        });
        byte[] ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        return ended;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
