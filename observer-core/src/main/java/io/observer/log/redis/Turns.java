package io.observer.log.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Lets some do their work at a time; the others wait in the order in which they came. Any thread. */
final class Turns {

    private final AtomicInteger free;
    private final Queue<Turn<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wip = new AtomicInteger();

    Turns(int atOnce) {
        this.free = new AtomicInteger(atOnce);
    }

    /** {@code work}, once it is its turn. */
    <T> Mono<T> take(Mono<T> work) {
        return Mono.create(taker -> {
            Turn<T> turn = new Turn<>(work, taker);
            waiting.add(turn);
            taker.onDispose(turn::end);
            next();
        });
    }

    private void next() {
        if (wip.getAndIncrement() != 0) {
            return;
        }
        do {
            while (free.get() > 0) {
                Turn<?> turn = waiting.poll();
                if (turn == null) {
                    break;
                }
                turn.start();
            }
        } while (wip.decrementAndGet() != 0);
    }

    private enum State {
        WAITING,
        STARTED,
        ENDED
    }

    /** One who wants to work; whoever gives up waiting takes no turn, and whoever gives up working gives it back. */
    private final class Turn<T> {

        private final Mono<T> work;
        private final MonoSink<T> taker;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private final Disposable.Swap working = Disposables.swap();

        Turn(Mono<T> work, MonoSink<T> taker) {
            this.work = work;
            this.taker = taker;
        }

        void start() {
            if (state.compareAndSet(State.WAITING, State.STARTED)) {
                free.decrementAndGet();
                working.update(work.subscribe(taker::success, taker::error, taker::success));
            }
        }

        void end() {
            State before = state.getAndSet(State.ENDED);
            working.dispose();
            if (before == State.STARTED) {
                free.incrementAndGet();
                next();
            } else {
                waiting.remove(this);
            }
        }
    }
}
