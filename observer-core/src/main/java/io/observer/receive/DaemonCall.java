package io.observer.receive;

import io.observer.event.InvalidEventException;
import io.observer.event.JsonMember;
import io.observer.event.JsonText;
import java.io.IOException;
import java.util.List;

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
     * The member {@code result} of the answer, as JSON.
     *
     * @throws IOException if there is none within the time that the settings give, or it is an error
     */
    static byte[] ask(DaemonSettings settings, String method, String params) throws IOException {
        try (SocketLines lines = SocketLines.connect(settings.socket(), LONGEST_LINE, () -> {})) {
            lines.send(request(method, params), settings.answerWithin());
            byte[] answer = lines.next(settings.answerWithin());
            if (answer == null) {
                throw new IOException("it does not answer " + method);
            }
            return result(method, JsonText.members(answer));
        } catch (InvalidEventException noJson) {
            throw new IOException("its answer to " + method + " cannot be read", noJson);
        }
    }

    private static byte[] result(String method, List<JsonMember> answer) throws IOException {
        for (JsonMember member : answer) {
            if (member.name().equals("result")) {
                return member.json();
            }
        }
        throw new Refused("it refuses " + method);
    }

    /** The daemon answered with an error. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }
}
