package io.observer.web.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The server as the client commands see it: routes in, text and streams out, and one way to fail. */
final class ServerClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration HEAD = Duration.ofSeconds(10);
    private static final Duration WHOLE_ANSWER = Duration.ofSeconds(30);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(20);

    private final String base;
    private final HttpClient http;

    ServerClient(URI url) {
        String text = url.toString();
        base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        http = (url.getScheme().equalsIgnoreCase("http") ? client.sslContext(new NoTls()) : client).build();
    }

    /** The body of a page. */
    String get(Query query) throws ServerUnavailable {
        HttpResponse<String> answer = send(request(query).GET(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() == 200) {
            return answer.body();
        }
        throw refused(problem(answer, answer.body()));
    }

    /**
     * Publishes a batch.
     *
     * <p>When the connection breaks between the request and its answer, nobody can tell whether the server stored
     * the batch: trying again may then publish it twice.
     *
     * @return what the server said against it; empty once it is stored
     */
    Optional<Problem> publish(byte[] ndjson) throws ServerUnavailable {
        HttpRequest.Builder request = request(new Query("/v1/events"))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(ndjson));
        HttpResponse<String> answer = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() == 201) {
            return Optional.empty();
        }
        Problem problem = problem(answer, answer.body());
        if (problem.status() == 400 || problem.status() == 413) {
            return Optional.of(problem);
        }
        throw refused(problem);
    }

    /**
     * Registers a job with the recorder.
     *
     * @param workspace an absolute path, or null for a job without a timeline
     */
    Registration register(String job, @Nullable Path workspace) throws ServerUnavailable {
        String body = workspace == null ? "{}" : "{\"workspace\":" + Json.quote(workspace.toString()) + "}";
        HttpRequest.Builder request = request(new Query("/v1/jobs/" + job))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body));
        HttpResponse<String> answer = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        return switch (answer.statusCode()) {
            case 201 -> new Registration.Made();
            case 200 -> new Registration.WasThere();
            default -> new Registration.Refused(problem(answer, answer.body()));
        };
    }

    /** Ends a registration, and waits until the job's timeline is written. */
    void unregister(String job) throws ServerUnavailable {
        HttpRequest.Builder request = request(new Query("/v1/jobs/" + job)).DELETE();
        HttpResponse<String> answer = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        problem(answer, answer.body());
    }

    /** Where a browser shows a job. */
    String page(String job) {
        return base + "/jobs/" + job;
    }

    /** An open stream, or null when the server says that there is nothing left to deliver (204). */
    @Nullable
    EventStream stream(Query query, String lastEventId) throws ServerUnavailable {
        HttpRequest.Builder request = request(query).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer = send(request.GET(), BodyHandlers.ofPublisher());
        if (answer.statusCode() == 200 && isEventStream(answer)) {
            EventStream stream = new EventStream();
            answer.body().subscribe(stream);
            return stream;
        }
        BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
        answer.body().subscribe(text);
        String body = await(text.getBody().toCompletableFuture());
        if (answer.statusCode() == 204) {
            return null;
        }
        throw refused(problem(answer, body));
    }

    private HttpRequest.Builder request(Query query) {
        return HttpRequest.newBuilder(URI.create(base + query)).timeout(HEAD);
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) throws ServerUnavailable {
        return await(http.sendAsync(request.build(), body));
    }

    /** The request's own timeout ends with the head of the answer; this one is for a body that never ends. */
    private <T> T await(CompletableFuture<T> answer) throws ServerUnavailable {
        try {
            return answer.get(WHOLE_ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw unreachable("no whole answer within " + WHOLE_ANSWER.toSeconds() + " s");
        } catch (ExecutionException failed) {
            throw unreachable(Reason.of(failed));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        }
    }

    private ServerUnavailable unreachable(String reason) {
        return ServerUnavailable.unreachable("cannot reach the server at " + base + " (" + reason + ")");
    }

    /** Sorts out what is worth another try, and keeps the rest. */
    private Problem problem(HttpResponse<?> answer, String body) throws ServerUnavailable {
        Problem problem = Problem.of(answer.statusCode(), body);
        switch (answer.statusCode()) {
            case 408, 429, 502, 503, 504 -> throw unavailable(ExitCode.UNREACHABLE, answer, problem);
            case 500, 507 -> throw unavailable(ExitCode.FAILED, answer, problem);
            default -> {
                return problem;
            }
        }
    }

    private ServerUnavailable unavailable(int exitCode, HttpResponse<?> answer, Problem problem) {
        String said = "the server at " + base + " answered " + problem.status();
        return ServerUnavailable.answered(
                exitCode, problem.isTold() ? said + ": " + problem.sentence() : said, retryAfter(answer));
    }

    private CommandFailed refused(Problem problem) {
        return new CommandFailed(
                problem.isTold()
                        ? problem.sentence()
                        : base + " answered " + problem.status() + ", not as an Observer does; is the URL right?");
    }

    private static @Nullable Duration retryAfter(HttpResponse<?> answer) {
        String seconds = answer.headers().firstValue("Retry-After").orElse("");
        if (!seconds.matches("[0-9]{1,9}")) {
            return null;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
    }

    private static boolean isEventStream(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
    }
}
