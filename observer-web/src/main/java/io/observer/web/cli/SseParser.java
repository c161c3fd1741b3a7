package io.observer.web.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from bytes that may be split anywhere: lines end with LF, CR or CRLF, a byte order mark is
 * skipped, comments and unknown fields are passed over, an id with a NUL is ignored, and a frame that the stream's end
 * cuts off is dropped.
 */
final class SseParser {

    private static final int MAX_LINE = 16 << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Consumer<SseFrame> frames;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private final StringBuilder data = new StringBuilder();
    private String event = "";
    private String id;
    private String lastEventId;
    private @Nullable Duration retry;
    private boolean atStart = true;
    private boolean afterCr;

    /** @param lastEventId the id that the connection was resumed from, {@code ""} for none */
    SseParser(String lastEventId, Consumer<SseFrame> frames) {
        this.lastEventId = lastEventId;
        this.id = lastEventId;
        this.frames = frames;
    }

    /** Takes the next bytes and hands over each frame that they complete. */
    void feed(byte[] bytes) throws ServerUnavailable {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\n' && afterCr && i == from) {
                from = i + 1;
            } else if (b == '\n' || b == '\r') {
                line.write(bytes, from, i - from);
                from = i + 1;
                endLine();
            }
            afterCr = b == '\r';
        }
        line.write(bytes, from, bytes.length - from);
        if (line.size() > MAX_LINE) {
            throw ServerUnavailable.lost("the stream sent a line of more than 16 MiB");
        }
    }

    /** The id to resume from. */
    String lastEventId() {
        return lastEventId;
    }

    /** How long the server asks to wait before connecting again, or null if it has not said. */
    @Nullable
    Duration retry() {
        return retry;
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (atStart && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        atStart = false;
        if (text.isEmpty()) {
            endFrame();
            return;
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            field(text, "");
        } else if (colon > 0) {
            int value = text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
            field(text.substring(0, colon), text.substring(value));
        }
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> event = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    id = value;
                }
            }
            case "retry" -> {
                if (value.matches("[0-9]{1,9}")) {
                    retry = Duration.ofMillis(Long.parseLong(value));
                }
            }
            default -> {
                // The format asks readers to pass over fields that they do not know.
            }
        }
    }

    private void endFrame() {
        lastEventId = id;
        if (!data.isEmpty()) {
            String text = data.substring(0, data.length() - 1);
            frames.accept(new SseFrame(event.isEmpty() ? "message" : event, text, lastEventId));
        }
        data.setLength(0);
        event = "";
    }
}
