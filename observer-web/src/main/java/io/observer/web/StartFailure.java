package io.observer.web;

import io.observer.event.Echo;
import io.observer.log.LogOpenException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.web.server.PortInUseException;
import reactor.netty.ChannelBindException;

/** Says in one sentence why the server did not start and what would be right. */
final class StartFailure {

    private StartFailure() {}

    static String explain(Throwable failure) {
        PortInUseException portInUse = find(failure, PortInUseException.class);
        if (portInUse != null) {
            return portInUse(portInUse.getPort());
        }
        UnboundConfigurationPropertiesException unknown = find(failure, UnboundConfigurationPropertiesException.class);
        if (unknown != null) {
            return "unknown setting " + list(unknown) + "; the settings are " + String.join(", ", SettingNames.all());
        }
        BindException badValue = find(failure, BindException.class);
        if (badValue != null) {
            return explain(badValue);
        }
        IllegalArgumentException refused = find(failure, IllegalArgumentException.class);
        if (refused != null && String.valueOf(refused.getMessage()).startsWith("observer.")) {
            return String.valueOf(refused.getMessage());
        }
        if (find(failure, ChannelBindException.class) != null) {
            return "observer.host is no address of this machine, or may not be listened to; choose another with --host"
                    + " (127.0.0.1 is this machine alone)";
        }
        LogOpenException unopened = find(failure, LogOpenException.class);
        if (unopened != null) {
            return String.valueOf(unopened.getMessage());
        }
        LoggerFactory.getLogger(StartFailure.class).error("The server could not start", failure);
        return "the server could not start: " + failure.getMessage();
    }

    private static String portInUse(int port) {
        OptionalLong pid = new PortOwner(Path.of("/proc")).pid(port);
        String by = pid.isPresent() ? " by process " + pid.getAsLong() : "";
        return "port " + port + " is in use" + by
                + "; stop what listens there, or choose another with --port (0 picks a" + " free one)";
    }

    private static String explain(BindException failure) {
        IllegalArgumentException refused = find(failure, IllegalArgumentException.class);
        if (refused != null && String.valueOf(refused.getMessage()).startsWith("observer.")) {
            return String.valueOf(refused.getMessage());
        }
        ConfigurationProperty property = failure.getProperty();
        String value = property == null ? "" : Echo.of(String.valueOf(property.getValue()));
        return failure.getName() + " is '" + value + "' but must be "
                + SettingNames.accepted(failure.getTarget().getType().resolve(Object.class));
    }

    private static String list(UnboundConfigurationPropertiesException unknown) {
        return unknown.getUnboundProperties().stream()
                .map(property -> property.getName() + "='" + Echo.of(String.valueOf(property.getValue())) + "'")
                .collect(Collectors.joining(", "));
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
