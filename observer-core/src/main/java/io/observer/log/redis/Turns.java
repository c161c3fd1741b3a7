package io.observer.log.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Lets some do their work at a time; the others wait in the order in which they came. Any thread. */
final class Turns {

    private final AtomicInteger free;
    private final Queue<MonoSink<Turns>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wip = new AtomicInteger();

    Turns(int atOnce) {
        this.free = new AtomicInteger(atOnce);
    }

    /** {@code work}, once it is its turn. */
    <T> Mono<T> take(Mono<T> work) {
        return Mono.usingWhen(turn(), mine -> work, Turns::release, (mine, failure) -> mine.release(), Turns::release);
    }

    private Mono<Turns> turn() {
        return Mono.create(taker -> {
            waiting.add(taker);
            taker.onCancel(() -> waiting.remove(taker));
            next();
        });
    }

    private Mono<Void> release() {
        return Mono.fromRunnable(() -> {
            free.incrementAndGet();
            next();
        });
    }

    private void next() {
        if (wip.getAndIncrement() != 0) {
            return;
        }
        do {
            while (free.get() > 0) {
                MonoSink<Turns> taker = waiting.poll();
                if (taker == null) {
                    break;
                }
                free.decrementAndGet();
                taker.success(this);
            }
        } while (wip.decrementAndGet() != 0);
    }
}
