package io.observer.web.http;

import io.observer.event.EventError;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** A request that is refused, with what is wrong and what would be right. */
public final class Problem extends RuntimeException {

    /** How long a request's body may take. */
    public static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);

    private static final long serialVersionUID = 1L;

    /** Seconds after which a client may try again what is refused only for now. */
    private static final String RETRY_AFTER = "1";

    private final transient HttpStatus status;
    private final transient List<EventError> errors;
    private final transient HttpHeaders headers;

    private Problem(HttpStatus status, String detail, List<EventError> errors, HttpHeaders headers) {
        super(detail, null, false, false);
        this.status = status;
        this.errors = errors;
        this.headers = headers;
    }

    /** A problem of this status; {@code detail} is a sentence without the input's own text, or with it escaped. */
    public static Problem of(HttpStatus status, String detail) {
        return new Problem(status, detail, List.of(), new HttpHeaders());
    }

    /** The request says something that cannot be understood. */
    public static Problem badRequest(String detail) {
        return of(HttpStatus.BAD_REQUEST, detail);
    }

    /** There is nothing here of that name. */
    public static Problem notFound(String detail) {
        return of(HttpStatus.NOT_FOUND, detail);
    }

    /** Some events of a body are refused, and so is the body. */
    public static Problem invalidEvents(List<EventError> errors) {
        String first = errors.get(0).detail();
        String detail = errors.size() == 1 ? first : first + " (and more, see errors)";
        return new Problem(HttpStatus.BAD_REQUEST, detail, errors, new HttpHeaders());
    }

    /** The server cannot do it now, but soon. */
    public static Problem tryLater(String detail) {
        return of(HttpStatus.SERVICE_UNAVAILABLE, detail).with(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
    }

    /** The body did not come within {@link #BODY_TIMEOUT}. */
    public static Problem bodyTooSlow() {
        return of(
                        HttpStatus.REQUEST_TIMEOUT,
                        "the body was not there within " + BODY_TIMEOUT.toSeconds() + " seconds; send it at once")
                .with(HttpHeaders.CONNECTION, "close");
    }

    /** The same problem with one more header in the answer. */
    public Problem with(String header, String value) {
        headers.set(header, value);
        return this;
    }

    public HttpStatus status() {
        return status;
    }

    /** What goes into the answer's {@code detail}. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<EventError> errors() {
        return errors;
    }

    public HttpHeaders headers() {
        return headers;
    }

    /** The answer's body: {@code application/problem+json}. */
    public byte[] body() {
        return Json.object(json -> {
            json.writeStringProperty("type", "about:blank");
            json.writeStringProperty("title", status.getReasonPhrase());
            json.writeNumberProperty("status", status.value());
            json.writeStringProperty("detail", detail());
            if (!errors.isEmpty()) {
                json.writeArrayPropertyStart("errors");
                for (EventError error : errors) {
                    json.writeStartObject();
                    json.writeNumberProperty("line", error.line());
                    json.writeStringProperty("field", error.field());
                    json.writeStringProperty("detail", error.detail());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        });
    }
}
