package io.observer.stream;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * One answer at a time from something asynchronous, for a poller: asked for once, taken once. {@link #take} is called
 * by one thread at a time, the answer may arrive on any.
 */
final class Fetch<T> {

    private final Runnable ready;
    private final AtomicReference<@Nullable T> answer = new AtomicReference<>();
    private final Disposable.Swap asking = Disposables.swap();
    private volatile @Nullable Throwable failure;
    private boolean asked;

    /** @param ready is run when an answer has arrived */
    Fetch(Runnable ready) {
        this.ready = ready;
    }

    /** The answer if it is here, else null; asks first when nobody has. */
    @Nullable
    T take(Supplier<Mono<T>> question) {
        if (!asked) {
            asked = true;
            asking.update(question.get().subscribe(this::arrived, this::failed));
        }
        T taken = answer.getAndSet(null);
        if (taken != null) {
            asked = false;
        }
        return taken;
    }

    /** Why no answer will come, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    void cancel() {
        asking.dispose();
    }

    private void arrived(T value) {
        answer.set(value);
        ready.run();
    }

    private void failed(Throwable reason) {
        failure = reason;
        ready.run();
    }
}
