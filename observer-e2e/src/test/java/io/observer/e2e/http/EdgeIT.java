package io.observer.e2e.http;

import static io.observer.e2e.http.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What is checked of every request before a route sees it. {@code PORT} in a header line is the server's own port. */
@DisplayName("A request that no route should see is refused at the edge")
@ExtendWith(SharedServer.class)
class EdgeIT {

    private static final List<String> PATHS = List.of(
            "/",
            "/health",
            "/health/liveness",
            "/health/readiness",
            "/metrics",
            "/v1/events",
            "/v1/events/stream",
            "/v1/jobs",
            "/v1/jobs/build-7",
            "/v1/jobs/build-7/events",
            "/v1/jobs/build-7/events/stream",
            "/no/such/path");

    private static final String LONG = "a".repeat(100_000);

    private static ObserverServer server;
    private static Witness witness;

    @BeforeAll
    static void start(ObserverServer shared) {
        server = shared;
        new HttpApi(server).publish("{\"event\":\"job.started\",\"job_id\":\"build-7\"}");
        witness = new Witness(server);
    }

    @AfterAll
    static void stop() {
        witness.close();
    }

    static Stream<Arguments> foreignOnEveryPath() {
        return PATHS.stream()
                .flatMap(path -> Stream.of(
                        Arguments.of(path, "Host: evil.example", 421),
                        Arguments.of(path, "Origin: http://evil.example", 403),
                        Arguments.of(path, "Origin: null", 403),
                        Arguments.of(path, "Sec-Fetch-Site: cross-site", 403)));
    }

    @ParameterizedTest(name = "GET {0} with {1} is answered {2}")
    @MethodSource
    void foreignOnEveryPath(String path, String header, int status) {
        assertRefused(HttpCall.get(path).header(header), status);
    }

    @ParameterizedTest(name = "POST /v1/events with {0} is answered {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Host: evil.example                             | 421
            Host: evil.example:PORT                        | 421
            Host: localhost.evil.example                   | 421
            Host: 127.0.0.1.evil.example:PORT              | 421
            Host: localhost@evil.example                   | 421
            Host: 169.254.169.254                          | 421
            Host: 10.0.0.1:PORT                            | 421
            Host: 0.0.0.0:PORT                             | 421
            Host: [2001:db8::1]:PORT                       | 421
            Origin: http://evil.example                    | 403
            Origin: https://evil.example:PORT              | 403
            Origin: http://localhost.evil.example          | 403
            Origin: http://127.0.0.1:PORT.evil.example     | 403
            Origin: http://127.0.0.1:1                     | 403
            Origin: null                                   | 403
            Origin: nonsense                               | 403
            Origin: file://                                | 403
            Sec-Fetch-Site: cross-site                     | 403
            """)
    void a_publish_from_elsewhere_is_refused(String header, int status) {
        assertRefused(HttpCall.publish("{\"event\":\"a\"}").header(withPort(header)), status);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            Host: localhost:PORT  | Accept: */*
            Host: localhost       | Accept: */*
            Host: LOCALHOST:PORT  | Accept: */*
            Host: 127.0.0.1:PORT  | Accept: */*
            Host: 127.0.0.1       | Accept: */*
            Host: 127.0.0.1:1     | Accept: */*
            Host: [::1]:PORT      | Accept: */*
            Host: [::1]           | Accept: */*
            Host: 127.0.0.1:PORT  | Origin: http://127.0.0.1:PORT
            Host: localhost:PORT  | Origin: http://localhost:PORT
            Host: [::1]:PORT      | Origin: http://[::1]:PORT
            Host: 127.0.0.1:PORT  | Sec-Fetch-Site: same-origin
            Host: 127.0.0.1:PORT  | Sec-Fetch-Site: none
            """)
    @DisplayName("a request from the same machine and the same origin is served")
    void a_request_from_the_same_origin_is_served(String host, String header) {
        for (String path : List.of("/", "/health", "/v1/events")) {
            HttpAnswer answer = HttpConnection.exchange(
                    server, HttpCall.get(path).header(withPort(host)).header(withPort(header)));
            assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(200);
        }
        HttpAnswer published = HttpConnection.exchange(
                server,
                HttpCall.publish("{\"event\":\"a\"}").header(withPort(host)).header(withPort(header)));
        assertThat(published.status()).as("%s", published).isEqualTo(201);
        witness.lookAgain();
    }

