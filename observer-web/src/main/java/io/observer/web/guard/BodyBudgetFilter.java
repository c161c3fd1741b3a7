package io.observer.web.guard;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/** Counts the bodies of requests against the {@link BodyBudget}, whichever route reads them. */
public final class BodyBudgetFilter implements WebFilter {

    private final BodyBudget budget;

    public BodyBudgetFilter(BodyBudget budget) {
        this.budget = budget;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return chain.filter(
                exchange.mutate().request(new Counted(exchange.getRequest())).build());
    }

    private final class Counted extends ServerHttpRequestDecorator {

        Counted(ServerHttpRequest request) {
            super(request);
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.using(
                    budget::body,
                    body -> super.getBody().handle((part, sink) -> count(part, body, sink)),
                    body -> body.done());
        }

        private static void count(DataBuffer part, BodyBudget.Body body, SynchronousSink<DataBuffer> sink) {
            try {
                body.came(part.readableByteCount());
                sink.next(part);
            } catch (RuntimeException refused) {
                DataBufferUtils.release(part);
                sink.error(refused);
            }
        }
    }
}
