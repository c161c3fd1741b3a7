package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A gap told in a sentence")
class GapNoticeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"reason":"slow","from":100,"to":111,"dropped":12}          | gap: 12 events (ids 100 to 111) passed over, because this reader was too slow
            {"reason":"evicted","from":1,"to":1,"dropped":1}            | gap: 1 event (id 1) passed over, because the log no longer keeps them
            {"reason":"evicted","from":1,"to":99,"dropped":null}        | gap: events (ids 1 to 99) passed over, because the log no longer keeps them
            {"reason":"epoch","from":null,"to":null,"dropped":null}     | gap: events passed over, because the log was started anew since then
            {"reason":"unknown","from":null,"to":null,"dropped":null}   | gap: events passed over, because the server does not know the position to go on from
            {"reason":"moon","from":null,"to":null,"dropped":2}         | gap: 2 events passed over, reason: moon
            """)
    void says_what_and_why(String gap, String sentence) {
        assertThat(GapNotice.of(Json.object(gap))).isEqualTo(sentence);
    }
}
