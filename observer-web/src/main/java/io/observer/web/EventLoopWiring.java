package io.observer.web;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/**
 * The threads that read and write connections: one for each two cores. They share the cores with the log's writer, and
 * more of them only wake each other more often: each then finds less to do at a time.
 */
@Configuration(proxyBeanMethods = false)
class EventLoopWiring {

    private static final int CORES_PER_LOOP = 2;

    @Bean
    ReactorResourceFactory reactorResourceFactory() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(() -> LoopResources.create("observer-http", loops(), true));
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    private static int loops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_LOOP);
    }
}
