package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands a server with the default settings to every test class that asks for an {@link ObserverServer} in its
 * {@code @BeforeAll}. Classes that run one after the other on a thread share it, those at the same time do not; it ends
 * after the last of them. So a class may rely on its own events only, and nobody else publishes meanwhile.
 */
public final class SharedServer implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedServer.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == ObserverServer.class;
    }

    @Override
    public ObserverServer resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Thread.currentThread(), key -> new Running(ObserverServer.start()), Running.class)
                .server();
    }

    /** Whatever the tests sent: a log is for its operator, and a stack in it says that something went wrong. */
    private record Running(ObserverServer server) implements AutoCloseable {

        @Override
        public void close() {
            server.close();
            assertThat(server.stderr()).doesNotContain("\tat ");
        }
    }
}
