package io.observer.bus;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A source of numbers that a test feeds from any thread, and that counts what is done to it. */
final class Spring implements Pullable<Integer> {

    private final Queue<Integer> items = new ConcurrentLinkedQueue<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile Runnable ready = () -> {};
    private volatile boolean ended;
    private volatile int failAt = -1;

    Pullable<Integer> open(Runnable whenReady) {
        opened.incrementAndGet();
        ready = whenReady;
        return this;
    }

    Spring opened(int... numbers) {
        add(numbers);
        return this;
    }

    void add(int... numbers) {
        for (int number : numbers) {
            items.add(number);
        }
        ready.run();
    }

    void end() {
        ended = true;
        ready.run();
    }

    void failAt(int number) {
        failAt = number;
    }

    int opened() {
        return opened.get();
    }

    int polls() {
        return polls.get();
    }

    int closed() {
        return closed.get();
    }

    @Override
    public @Nullable Integer poll() {
        polls.incrementAndGet();
        Integer item = items.poll();
        if (item != null && item == failAt) {
            throw new IllegalStateException("the source of this test fails on purpose");
        }
        return item;
    }

    @Override
    public boolean isDone() {
        return ended && items.isEmpty();
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
