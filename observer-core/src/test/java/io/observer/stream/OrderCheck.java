package io.observer.stream;

import io.observer.log.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * A reader that wants every {@code step}-th id and holds its stream to the promise: each wanted id once, in order, and
 * before every hole a gap that names exactly what is missing.
 */
class OrderCheck extends BaseSubscriber<StreamItem> {

    private final String name;
    private final int step;
    private final long lastId;
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<String> faults = new ArrayList<>();

    private boolean greeted;
    private long position;
    private long delivered;
    private long gaps;

    /** @param lastId the id with which the check is over */
    OrderCheck(String name, int step, long lastId) {
        this.name = name;
        this.step = step;
        this.lastId = lastId;
    }

    /** What went wrong; asks for all that is left and waits for the end of it first. */
    List<String> faults() throws InterruptedException {
        request(Long.MAX_VALUE);
        if (!done.await(20, TimeUnit.SECONDS)) {
            return List.of(name + " got stuck behind " + position);
        }
        return faults;
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    long delivered() {
        return delivered;
    }

    long gaps() {
        return gaps;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(StreamItem item) {
        check(item);
        position = Math.max(position, item.position());
        if (nextWanted() > lastId) {
            done.countDown();
        }
    }

    @Override
    protected void hookOnComplete() {
        faults.add(name + " was ended behind " + position);
        done.countDown();
    }

    @Override
    protected void hookOnError(Throwable failure) {
        faults.add(name + " failed behind " + position + ": " + failure);
        done.countDown();
    }

    /** The reader goes away and is content. */
    final void leave() {
        cancel();
        done.countDown();
    }

    private void check(StreamItem item) {
        if (item instanceof StreamItem.Hello == greeted) {
            fault("%s where hello comes first and once", item);
        }
        greeted = true;
        if (item instanceof StreamItem.Delivered event) {
            delivered++;
            if (event.event().id() != nextWanted()) {
                fault("event %d instead of %d", event.event().id(), nextWanted());
            }
        } else if (item instanceof StreamItem.Missed missed) {
            gaps++;
            checkGap(missed.gap());
        } else if (item.position() >= nextWanted() && !(item instanceof StreamItem.Hello)) {
            fault("%s although %d was not said", item, nextWanted());
        }
    }

    private void checkGap(Gap gap) {
        if (step == 1 || gap.reason() == Gap.Reason.SLOW) {
            Gap exact = new Gap(gap.reason(), nextWanted(), gap.to(), (gap.to() - nextWanted()) / step + 1);
            if (!gap.equals(exact)) {
                fault("%s instead of %s", gap, exact);
            }
        } else if (gap.from() <= position || gap.from() > nextWanted() || gap.dropped() != null) {
            fault("%s although %d was next", gap, nextWanted());
        }
    }

    private long nextWanted() {
        return (position / step + 1) * step;
    }

    private void fault(String what, Object... values) {
        if (faults.size() < 3) {
            faults.add(name + " behind " + position + ": " + what.formatted(values));
        }
    }
}
