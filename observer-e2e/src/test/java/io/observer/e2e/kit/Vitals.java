package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a running server takes of its machine, and what it says of itself. */
public record Vitals(ObserverServer server) {

    /** File descriptors that are open, as the kernel counts them. */
    public long openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has of the machine's memory, whatever for. */
    public long residentBytes() {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + server.pid() + "/status"))) {
            String line =
                    status.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
            return 1_024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sum of all samples of a metric; {@code name} is a pattern, without labels it takes any. */
    public double metric(String name) {
        Matcher samples = Pattern.compile("(?m)^" + name + "(?:\\{.*})? (\\S+)$")
                .matcher(new HttpApi(server).get("/metrics").text());
        double sum = 0;
        int found = 0;
        while (samples.find()) {
            sum += Double.parseDouble(samples.group(1));
            found++;
        }
        assertThat(found).as("samples of " + name).isPositive();
        return sum;
    }
}
