package io.observer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Writes down what a stream says, as the lines of {@link Lines}; {@code end} when it is over. */
final class Recording extends BaseSubscriber<StreamItem> {

    private final long demand;
    private final List<StreamItem> items = new ArrayList<>();
    private String ending = "";
    private int told;

    Recording(long demand) {
        this.demand = demand;
    }

    /** What was said since this was last asked; an empty text when nothing was. */
    void assertSaid(String expected) {
        String said = Lines.of(items.subList(told, items.size())) + ending;
        told = items.size();
        ending = "";
        assertThat(said).isEqualTo(expected);
    }

    void assertSaidNothing() {
        assertSaid("");
    }

    void takeAll() {
        request(Long.MAX_VALUE);
    }

    List<StreamItem> items() {
        return items;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (demand > 0) {
            subscription.request(demand);
        }
    }

    @Override
    protected void hookOnNext(StreamItem item) {
        items.add(item);
    }

    @Override
    protected void hookOnComplete() {
        ending += "end\n";
    }

    @Override
    protected void hookOnError(Throwable failure) {
        ending += failure + "\n";
    }
}
