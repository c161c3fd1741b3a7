package io.observer.web.guard;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** Knows which requests of a connection are open: their head is complete and their answer is not. */
public final class RequestCount {

    private int open;
    private boolean answering;

    /** A message that the client sent. */
    public void received(Object message) {
        if (message instanceof HttpRequest) {
            open++;
        }
    }

    /** A message that is on its way to the client. */
    public void sending(Object message) {
        if (message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            return;
        }
        answering = !(message instanceof LastHttpContent);
        if (!answering) {
            open = Math.max(0, open - 1);
        }
    }

    /** How many there are. */
    public int open() {
        return open;
    }

    /** Whether an answer has begun and is not complete. */
    boolean isAnswering() {
        return answering;
    }
}
