package io.observer.log;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A file log that remembers nothing in memory, so that every answer comes from its segments, the newest included. */
final class SegmentsOnlyLog implements EventLog {

    private final FileLogSettings settings;
    private final OpenedLog opened;
    private final SegmentStore store;
    private final SegmentReader reader;
    private final LogWriter writer;

    /** @param indexes with a small bound, indexes come and go */
    SegmentsOnlyLog(
            FileLogSettings settings,
            SegmentIndexes indexes,
            ChannelOpener files,
            Ticker ticker,
            Scheduler writing,
            int maxQueued,
            EventOutput output) {
        try {
            Files.createDirectories(settings.directory());
            this.settings = settings;
            this.opened = new LogOpener(settings.directory(), files, indexes, settings.maxJobs()).open(() -> "k3f9x2");
            LogAge age = new LogAge(ticker, opened.identity().ranSeconds());
            this.store = new SegmentStore(settings, files, indexes, age, opened);
            this.reader = new SegmentReader(store, new EventBlocks(4, 1_500));
            this.writer = new LogWriter(writing.createWorker(), store, output, maxQueued, opened.lastId());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    SegmentStore store() {
        return store;
    }

    @Override
    public String epoch() {
        return opened.identity().epoch();
    }

    @Override
    public String backend() {
        return "segments";
    }

    @Override
    public String durability() {
        return settings.durability().wireName();
    }

    @Override
    public LogBounds bounds() {
        return store.bounds();
    }

    @Override
    public int queueDepth() {
        return writer.queueDepth();
    }

    @Override
    public Mono<Appended> append(List<EventDraft> drafts) {
        return writer.append(drafts);
    }

    @Override
    public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
        return Mono.fromCallable(() -> reader.page(after, filter, limit));
    }

    @Override
    public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
        return Mono.fromCallable(() -> count == 0 ? store.bounds().lastId() : reader.positionBeforeLast(count, filter));
    }

    @Override
    public Mono<Void> seal() {
        return writer.close();
    }

    @Override
    public Mono<Void> close() {
        return seal().then(Mono.fromRunnable(store::close));
    }
}
