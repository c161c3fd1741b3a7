package io.observer.web.rpc;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for the answers of all connections, from when they are made until their readers have taken them. An answer
 * is given half of what is free, so that a few that nobody takes leave room for others. Safe for any number of threads.
 */
final class AnswerMemory {

    /** What an answer may come to, so that whoever takes lines of 16 MiB can read it. */
    private static final int MOST = 8 << 20;

    /** An event and what stands around it. */
    private static final int ONE_EVENT = (256 + 8) << 10;

    private static final int LEAST = 2 * ONE_EVENT;

    private final AtomicLong free;

    AnswerMemory(long bytes) {
        free = new AtomicLong(bytes);
    }

    /** Bytes that are free now; below 0 while small answers find no room. */
    long free() {
        return free.get();
    }

    /**
     * Room to make an answer in, to be given back.
     *
     * @throws RpcException if there is none
     */
    Room take() {
        while (true) {
            long before = free.get();
            long room = Math.min(MOST, before / 2);
            if (room < LEAST) {
                throw RpcException.exhausted("too many answers wait to be taken; try again later");
            }
            if (free.compareAndSet(before, before - room)) {
                return new Room(room);
            }
        }
    }

    /** An answer is made, and waits to be taken. */
    void hold(byte[] answer) {
        free.addAndGet(-answer.length);
    }

    /** An answer that was held is no more. */
    void release(byte[] answer) {
        free.addAndGet(answer.length);
    }

    /** A part of the memory. */
    final class Room implements AutoCloseable {

        private final long bytes;

        private Room(long bytes) {
            this.bytes = bytes;
        }

        /** Once events come to this much, no further one has room. */
        long forEvents() {
            return bytes - ONE_EVENT;
        }

        @Override
        public void close() {
            free.addAndGet(bytes);
        }
    }
}
