package io.observer.web.cli;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in a few words why input or output failed; the JDK's own exceptions are often silent. */
final class Reason {

    private Reason() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String known = known(cause);
            if (known != null) {
                return known;
            }
            root = cause;
        }
        String message = root.getMessage();
        return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
    }

    private static @Nullable String known(Throwable cause) {
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        if (cause instanceof HttpConnectTimeoutException || cause instanceof NoRouteToHostException) {
            return "the host does not answer";
        }
        if (cause instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof SSLException) {
            return "no TLS connection: " + cause.getMessage();
        }
        // The client says nothing when it is refused, and something when the system gave up for another reason.
        if (cause instanceof ConnectException) {
            return cause.getMessage() == null ? "connection refused" : cause.getMessage();
        }
        return cause instanceof ClosedChannelException ? "connection closed" : null;
    }
}
