package io.observer.web.cli;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a stream as it arrives. A piece is asked for only when the one before it was taken, so a reader that is
 * slow holds back the server's connection and not memory; and only time spent waiting counts as silence.
 */
final class EventStream implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription connection;
    private volatile @Nullable Throwable failure;

    /**
     * The next bytes, or null at a clean end.
     *
     * @throws ServerUnavailable if the stream breaks, or says nothing for longer than {@code patience}
     */
    byte @Nullable [] next(Duration patience) throws ServerUnavailable {
        byte[] piece = poll(patience);
        if (piece == null) {
            throw ServerUnavailable.lost("the stream was silent for " + Outage.inWords(patience));
        }
        if (piece != END) {
            askForMore();
            return piece;
        }
        Throwable reason = failure;
        if (reason != null) {
            throw ServerUnavailable.lost("the stream broke (" + Reason.of(reason) + ")");
        }
        return null;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        connection = subscription;
        askForMore();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        int length = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        if (length == 0) {
            askForMore();
            return;
        }
        ByteBuffer piece = ByteBuffer.allocate(length);
        buffers.forEach(piece::put);
        pieces.add(piece.array());
    }

    @Override
    public void onError(Throwable reason) {
        failure = reason;
        pieces.add(END);
    }

    @Override
    public void onComplete() {
        pieces.add(END);
    }

    @Override
    public void close() {
        Flow.Subscription subscription = connection;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private void askForMore() {
        Flow.Subscription subscription = connection;
        if (subscription != null) {
            subscription.request(1);
        }
    }

    private byte @Nullable [] poll(Duration patience) {
        try {
            return pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        }
    }
}
