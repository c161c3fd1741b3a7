package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command line")
class UsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            tail --until-finished                       | --until-finished needs --job
            tail --last 1001                            | --last must be 0 to 1000, not 1001
            tail --last -1                              | --last must be 0 to 1000, not -1
            tail --last ten                             | 'ten'
            tail --last 5 --since 7                     | mutually exclusive
            tail --job a..b                             | hold no '..'
            tail --job a/../b                           | 'a/../b' must be
            tail --retry-for 30                         | '30' is not a time, such as 500ms, 2s, 5m or 0
            tail --retry-for -1s                        | '-1s' is not a time
            tail --jop build                            | did you mean --job?
            history --limit 0                           | --limit must be 1 or more, not 0
            history --since                             | --since
            publish --data {}                           | --data needs --event
            publish --event x --lines                   | --event and --lines exclude each other
            publish --event x --data {                  | --data must be a JSON object
            publish --event x --data [1]                | --data must be a JSON object
            publish --event x --data {},"id":1          | --data must be a JSON object
            publish --event x --follow app.log          | --event and --follow exclude each other
            publish --follow /                          | --follow must be a file
            watch                                       | --job
            watch --job a --workspace /no/such          | --workspace must be a directory
            publish --event x --sheet -1                | --sheet must be 0 or more, not -1
            publish --event x --job a --job b           | --job
            jobs build                                  | unknown argument 'build'
            jobs --url localhost:3219                   | 'localhost:3219' is not the URL of a server, such as http://127.0.0.1:3219
            jobs --url ftp://127.0.0.1                  | is not the URL of a server
            jobs --url http://                          | is not the URL of a server
            jobs --url http://127.0.0.1:99999           | is not the URL of a server
            jobs --url http://127.0.0.1:0               | is not the URL of a server
            jobs --url http://127.0.0.1/?a=b            | is not the URL of a server
            jobs --url http://me@127.0.0.1/             | is not the URL of a server
            jobs --url ::::                             | is not the URL of a server
            serve --port 65536                          | --port must be 0 to 65535, not 65536
            serve --port abc                            | 'abc'
            serve --verbose                             | unknown argument '--verbose'; a setting is given as --observer.<key>=<value>
            serve --observer.log.ttl 1s                 | unknown argument '--observer.log.ttl'
            serve --spring.main.banner-mode=off         | unknown argument
            serve extra                                 | unknown argument 'extra'
            stats build                                 | unknown argument 'build'
            run                                         | COMMAND
            run --job a..b true                         | hold no '..'
            run --workspace /no/such/directory true     | --workspace must be a directory, and '/no/such/directory' is none
            run --exclud target/ true                   | unknown
            """)
    void that_is_wrong_ends_with_2_and_says_what_would_be_right(String line, String message) {
        CommandRun run = CommandRun.observer(line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines())
                .singleElement()
                .asString()
                .startsWith("observer: ")
                .contains(message);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void without_a_command_names_the_commands() {
        CommandRun run = CommandRun.observer();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("serve, run, watch, publish, tail, history, jobs or stats")
                .contains("see 'observer --help'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "run", "watch", "publish", "tail", "history", "jobs", "stats"})
    void helps_with_examples(String command) {
        CommandRun run = CommandRun.observer(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Usage: observer " + command).contains("Examples:\n  observer " + command);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void lists_its_commands_and_exit_codes() {
        CommandRun run = CommandRun.observer("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "serve",
                        "publish",
                        "tail",
                        "history",
                        "jobs",
                        "stats",
                        "the server cannot be reached",
                        "Examples:")
                .doesNotContain("daemon-socket");
    }

    @Test
    void tells_its_version() {
        assertThat(CommandRun.observer("--version").out()).startsWith("observer ");
        assertThat(CommandRun.observer("tail", "--version").out()).startsWith("observer ");
    }

    @Test
    void takes_the_server_from_the_environment_unless_it_is_named() {
        try (FakeServer named = FakeServer.answering(FakeServer.json(200, "[]"));
                FakeServer fromEnvironment = FakeServer.answering(FakeServer.json(200, "[]"))) {
            CommandRun.withEnvironment("OBSERVER_URL", fromEnvironment.url()).run("jobs");
            CommandRun.withEnvironment("OBSERVER_URL", fromEnvironment.url()).run("jobs", "--url", named.url());

            assertThat(fromEnvironment.requests()).hasSize(1);
            assertThat(named.requests()).hasSize(1);
        }
    }

    @Test
    void refuses_an_environment_that_names_no_server() {
        CommandRun run = CommandRun.withEnvironment("OBSERVER_URL", "nonsense").run("jobs");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'nonsense' is not the URL of a server");
    }
}