    @ParameterizedTest(name = "GET {0} with {1} is answered {2}")
    @CsvSource(delimiter = '|', textBlock = """
            http://evil.example/v1/events       | Host: localhost:PORT    | 400
            http://evil.example                 | Host: localhost:PORT    | 400
            https://evil.example?a=b            | Host: localhost:PORT    | 400
            http://localhost@evil.example/      | Host: localhost         | 400
            http://localhost:1/v1/events        | Host: localhost:PORT    | 400
            http:///v1/events                   | Host: localhost:PORT    | 400
            http://localhost:PORT/v1/events     | Host: evil.example      | 421
            http://evil.example/v1/events       | Host: evil.example      | 421
            """)
    void a_target_that_names_another_host_is_refused(String target, String host, int status) {
        assertRefused(HttpCall.get(withPort(target)).header(withPort(host)), status);
    }

    @Test
    void a_target_that_names_the_same_host_is_served() {
        HttpCall call = HttpCall.get(withPort("http://LOCALHOST:PORT/v1/events?limit=0"))
                .header(withPort("Host: localhost:PORT"));
        assertThat(HttpConnection.exchange(server, call).status()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0} with [{1}] is answered {2}")
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 | ''                                | 400
            HTTP/1.1 | Host: 127.0.0.1/Host: 127.0.0.1    | 400
            HTTP/1.1 | Host: 127.0.0.1/Host: evil.example | 400
            HTTP/1.0 | Host: 127.0.0.1/Host: 127.0.0.1    | 400
            HTTP/1.0 | ''                                | 421
            HTTP/1.1 | 'Host: '                          | 421
            """)
    void a_request_without_a_host_or_with_two_of_them_is_refused(String version, String hosts, int status) {
        String lines = hosts.isEmpty() ? "" : hosts.replace("/", "\r\n") + "\r\n";
        try (HttpConnection connection = HttpConnection.open(server)) {
            connection.writeText("GET /v1/events " + version + "\r\n" + lines + "\r\n");
            JsonNode problem = assertProblem(connection.read(true), status);
            if (status == 400) {
                assertThat(problem.get("detail").stringValue()).isEqualTo("send one Host header");
            }
        }
        witness.assertNothingHappened();
    }

    @ParameterizedTest(name = "{0} is answered {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Content-Encoding: identity / Content-Encoding: gzip                | 415
            Content-Encoding: gzip / Content-Encoding: identity                | 415
            Sec-Fetch-Site: same-origin / Sec-Fetch-Site: cross-site           | 403
            Sec-Fetch-Site: cross-site / Sec-Fetch-Site: same-origin           | 403
            Sec-Fetch-Site: same-origin, cross-site                            | 403
            Origin: http://127.0.0.1:PORT / Origin: http://evil.example        | 403
            Content-Type: application/json / Content-Type: text/plain          | 415
            """)
    void of_a_header_that_is_sent_twice_each_has_to_be_right(String headers, int status) {
        for (String accept : List.of("Accept: */*", "Accept: application/json;q=0.5")) {
            HttpCall call = HttpCall.of("POST", "/v1/events").header("Content-Length: 13");
            if (!headers.startsWith("Content-Type")) {
                call = call.header("Content-Type: application/json");
            }
            for (String header : withPort(headers).split(" / ")) {
                call = call.header(header);
            }
            assertRefused(call.header(accept).body(WireBytes.of("{\"event\":\"a\"}")), status);
        }
    }

    @Test
    void a_header_that_is_sent_twice_and_right_both_times_is_served() {
        HttpCall call = HttpCall.publish("{\"event\":\"a\"}")
                .header("Content-Encoding: identity")
                .header("Content-Encoding: identity")
                .header("Sec-Fetch-Site: same-origin")
                .header("Sec-Fetch-Site: none");
        assertThat(HttpConnection.exchange(server, call).status()).isEqualTo(201);
        witness.lookAgain();
    }

    @Test
    void a_preflight_from_elsewhere_is_refused_and_no_answer_opens_the_door_to_other_origins() {
        HttpCall preflight = HttpCall.of("OPTIONS", "/v1/events")
                .header("Origin: http://evil.example")
                .header("Access-Control-Request-Method: POST")
                .header("Access-Control-Request-Headers: content-type");
        assertRefused(preflight, 403);

        for (String path : PATHS) {
            HttpAnswer answer = headOf(path, "Origin: http://127.0.0.1:PORT");
            assertThat(answer.headers().keySet()).as(path).noneMatch(name -> name.startsWith("access-control-"));
        }
    }

