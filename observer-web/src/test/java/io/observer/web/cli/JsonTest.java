package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("JSON cut into its parts")
class JsonTest {

    @Test
    void keeps_the_text_of_each_member_as_it_came() {
        JsonObject object = Json.object("""
                { "a" : 1.50, "b":{"x": [1, 2] }, "c" : "\\u00e9é\\n", "d":null,"e":-0.0e+5 ,"f": [ ], "g":true}
                """);

        assertThat(object.members())
                .containsEntry("a", "1.50")
                .containsEntry("b", "{\"x\": [1, 2] }")
                .containsEntry("c", "\"\\u00e9é\\n\"")
                .containsEntry("d", "null")
                .containsEntry("e", "-0.0e+5")
                .containsEntry("f", "[ ]")
                .containsEntry("g", "true")
                .hasSize(7);
        assertThat(object.text("c")).isEqualTo("éé\n");
        assertThat(object.json("d")).isNull();
        assertThat(object.number("a", 0)).isEqualTo(1.5);
    }

    @Test
    void gives_a_fallback_for_members_that_are_missing_or_of_another_type() {
        JsonObject object = Json.object("{\"n\":1,\"s\":\"x\",\"z\":null}");

        assertThat(object.text("n")).isEmpty();
        assertThat(object.text("z")).isEmpty();
        assertThat(object.text("missing")).isEmpty();
        assertThat(object.number("s", 7)).isEqualTo(7);
        assertThat(object.number("missing", 7)).isEqualTo(7);
        assertThat(object.has("z")).isTrue();
        assertThat(object.has("missing")).isFalse();
    }

    @Test
    void cuts_every_element_of_an_array_that_is_larger_than_any_buffer() {
        String array = IntStream.range(0, 20_000)
                .mapToObj(i -> "{\"id\":" + i + ",\"data\":\"ü" + i + "\"}")
                .collect(Collectors.joining(" , ", "[", "]"));

        assertThat(Json.array(array))
                .hasSize(20_000)
                .contains("{\"id\":0,\"data\":\"ü0\"}", "{\"id\":19999,\"data\":\"ü19999\"}");
    }

    @Test
    void cuts_numbers_and_strings_of_any_length() {
        String number = "1".repeat(5_000);
        String text = "\"" + "x".repeat(100_000) + "\"";

        assertThat(Json.array("[" + number + "," + text + "]")).containsExactly(number, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "1", "{", "{\"a\":1", "{\"a\"}", "{} x", "{}{}", "<html>", "{\"a\":01}"})
    void refuses_what_is_not_one_object(String text) {
        assertThatThrownBy(() -> Json.object(text)).isInstanceOf(MalformedJson.class);
    }

    @Test
    void quotes_text_so_that_it_comes_back() {
        String text = "\"\\\n\t\0\u001b é😀";

        assertThat(Json.string(Json.quote(text))).isEqualTo(text);
    }
}
