package io.observer.log;

import static io.observer.event.TestEvents.events;
import static io.observer.log.EventLogContract.ids;
import static io.observer.log.EventLogContract.idsOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Blocks of ten events of a log that has a thousand. */
class EventBlocksTest {

    private static final int LAST_ID = 1_000;

    private final long blockBytes = EventBlocks.bytesOf(events(11, 20));
    private int made;

    private EventBlocks room(int blocks) {
        return new EventBlocks(10, blocks * blockBytes + blockBytes / 2);
    }

    private EventBlocks.Block make(long firstId) {
        return make(firstId, firstId + 9);
    }

    private EventBlocks.Block make(long firstId, long lastId) {
        made++;
        return new EventBlocks.Block(firstId, events(firstId, lastId));
    }

    private LogPage page(EventBlocks blocks, long after, int limit) {
        return blocks.page(after, PageLimit.of(limit), LAST_ID, this::make);
    }

    private boolean isAtHand(EventBlocks blocks, long after) {
        return blocks.page(after, PageLimit.of(1), LAST_ID, firstId -> null) != null;
    }

    @Test
    void a_page_takes_parts_of_the_blocks_it_touches() {
        LogPage page = page(room(100), 7, 25);

        assertThat(idsOf(page)).isEqualTo(ids(8, 32));
        assertThat(page.covered()).isEqualTo(32);
        assertThat(page.hasMore()).isTrue();
        assertThat(made).isEqualTo(4);
    }

    @Test
    void a_page_does_not_go_beyond_the_newest_event_of_the_log() {
        LogPage page = room(100).page(3, PageLimit.of(100), 6, this::make);

        assertThat(idsOf(page)).isEqualTo(ids(4, 6));
        assertThat(page.hasMore()).isFalse();
    }

    @Test
    void there_is_no_page_when_one_of_its_blocks_is_not_to_be_had() {
        assertThat(room(100).page(0, PageLimit.of(25), LAST_ID, firstId -> firstId == 11 ? null : make(firstId)))
                .isNull();
    }

    @Test
    void a_block_at_the_end_of_the_log_is_made_anew_when_more_of_it_is_wanted() {
        EventBlocks blocks = room(100);
        EventBlocks.Source threeOfTen = firstId -> make(firstId, firstId + 2);

        assertThat(idsOf(blocks.page(10, PageLimit.of(10), 13, threeOfTen))).isEqualTo(ids(11, 13));
        assertThat(blocks.page(10, PageLimit.of(10), 14, threeOfTen))
                .as("made, and still too short")
                .isNull();
        assertThat(idsOf(blocks.page(10, PageLimit.of(10), 14, this::make))).isEqualTo(ids(11, 14));
        assertThat(made).isEqualTo(3);
    }

    @Test
    void a_block_at_the_beginning_of_the_log_begins_late() {
        EventBlocks blocks = room(100);
        EventBlocks.Source from15 = firstId -> make(Math.max(firstId, 15), firstId + 9);

        assertThat(idsOf(blocks.page(14, PageLimit.of(8), LAST_ID, from15))).isEqualTo(ids(15, 22));
        assertThat(isAtHand(blocks, 14)).isTrue();
        assertThat(isAtHand(blocks, 13)).as("14, which is gone").isFalse();
        assertThat(made).isEqualTo(2);
    }

    @Test
    void the_block_that_nobody_asked_for_the_longest_goes_first() {
        EventBlocks blocks = room(3);
        page(blocks, 10, 30);
        page(blocks, 10, 5);

        page(blocks, 40, 5);

        assertThat(isAtHand(blocks, 20)).as("21 to 30").isFalse();
        assertThat(isAtHand(blocks, 10)).as("11 to 20, asked for since").isTrue();
        assertThat(isAtHand(blocks, 30)).isTrue();
        assertThat(isAtHand(blocks, 40)).isTrue();
    }

    @Test
    void a_block_that_does_not_fit_at_all_is_answered_and_not_kept() {
        EventBlocks blocks = new EventBlocks(10, 100);

        assertThat(idsOf(page(blocks, 0, 10))).isEqualTo(ids(1, 10));
        assertThat(isAtHand(blocks, 0)).isFalse();
    }
}
