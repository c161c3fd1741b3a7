package io.observer.web.rpc;

import io.observer.event.InvalidEventException;
import io.observer.event.JsonMember;
import io.observer.event.JsonMember.Kind;
import io.observer.event.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks.
 *
 * @param id as JSON, to be given back; null if no answer is wanted
 */
record RpcRequest(@Nullable String id, String method, RpcParams params) {

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

    /**
     * Reads a line.
     *
     * @throws RpcException if it is no request
     */
    static RpcRequest parse(byte[] line) {
        Map<String, JsonMember> members = members(line);
        String id = id(members.get("id"));
        JsonMember version = members.get("jsonrpc");
        if (version != null && !(version.kind() == Kind.STRING && version.text().equals("2.0"))) {
            throw RpcException.invalidRequest(id, "'jsonrpc' must be \"2.0\"");
        }
        JsonMember method = members.get("method");
        if (method == null) {
            throw RpcException.invalidRequest(id, "missing 'method' field");
        }
        if (method.kind() != Kind.STRING) {
            throw RpcException.invalidRequest(id, "'method' must be a string");
        }
        return new RpcRequest(id, method.text(), params(id, members.get("params")));
    }

    private static RpcParams params(@Nullable String id, @Nullable JsonMember params) {
        if (params == null || params.kind() == Kind.NULL) {
            return new RpcParams(Map.of());
        }
        if (params.kind() != Kind.OBJECT) {
            throw RpcException.invalidRequest(id, "'params' must be an object");
        }
        return new RpcParams(byName(JsonText.members(params.json())));
    }

    private static @Nullable String id(@Nullable JsonMember id) {
        if (id == null || id.kind() == Kind.NULL) {
            return null;
        }
        boolean legal = id.kind() == Kind.STRING
                || id.kind() == Kind.NUMBER && INTEGER.matcher(id.text()).matches();
        if (!legal) {
            throw RpcException.invalidRequest(null, "'id' must be an integer or a string");
        }
        return new String(id.json(), StandardCharsets.UTF_8);
    }

    private static Map<String, JsonMember> members(byte[] line) {
        try {
            return byName(JsonText.members(line));
        } catch (InvalidEventException refused) {
            if (isOtherJson(line)) {
                throw RpcException.invalidRequest(null, "must be one JSON object a line; batches are not taken");
            }
            throw RpcException.unreadable("malformed JSON");
        }
    }

    /** Whether it is JSON, though no object. */
    private static boolean isOtherJson(byte[] line) {
        ByteArrayOutputStream object = new ByteArrayOutputStream(line.length + 8);
        object.writeBytes(new byte[] {'{', '"', 'x', '"', ':'});
        object.writeBytes(line);
        object.write('}');
        try {
            List<JsonMember> members = JsonText.members(object.toByteArray());
            return members.size() == 1 && members.get(0).kind() != Kind.OBJECT;
        } catch (InvalidEventException malformed) {
            return false;
        }
    }

    private static Map<String, JsonMember> byName(List<JsonMember> members) {
        return members.stream().collect(Collectors.toUnmodifiableMap(JsonMember::name, Function.identity()));
    }
}