    @ParameterizedTest(name = "Content-Type: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            text/plain
            text/plain; charset=utf-8
            application/x-www-form-urlencoded
            multipart/form-data; boundary=x
            application/octet-stream
            application/xml
            application/jsonx
            application/json-seq
            application/cloudevents+json
            application/ndjson+json
            application/*
            */*
            json
            application/json; charset=utf-16
            """)
    void another_media_type_is_refused(String contentType) {
        assertRefused(HttpCall.publish(contentType, WireBytes.of("{\"event\":\"a\"}")), 415);
    }

    @Test
    void a_body_without_a_media_type_is_refused() {
        HttpCall call = HttpCall.of("POST", "/v1/events").header("Content-Length: 13");
        assertRefused(call.body(WireBytes.of("{\"event\":\"a\"}")), 415);
    }

    @ParameterizedTest(name = "Content-Type: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            application/json
            application/json; charset=utf-8
            application/json;charset=UTF-8
            application/json; charset="utf-8"
            Application/JSON
            application/x-ndjson
            application/x-ndjson; charset=utf-8
            """)
    void a_media_type_of_the_route_is_served(String contentType) {
        HttpCall call = HttpCall.publish(contentType, WireBytes.of("{\"event\":\"a\"}"));
        assertThat(HttpConnection.exchange(server, call).status()).isEqualTo(201);
        witness.lookAgain();
    }

    @ParameterizedTest(name = "Content-Encoding: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            gzip
            deflate
            br
            zstd
            x-gzip
            identity, gzip
            nonsense
            """)
    void an_encoded_body_is_refused(String encoding) {
        assertRefused(HttpCall.publish("{\"event\":\"a\"}").header("Content-Encoding: " + encoding), 415);
    }

    @Test
    void an_identity_body_is_served() {
        HttpCall call = HttpCall.publish("{\"event\":\"a\"}").header("Content-Encoding: identity");
        assertThat(HttpConnection.exchange(server, call).status()).isEqualTo(201);
        witness.lookAgain();
    }

    @ParameterizedTest(name = "{0} with Accept: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            GET /v1/events                     | text/html
            GET /v1/events                     | application/xml, text/*
            GET /v1/events                     | text/event-stream
            GET /v1/events                     | application/json;q=0
            GET /v1/events                     | */*;q=0
            GET /v1/events                     | application/json;q=0, */*
            GET /v1/events                     | */*, application/*;q=0
            GET /v1/events                     | application/*, application/json;q=0.0
            GET /v1/events/stream              | text/event-stream;q=0, */*
            GET /                              | */*, text/*;q=0
            GET /v1/events/stream              | application/json
            GET /v1/events/stream              | text/html
            GET /v1/events/stream              | text/event-stream;q=0
            GET /v1/jobs                       | text/event-stream
            GET /v1/jobs/build-7/events/stream | application/json
            GET /health                        | image/png
            GET /metrics                       | image/png
            GET /                              | application/json
            """)
    void an_accept_that_cannot_be_served_is_refused(String request, String accept) {
        String[] words = request.split(" ");
        assertRefused(HttpCall.of(words[0], words[1]).header("Accept: " + accept), 406);
    }

    @Test
    void a_publish_whose_answer_would_not_be_accepted_stores_nothing() {
        assertRefused(HttpCall.publish("{\"event\":\"a\"}").header("Accept: text/html"), 406);
        assertRefused(HttpCall.publishLines("{\"event\":\"a\"}\n").header("Accept: text/event-stream"), 406);
    }

