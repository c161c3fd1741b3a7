package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Printed events")
class EventPrinterTest {

    private static final String FILE_MODIFIED = """
            {"id":42,"job_id":"build-7","sheet_num":3,"event":"observer.file_modified","data":{"path":"src/Ä.java"},\
            "timestamp":1732152419.25}""";

    @Test
    void show_local_time_job_name_and_data() {
        assertThat(printed(FILE_MODIFIED))
                .isEqualTo("01:26:59.250 build-7 observer.file_modified {\"path\":\"src/Ä.java\"}\n");
    }

    @Test
    void show_the_time_of_the_zone() {
        assertThat(print(FILE_MODIFIED, false, false, ZoneId.of("Asia/Tokyo"))).startsWith("10:26:59.250 ");
    }

    @Test
    void leave_out_a_missing_job_and_null_data() {
        assertThat(printed("""
                {"id":1,"job_id":"","sheet_num":0,"event":"monitor.anomaly","data":null,"timestamp":0}""")).isEqualTo("00:00:00.000 monitor.anomaly\n");
    }

    @Test
    void show_a_log_line_as_the_program_wrote_it_but_for_its_colours() {
        assertThat(printed("""
                {"job_id":"b","event":"log.line","data":{"line":"[\\u001b[1mINFO\\u001b[m] \\"ok\\""},"timestamp":0}""")).isEqualTo("00:00:00.000 b log.line [INFO] \"ok\"\n");
    }

    @Test
    void mark_a_log_line_that_was_cut() {
        assertThat(printed("""
                {"job_id":"b","event":"log.line","data":{"line":"long","truncated":true},"timestamp":0}""")).isEqualTo("00:00:00.000 b log.line long …\n");
    }

    @Test
    void show_the_data_of_a_log_line_that_holds_no_line() {
        assertThat(printed("""
                {"job_id":"b","event":"log.line","data":[1],"timestamp":0}""")).isEqualTo("00:00:00.000 b log.line [1]\n");
        assertThat(printed("""
                {"job_id":"b","event":"log.line","data":{"x":1},"timestamp":0}""")).isEqualTo("00:00:00.000 b log.line {\"x\":1}\n");
    }

    @Test
    void cannot_play_with_the_terminal() {
        String event =
                "{\"job_id\":\"b\u009b\",\"event\":\"e\u202e\",\"data\":{\"x\":\"\u009b2J\u2028\u202e\"},\"timestamp\":0}";

        assertThat(printed(event)).isEqualTo("00:00:00.000 b\\u009b e\\u202e {\"x\":\"\\u009b2J\\u2028\\u202e\"}\n");
    }

    @Test
    void say_so_when_a_timestamp_is_beyond_every_calendar() {
        assertThat(printed("""
                {"job_id":"b","event":"e","data":null,"timestamp":1e300}""")).isEqualTo("--:--:--.--- b e\n");
    }

    @Test
    void are_coloured_by_family_on_a_terminal() {
        String name = "\u001b[36mobserver.file_modified\u001b[0m";

        assertThat(print(FILE_MODIFIED, false, true, ZoneOffset.UTC)).contains(" build-7 " + name + " {");
        assertThat(print(FILE_MODIFIED.replace("observer.file_modified", "job.failed"), false, true, ZoneOffset.UTC))
                .contains("\u001b[31mjob.failed\u001b[0m");
        assertThat(print(FILE_MODIFIED.replace("observer.file_modified", "plain"), false, true, ZoneOffset.UTC))
                .contains(" plain ");
    }

    @Test
    void are_the_same_bytes_as_on_the_wire_with_json() {
        String odd = "{\"id\":1, \"data\":{\"é\":\"\\u00e9\u202e\",\"n\":1.0}}";

        assertThat(print(odd, true, true, ZoneOffset.UTC)).isEqualTo(odd + "\n");
    }

    private static String printed(String event) {
        return print(event, false, false, ZoneOffset.UTC);
    }

    private static String print(String event, boolean json, boolean colour, ZoneId zone) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(InputStream.nullInputStream(), out, new ByteArrayOutputStream(), colour);
        new EventPrinter(console, json, zone).print(event);
        console.flush();
        return out.toString(StandardCharsets.UTF_8);
    }
}
