package io.observer.receive;

import java.io.IOException;
import java.io.UncheckedIOException;

/** One question to a daemon, on a connection of its own, so that no other waits for the answer. */
final class DaemonCall {

    /** Longest line that is read. */
    static final int LONGEST_LINE = 16 << 20;

    /** Opens a subscription. */
    static final String STREAM = "daemon.monitor.stream";

    private DaemonCall() {}

    /** What follows a method's name in a request. */
    static String request(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + ",\"id\":1}";
    }

    /**
     * The member {@code result} of the answer, cut out and not checked.
     *
     * @throws IOException if there is none within the time that the settings give, or it is an error
     */
    static byte[] ask(DaemonSettings settings, String method, String params) throws IOException {
        Runnable tooLong = () -> {
            throw new UncheckedIOException(
                    new IOException("its answer to " + method + " has more than " + (LONGEST_LINE >> 20) + " MiB"));
        };
        try (SocketLines lines = SocketLines.connect(settings.socket(), LONGEST_LINE, tooLong)) {
            lines.send(request(method, params), settings.answerWithin());
            byte[] answer = lines.next(settings.answerWithin());
            if (answer == null) {
                throw new IOException("it does not answer " + method);
            }
            byte[] result = JsonPieces.member(answer, "result");
            if (result == null) {
                throw new Refused("it refuses " + method);
            }
            return result;
        } catch (UncheckedIOException tooMuch) {
            throw tooMuch.getCause();
        }
    }

    /** The daemon answered with an error. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }
}