    @ParameterizedTest(name = "GET {0} with Accept: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            /v1/events        | application/json
            /v1/events        | application/*
            /v1/events        | text/html, application/json;q=0.1
            /v1/events        | text/html, */*;q=0.1
            /v1/events        | */*
            /v1/events        | */*;q=0, application/json
            /v1/events        | application/*;q=0, application/json;q=0.1
            /v1/events/stream | text/event-stream
            /v1/events/stream | text/*
            /v1/events/stream | application/json, text/event-stream
            /v1/events/stream | */*
            /v1/jobs          | application/json
            /health           | application/json
            /metrics          | text/plain
            /                 | text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            """)
    void an_accept_that_can_be_served_is_served(String path, String accept) {
        assertThat(headOf(path, "Accept: " + accept).status()).isEqualTo(200);
    }

    @ParameterizedTest(name = "GET {0}")
    @CsvSource(delimiter = '|', textBlock = """
            /nope
            /v1
            /v1/nope
            /v2/events
            /v1/events/nope
            /v1/events/stream/nope
            /v1/jobs/build-7/nope
            /v1/jobs/build-7/events/stream/nope
            /health/nope
            /actuator/health
            /error
            /application.yml
            /BOOT-INF/classes/application.yml
            /META-INF/MANIFEST.MF
            """)
    void a_path_that_nothing_serves_is_not_found(String path) {
        assertRefused(HttpCall.get(path), 404);
    }

    @ParameterizedTest(name = "GET {0}")
    @CsvSource(delimiter = '|', textBlock = """
            /../application.yml
            /%2e%2e/application.yml
            /..%2fapplication.yml
            /..%5c..%5capplication.yml
            /static/..;/application.yml
            /%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd
            """)
    void a_path_that_climbs_out_leads_nowhere(String path) {
        HttpAnswer answer = HttpConnection.exchange(server, HttpCall.get(path));

        assertProblem(answer, answer.status() == 400 ? 400 : 404);
    }

    @ParameterizedTest(name = "{0} is answered 405, Allow: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            PUT /v1/events                      | GET, POST
            DELETE /v1/events                   | GET, POST
            PATCH /v1/events                    | GET, POST
            BREW /v1/events                     | GET, POST
            TRACE /v1/events                    | GET, POST
            POST /v1/events/stream              | GET, HEAD
            DELETE /v1/events/stream            | GET, HEAD
            POST /v1/jobs                       | GET
            DELETE /v1/jobs                     | GET
            POST /v1/jobs/build-7               | GET
            PATCH /v1/jobs/build-7              | GET
            POST /v1/jobs/build-7/events        | GET
            DELETE /v1/jobs/build-7/events      | GET
            POST /v1/jobs/build-7/events/stream | GET, HEAD
            POST /health                        | GET
            DELETE /health/liveness             | GET
            POST /health/readiness              | GET
            POST /metrics                       | GET
            POST /                              | GET
            """)
    void another_method_is_refused_and_the_answer_names_the_right_ones(String request, String allowed) {
        String[] words = request.split(" ");
        HttpAnswer answer = HttpConnection.exchange(server, HttpCall.of(words[0], words[1]));

        assertProblem(answer, 405);
        List<String> allow = List.of(String.valueOf(answer.header("Allow")).split(" *, *"));
        assertThat(allow).contains(allowed.split(", ")).doesNotContain(words[0]);
        witness.assertNothingHappened();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # a number is plain digits          | the request
            a plus                              | /v1/events?limit=+1
            a plus, encoded                     | /v1/events?limit=%2B1
            a minus                             | /v1/events?limit=-1
            hexadecimal                         | /v1/events?limit=0x10
            a fullwidth digit                   | /v1/events?limit=%EF%BC%91
            an Arabic digit                     | /v1/events?limit=%D9%A3
            an exponent                         | /v1/events?limit=1e2
            a fraction                          | /v1/events?limit=1.0
            a blank                             | /v1/events?limit=%201
            a line break                        | /v1/events?limit=1%0A
            a NUL                               | /v1/events?limit=1%00
            a word                              | /v1/events?limit=many
            nothing                             | /v1/events?limit=
            nothing, not even an equals sign    | /v1/events?limit
            two of them                         | /v1/events?limit=1&limit=2
            one too many                        | /v1/events?limit=1001
            beyond an int                       | /v1/events?limit=4294967297
            beyond a long                       | /v1/events?limit=99999999999999999999
            a thousand digits                   | /v1/events?limit={9*1000}
            the limit of one job                | /v1/jobs/build-7/events?limit=1001
            last below 0                        | /v1/events/stream?last=-1
            last one too many                   | /v1/events/stream?last=1001
            last hexadecimal                    | /v1/events/stream?last=0x10
            last empty                          | /v1/events/stream?last=
            last twice                          | /v1/events/stream?last=1&last=1
            last of one job                     | /v1/jobs/build-7/events/stream?last=1001
            no heartbeat at all                 | /v1/events/stream?heartbeat=0
            a heartbeat too slow                | /v1/events/stream?heartbeat=301
            a heartbeat with a fraction         | /v1/events/stream?heartbeat=1.5
            a heartbeat with a unit             | /v1/events/stream?heartbeat=30s
            a heartbeat of one job              | /v1/jobs/build-7/events/stream?heartbeat=0
            # a cursor                          |
            a word                              | /v1/events?since=latest
            a cursor without an id              | /v1/events?since=k3f9x2-
            a cursor without an epoch           | /v1/events?since=-42
            a cursor with a word for an id      | /v1/events?since=k3f9x2-x
            a cursor with a plus                | /v1/events?since=k3f9x2-%2B4
            a cursor with an underscore         | /v1/events?since=k3_f9-4
            a cursor with a dot                 | /v1/events?since=k3f9x2-4.5
            a cursor with a line break          | /v1/events?since=k3f9x2-4%0A
            a cursor with a NUL                 | /v1/events?since=k3f9x2-4%00
            a cursor with a fullwidth digit     | /v1/events?since=k3f9x2-%EF%BC%94
            a cursor of 65 bytes                | /v1/events?since={k*63}-4
            a bare id with a plus               | /v1/events?since=%2B4
            a bare id beyond a long             | /v1/events?since=99999999999999999999
            a bare id in hexadecimal            | /v1/events?since=0x10
            no cursor                           | /v1/events?since=
            two cursors                         | /v1/events?since=1&since=2
            a cursor on one job's page          | /v1/jobs/build-7/events?since=latest
            a cursor on a stream                | /v1/events/stream?since=latest
            a cursor on one job's stream        | /v1/jobs/build-7/events/stream?since=latest
            # a glob                            |
            17 globs                            | /v1/events?event={a,*16}a
            17 globs on a stream                | /v1/events/stream?event={a,*16}a
            17 globs on one job's page          | /v1/jobs/build-7/events?event={a,*16}a
            17 globs on one job's stream        | /v1/jobs/build-7/events/stream?event={a,*16}a
            a glob of 129 characters            | /v1/events?event={a*128}*
            a glob of 129 characters on streams | /v1/events/stream?event=a,{a*128}*
            # a job                             |
            a job with two dots                 | /v1/events?job=a..b
            a job with a slash                  | /v1/events?job=a/b
            a job with a line break             | /v1/events?job=a%0Ab
            a job with an overlong slash        | /v1/events?job=a%C0%AFb
            a job with U+2028                   | /v1/events?job=a%E2%80%A8b
            a job of 129 characters             | /v1/events?job={a*129}
            a job on a stream                   | /v1/events/stream?job=-a
            a second job on a stream            | /v1/events/stream?job=a,b..c
            a job in the path with two dots     | /v1/jobs/a..b
            a job in the path with a hyphen     | /v1/jobs/-a/events
            a job in the path with CR LF        | /v1/jobs/a%0D%0Ab/events
            a job in the path with NUL          | /v1/jobs/a%00/events
            a job in the path with a mark       | /v1/jobs/%E2%80%AEa/events/stream
            a job in the path, overlong         | /v1/jobs/a%C0%AE/events
            a job in the path, 129 characters   | /v1/jobs/{a*129}/events/stream
            """)
    void a_query_or_path_that_cannot_be_read_is_refused(String what, String target) {
        assertRefused(HttpCall.get(repeated(target)), 400);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is just fine           | the request
            no event wanted               | /v1/events?limit=0
            a thousand events             | /v1/events?limit=1000
            digits with zeros before them | /v1/events?limit=0001
            from the start                | /v1/events?since=0
            from the start, in a word     | /v1/events?since=earliest
            a cursor of 64 bytes          | /v1/events?since={k*62}-4
            16 globs                      | /v1/events?event={a,*15}a
            a glob of 128 characters      | /v1/events?event={a*127}*
            a job never seen              | /v1/events?job=never.seen_1-2
            a job of 128 characters       | /v1/events?job={a*128}
            the slowest heartbeat         | /v1/events/stream?heartbeat=300
            the quickest heartbeat        | /v1/events/stream?heartbeat=1
            a thousand to start with      | /v1/events/stream?last=1000
            none to start with            | /v1/events/stream?last=0
            two jobs                      | /v1/events/stream?job=a,b
            """)
    void a_query_at_the_limit_is_served(String what, String target) {
        assertThat(headOf(repeated(target), "Accept: */*").status()).isEqualTo(200);
    }

