package io.observer.web;

import io.observer.log.EventLog;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;

/** One run of the server, from its settings to its end. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan
public class ObserverServer {

    /** For {@code main} methods of other programs there is {@link #run}; Spring makes the only instance. */
    ObserverServer() {}

    /**
     * Starts the server, says on standard output when it is ready, and returns after it has stopped.
     *
     * @param settings {@code --observer.key=value} and the like
     * @return the exit code: 0 after a clean stop, 1 when it could not start
     */
    public static int run(List<String> settings) {
        SpringApplication application = new SpringApplication(ObserverServer.class);
        application.setWebApplicationType(WebApplicationType.REACTIVE);
        application.setRegisterShutdownHook(false);
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            SettingNames.unknownVariables(System.getenv())
                    .forEach(
                            name -> System.err.println("observer: warning: " + name + " is no setting and is ignored"));
            ConfigurableApplicationContext context = application.run(settings.toArray(String[]::new));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(context, stopped), "observer-stop"));
            announce(context, System.out);
            stopped.await();
            return 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 0;
        } catch (RuntimeException failure) {
            System.err.println("observer: " + StartFailure.explain(failure));
            return 1;
        }
    }

    private static void announce(ConfigurableApplicationContext context, PrintStream out) {
        ObserverSettings settings = context.getBean(ObserverSettings.class);
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        out.println("Observer is ready at http://" + host + ":" + port + " (log: "
                + context.getBean(EventLog.class).backend() + ")");
        out.flush();
    }

    /** Ends the process with code 0: a server that stops when it is told to has not failed. */
    private static void stop(ConfigurableApplicationContext context, CountDownLatch stopped) {
        context.close();
        stopped.countDown();
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
