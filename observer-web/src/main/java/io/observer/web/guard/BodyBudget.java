package io.observer.web.guard;

import io.observer.web.http.Problem;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpHeaders;

/**
 * The bytes of request bodies that the server holds while the rest of them is on its way, over all connections. Some of
 * each body is free, so that small ones are taken however many large ones linger. Any thread.
 */
public final class BodyBudget {

    /** Bytes of each body that count for nothing. */
    public static final int FREE_BYTES = 16 * 1024;

    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    public BodyBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Bytes that are held now. */
    public long heldBytes() {
        return held.get();
    }

    /** For one body, of which nothing is there yet. */
    public Body body() {
        return new Body();
    }

    private static Problem full() {
        return Problem.tryLater("the bodies of other requests fill the memory that there is for them; try again")
                .with(HttpHeaders.CONNECTION, "close");
    }

    /** What one body holds. One thread at a time. */
    public final class Body {

        private long bytes;

        private Body() {}

        /**
         * So much more of it came.
         *
         * @throws Problem if there is no room for that
         */
        public void came(int more) {
            long before = counted();
            bytes += more;
            long now = counted();
            if (now > before && held.addAndGet(now - before) > maxBytes) {
                held.addAndGet(before - now);
                bytes -= more;
                throw full();
            }
        }

        /** It is complete, or nobody waits for the rest. Again: nothing happens. */
        public void done() {
            long counted = counted();
            bytes = 0;
            if (counted > 0) {
                held.addAndGet(-counted);
            }
        }

        private long counted() {
            return Math.max(0, bytes - FREE_BYTES);
        }
    }
}
