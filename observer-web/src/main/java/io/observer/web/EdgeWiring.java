package io.observer.web;

import io.observer.web.guard.AllowedNames;
import io.observer.web.guard.AllowedOrigins;
import io.observer.web.guard.BodyBudget;
import io.observer.web.guard.BodyBudgetFilter;
import io.observer.web.guard.ConnectionLimit;
import io.observer.web.guard.EdgeFilter;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.server.WebFilter;

/** Who is let in, and how much of the server they may take. */
@Configuration(proxyBeanMethods = false)
class EdgeWiring {

    /** The names in {@code Host}: those that were configured, and whatever the operator listens on. */
    @Bean
    AllowedNames allowedNames(ObserverSettings settings) {
        ObserverSettings.Security security = settings.security();
        String own = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        Stream<String> names = Stream.concat(security.allowedHosts().stream(), Stream.of(own));
        return new AllowedNames(names.filter(AllowedNames::isName).toList(), security.open());
    }

    /** A connection more than there are descriptors for would cost the log its files. */
    @Bean
    ConnectionLimit connectionLimit(ObserverSettings settings) {
        int wanted = settings.http().maxConnections();
        return new ConnectionLimit(
                Descriptors.connections(wanted, settings.recorder().maxOpenFiles()));
    }

    @Bean
    BodyBudget bodyBudget(ObserverSettings settings) {
        return new BodyBudget(settings.http().bodyBytes().toBytes());
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebFilter edgeFilter(AllowedNames hosts, ObserverSettings settings) {
        return new EdgeFilter(hosts, new AllowedOrigins(settings.security().allowedOrigins()));
    }

    @Bean
    WebFilter bodyBudgetFilter(BodyBudget bodies) {
        return new BodyBudgetFilter(bodies);
    }

    /** Lets pages of the allowed origins read answers; nothing of it is sent when none is configured. */
    @Bean
    CorsWebFilter corsFilter(ObserverSettings settings) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(settings.security().allowedOrigins());
        cors.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));
        cors.setAllowedHeaders(List.of("Content-Type", "Last-Event-ID", "Cache-Control"));
        boolean configured = !settings.security().allowedOrigins().isEmpty();
        return new CorsWebFilter(exchange -> configured ? cors : null);
    }
}
