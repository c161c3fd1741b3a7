package io.observer.e2e.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The server under load: one of our own, or the one that was named. */
final class Target implements AutoCloseable {

    private static final Pattern LAST_ID = Pattern.compile("\"last_id\":(\\d+)");
    private static final int TIMEOUT_MILLIS = 10_000;

    private final URI url;
    private final @Nullable ServerProcess process;

    private Target(URI url, @Nullable ServerProcess process) {
        this.url = url;
        this.process = process;
    }

    static Target open(BenchOptions options) throws IOException, InterruptedException {
        URI url = options.url();
        if (url == null) {
            ServerProcess process = ServerProcess.start(options.log());
            return new Target(process.url(), process);
        }
        Target target = new Target(url, null);
        try {
            target.lastId();
        } catch (IOException e) {
            throw new UnreachableException(url, e);
        }
        return target;
    }

    /** Whether nobody else can publish to it. */
    boolean isOwn() {
        return process != null;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(url.getHost(), url.getPort());
    }

    /** Host and port, as a request names them. */
    String authority() {
        return url.getAuthority();
    }

    /** The processor time that it has used so far; null when that cannot be seen from here. */
    @Nullable
    Double cpuSeconds() {
        return process == null ? null : process.cpuSeconds();
    }

    /** The memory that it has now; null when that cannot be seen from here. */
    @Nullable
    Long memoryKiB() throws IOException {
        return process == null ? null : process.memoryKiB("VmRSS");
    }

    /** The most memory that it ever had; null when that cannot be seen from here. */
    @Nullable
    Long peakMemoryKiB() throws IOException {
        return process == null ? null : process.memoryKiB("VmHWM");
    }

    /** The newest id that its log has given. */
    long lastId() throws IOException {
        Matcher lastId = LAST_ID.matcher(call("GET", "/health", ""));
        if (!lastId.find()) {
            throw new IOException("what answers at " + url + " is not an Observer");
        }
        return Long.parseLong(lastId.group(1));
    }

    /** Asks once, beside what is measured; answers the body, or throws unless the status says that all is well. */
    String call(String method, String path, String json) throws IOException {
        HttpURLConnection call = (HttpURLConnection) url.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
        call.setRequestMethod(method);
        call.setConnectTimeout(TIMEOUT_MILLIS);
        call.setReadTimeout(TIMEOUT_MILLIS);
        if (!json.isEmpty()) {
            call.setDoOutput(true);
            call.setRequestProperty("Content-Type", HttpConnection.JSON);
            call.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        }
        try (InputStream body = call.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.close();
        }
    }
}
