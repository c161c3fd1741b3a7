package io.observer.web.rpc;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error. */
final class RpcException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int PARSE_ERROR = -32700;
    private static final int INVALID_REQUEST = -32600;
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INVALID_PARAMS = -32602;
    private static final int INTERNAL = -32603;
    private static final int EXHAUSTED = -32001;

    private final int code;
    private final @Nullable String id;
    private final @Nullable String method;

    private RpcException(int code, String message, @Nullable String id, @Nullable String method) {
        super(message, null, false, false);
        this.code = code;
        this.id = id;
        this.method = method;
    }

    static RpcException unreadable(String reason) {
        return new RpcException(PARSE_ERROR, "Parse error: " + reason, null, null);
    }

    /** @param id the request's own, as JSON, or null if it has none that can be told */
    static RpcException invalidRequest(@Nullable String id, String reason) {
        return new RpcException(INVALID_REQUEST, "Invalid request: " + reason, id, null);
    }

    /** @param method its name, fit to be shown */
    static RpcException noSuchMethod(String method) {
        return new RpcException(METHOD_NOT_FOUND, "Method not found: " + method, null, method);
    }

    static RpcException invalidParams(String reason) {
        return new RpcException(INVALID_PARAMS, "Invalid params: " + reason, null, null);
    }

    static RpcException exhausted(String reason) {
        return new RpcException(EXHAUSTED, reason, null, null);
    }

    static RpcException internal() {
        return new RpcException(INTERNAL, "Internal error; the server's log says more", null, null);
    }

    int code() {
        return code;
    }

    /** The id of the request, as JSON, where this is known better here than by who asked; else null. */
    @Nullable
    String id() {
        return id;
    }

    /** The method that there is not, or null if it is something else. */
    @Nullable
    String method() {
        return method;
    }
}