    /** A matcher that goes back to every star would not be done with the first of these names in a lifetime. */
    @Test
    void a_glob_full_of_stars_is_answered_like_any_other() {
        String name = "a".repeat(127) + "c";
        new HttpApi(server).publishLines(("{\"event\":\"" + name + "\"}\n").repeat(100));
        witness.lookAgain();

        String stars = "*a".repeat(60) + "*b";
        HttpAnswer page = HttpConnection.exchange(server, HttpCall.get("/v1/events?event=" + stars + "," + stars));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.json().get("events").isEmpty()).isTrue();
    }

    static Stream<Arguments> malformed() {
        String publish = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        String chunked = publish + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                Arguments.of("no request line", 400, "GARBAGE\r\n\r\n"),
                Arguments.of("no version", 400, "GET /health\r\n\r\n"),
                Arguments.of("a version nobody speaks", 505, "GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n"),
                Arguments.of("HTTP/2 in words", 505, "GET /health HTTP/2.0\r\nHost: localhost\r\n\r\n"),
                Arguments.of("an endless path", 414, "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(LONG)),
                Arguments.of(
                        "an endless header", 431, "GET / HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n".formatted(LONG)),
                Arguments.of("a length that is no number", 400, publish + "Content-Length: x\r\n\r\n{\"event\":\"a\"}"),
                Arguments.of(
                        "two lengths",
                        400,
                        publish + "Content-Length: 13\r\nContent-Length: 12\r\n\r\n{\"event\":\"a\"}"),
                Arguments.of(
                        "a length beside chunks",
                        400,
                        publish + "Content-Length: 13\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "d\r\n{\"event\":\"a\"}\r\n0\r\n\r\n"),
                Arguments.of("a chunk without a size", 400, chunked + "\r\n{\"event\":\"a\"}\r\n0\r\n\r\n"),
                Arguments.of("a chunk of an odd size", 400, chunked + "xyz\r\n{\"event\":\"a\"}\r\n0\r\n\r\n"),
                Arguments.of("a chunk of less than nothing", 400, chunked + "-5\r\n{\"event\":\"a\"}\r\n"));
    }

    @ParameterizedTest(name = "{0} is answered {1}")
    @MethodSource("malformed")
    void what_is_not_even_HTTP_is_refused_without_any_effect(String what, int status, String text) {
        try (HttpConnection connection = HttpConnection.open(server)) {
            connection.writeText(text);
            assertProblem(connection.read(true), status);
        }
        witness.assertNothingHappened();
    }

    @Test
    void what_is_no_HTTP_behind_a_request_is_refused_after_that_was_answered() {
        try (HttpConnection connection = HttpConnection.open(server)) {
            connection.writeText("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGARBAGE\r\n\r\n");
            assertThat(connection.read(true).status()).isEqualTo(200);
            assertProblem(connection.read(true), 400);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"X Y: b, 400", "{long}, 431"})
    void a_malformed_head_behind_a_publish_is_refused_after_that_was_answered(String header, int status) {
        String body = "{\"event\":\"edge.before\"}";
        String malformed = header.replace("{long}", "X-Long: " + "x".repeat(9_000));
        try (HttpConnection connection = HttpConnection.open(server)) {
            connection.writeText("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body
                    + "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n" + malformed + "\r\n\r\n");
            assertThat(connection.read(true).status()).isEqualTo(201);
            assertProblem(connection.read(true), status);
        }
        witness.lookAgain();
    }

    private static JsonNode assertRefused(HttpCall call, int status) {
        JsonNode problem = assertProblem(HttpConnection.exchange(server, call), status);
        witness.assertNothingHappened();
        return problem;
    }

    /** Only the head, since the body of a stream has no end. */
    private static HttpAnswer headOf(String target, String header) {
        try (HttpConnection connection = HttpConnection.open(server)) {
            return connection.sendForHead(HttpCall.get(target).header(withPort(header)));
        }
    }

    private static String withPort(String header) {
        return header.replace("PORT", Integer.toString(server.port()));
    }

    /** Spells out <code>{a*3}</code> as {@code aaa}. */
    private static String repeated(String target) {
        int open = target.indexOf('{');
        if (open < 0) {
            return target;
        }
        int star = target.lastIndexOf('*', target.indexOf('}'));
        int close = target.indexOf('}');
        String unit = target.substring(open + 1, star);
        int times = Integer.parseInt(target.substring(star + 1, close));
        return target.substring(0, open) + unit.repeat(times) + target.substring(close + 1);
    }
}
