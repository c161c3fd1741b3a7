package io.observer.event;

import static io.observer.event.TestEvents.BUILD;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventTest {

    @Test
    void a_draft_becomes_the_event_of_the_id_it_is_given() {
        EventDraft draft = TestEvents.draft("""
                {"job_id":"build-7","event":"job.started","timestamp":1}""");

        assertThat(draft.at(1).jsonText()).isEqualTo("""
                        {"id":1,"job_id":"build-7","sheet_num":0,"event":"job.started","data":null,"timestamp":1}""");
        assertThat(draft.at(Long.MAX_VALUE).jsonText()).startsWith("{\"id\":9223372036854775807,\"job_id\"");
    }

    @Test
    void events_are_equal_when_their_id_and_their_bytes_are() {
        Event event = TestEvents.event(42, BUILD, "job.started");

        assertThat(TestEvents.event(42, BUILD, "job.started")).isEqualTo(event).hasSameHashCodeAs(event);
        assertThat(TestEvents.event(43, BUILD, "job.started")).isNotEqualTo(event);
        assertThat(TestEvents.event(42, BUILD, "job.failed")).isNotEqualTo(event);
    }

    @Test
    void events_and_drafts_show_their_json() {
        assertThat(TestEvents.event(42, BUILD, "job.started")).hasToString("""
                        {"id":42,"job_id":"build-7","sheet_num":0,"event":"job.started",\
                        "data":null,"timestamp":1732152419.250000}""");
        assertThat(TestEvents.draft(BUILD, "job.started").toString()).startsWith("\"job_id\":\"build-7\"");
    }
}
