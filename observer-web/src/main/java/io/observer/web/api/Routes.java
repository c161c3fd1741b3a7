package io.observer.web.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observer.job.JobDirectory;
import io.observer.log.EventLog;
import io.observer.recorder.ObserverRecorder;
import io.observer.web.http.Problem;
import io.observer.web.sse.StreamHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The table of all routes. A path that exists refuses other methods with 405, and says which it takes. */
public final class Routes {

    private final PublishHandler publish;
    private final PageHandler pages;
    private final JobsHandler jobs;
    private final HealthHandler health;
    private final MetricsHandler metrics;
    private final StreamHandler streams;
    private final RegistrationHandler registrations;
    private final HistoryHandler history;
    private final OperationsHandler operations;
    private final StaticFiles files = new StaticFiles();

    private final RouterFunctions.Builder routes = RouterFunctions.route();
    private final Map<String, List<HttpMethod>> methods = new LinkedHashMap<>();

    public Routes(
            EventLog log,
            JobDirectory directory,
            Publishing publishing,
            Pages pages,
            PrometheusMeterRegistry registry,
            StreamHandler streams,
            ObserverRecorder recorder,
            EarlierHistory earlier,
            OperationsHandler operations,
            List<FaultSource> faults) {
        this.publish = new PublishHandler(publishing);
        this.pages = new PageHandler(pages);
        this.jobs = new JobsHandler(directory, recorder);
        this.health = new HealthHandler(log, faults);
        this.metrics = new MetricsHandler(registry);
        this.streams = streams;
        this.registrations = new RegistrationHandler(recorder);
        this.history = new HistoryHandler(recorder, directory, earlier);
        this.operations = operations;
    }

    /** The router; call once. */
    public RouterFunction<ServerResponse> router() {
        post("/v1/events", publish::publish);
        get("/v1/events", pages::all);
        get("/v1/events/stream", streams::all);
        get("/v1/jobs", jobs::all);
        get("/v1/jobs/{job}", jobs::one);
        route(HttpMethod.PUT, "/v1/jobs/{job}", registrations::register);
        route(HttpMethod.DELETE, "/v1/jobs/{job}", registrations::unregister);
        get("/v1/jobs/{job}/events", pages::ofJob);
        get("/v1/jobs/{job}/events/stream", streams::ofJob);
        post("/v1/observer/event", operations::record);
        get("/v1/observer/stats", operations::stats);
        get("/v1/observer/clusters", operations::clusters);
        get("/v1/observer/health", operations::health);
        post("/observer/event", operations::record);
        get("/observer/stats", operations::stats);
        get("/observer/health", operations::health);
        get("/v1/jobs/{job}/observer", history::ofJob);
        get("/v1/observer/recent", history::ofAll);
        get("/health", health::health);
        get("/health/liveness", health::liveness);
        get("/health/readiness", health::health);
        get("/metrics", metrics::scrape);
        get("/", files::overview);
        get("/jobs/{job}", files::job);
        methods.forEach(this::refuseOthers);
        return routes.build().and(files.router());
    }

    private void get(String path, HandlerFunction<ServerResponse> handler) {
        routes.GET(path, handler);
        routes.HEAD(path, handler);
        allow(path, HttpMethod.GET, HttpMethod.HEAD);
    }

    private void post(String path, HandlerFunction<ServerResponse> handler) {
        route(HttpMethod.POST, path, handler);
    }

    private void route(HttpMethod method, String path, HandlerFunction<ServerResponse> handler) {
        routes.route(RequestPredicates.method(method).and(RequestPredicates.path(path)), handler);
        allow(path, method);
    }

    private void allow(String path, HttpMethod... allowed) {
        methods.computeIfAbsent(path, p -> new ArrayList<>()).addAll(List.of(allowed));
    }

    private void refuseOthers(String path, List<HttpMethod> allowed) {
        String list = String.join(", ", allowed.stream().map(HttpMethod::name).toList());
        routes.route(RequestPredicates.path(path), request -> {
            throw Problem.of(HttpStatus.METHOD_NOT_ALLOWED, "this path takes " + list)
                    .with("Allow", list);
        });
    }
}
