package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The table of jobs")
class JobsTableTest {

    private static final Clock NOW = Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC);

    @Test
    void lines_up_its_columns() {
        List<String> jobs = List.of("""
                {"job_id":"build-7","state":"running","events":412,"first_timestamp":999000.5,"last_timestamp":999997.0,\
                "last_event":"observer.file_modified","last_id":412,"recording":false,"workspace":null}""", """
                {"job_id":"web","state":"completed","events":9,"first_timestamp":1.0,"last_timestamp":996400,\
                "last_event":"job.completed","last_id":9,"recording":false,"workspace":null}""");

        assertThat(String.join("\n", JobsTable.of(jobs, NOW))).isEqualTo("""
                        JOB      STATE      EVENTS  AGE  LAST EVENT
                        build-7  running       412   3s  observer.file_modified
                        web      completed       9   1h  job.completed""");
    }

    @Test
    void is_only_its_head_without_jobs() {
        assertThat(JobsTable.of(List.of(), NOW)).containsExactly("JOB  STATE  EVENTS  AGE  LAST EVENT");
    }

    @ParameterizedTest
    @CsvSource({"1000000,0s", "1000500,0s", "999941,59s", "999940,1m", "996401,59m", "913601,23h", "913600,1d", "0,11d"
    })
    void shows_the_age_of_the_last_event_in_its_largest_unit(long timestamp, String age) {
        String job = "{\"job_id\":\"j\",\"last_timestamp\":" + timestamp + "}";

        assertThat(JobsTable.of(List.of(job), NOW).get(1).strip().split(" +")).containsExactly("j", age);
    }
}
