package io.observer.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "k3f9x2-42, k3f9x2, 42",
                "K3F9X2-0, K3F9X2, 0",
                "7-7, 7, 7",
                "42, -, 42",
                "0, -, 0",
                "9223372036854775807, -, 9223372036854775807",
                "e-9223372036854775807, e, 9223372036854775807"
            })
    void is_an_epoch_and_an_id_or_a_bare_id(String text, String epoch, long id) {
        assertThat(Cursor.parse(text)).isEqualTo(new Cursor(epoch, id));
        assertThat(new Cursor(epoch, id)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "-42",
                "k3f9x2-",
                "k3f9x2--42",
                "k3-f9-42",
                "k3f9x2",
                "earliest",
                "+42",
                " 42",
                "42 ",
                "42\n",
                "4 2",
                "4.2",
                "1e3",
                "0x2a",
                "٤٢",
                "k3f9x2-٤٢",
                "k_9-42",
                "ä-42",
                "k3f9x2-42-",
                "9223372036854775808",
                "99999999999999999999",
                "k3f9x2-9223372036854775808"
            })
    void is_nothing_else(String text) {
        assertThat(Cursor.parse(text)).isNull();
    }

    @Test
    void has_at_most_64_characters() {
        assertThat(Cursor.parse("e".repeat(62) + "-1")).isEqualTo(new Cursor("e".repeat(62), 1));
        assertThat(Cursor.parse("e".repeat(63) + "-1")).isNull();
    }

    @Test
    void belongs_to_its_epoch_and_a_bare_id_to_the_present_one() {
        assertThat(new Cursor("k3f9x2", 42).isOf("k3f9x2")).isTrue();
        assertThat(new Cursor("k3f9x2", 42).isOf("K3F9X2")).isFalse();
        assertThat(new Cursor("other", 42).isOf("k3f9x2")).isFalse();
        assertThat(new Cursor(null, 42).isOf("k3f9x2")).isTrue();
    }
}
