package io.observer.e2e.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches what a stretch of a run costs the server, and whether the thread that plays its clients kept up. */
final class Meter {

    private final Target target;
    private final ClientLoop loop;
    private final long start = System.nanoTime();
    private final long clientCpu = clientNanos();
    private final long waited;
    private final @Nullable Double serverCpu;
    private final double ownCpu = ownSeconds();
    private final @Nullable Double machineCpu;

    private Meter(Target target, ClientLoop loop) throws IOException {
        this.target = target;
        this.loop = loop;
        this.waited = loop.waited();
        this.serverCpu = target.cpuSeconds();
        this.machineCpu = MachineLoad.cpuSeconds();
    }

    static Meter start(Target target, ClientLoop loop) throws IOException {
        return new Meter(target, loop);
    }

    Cost stop() throws IOException {
        Double before = serverCpu;
        Double after = target.cpuSeconds();
        double elapsed = (System.nanoTime() - start) / 1e9;
        double client = (clientNanos() - clientCpu) / 1e9;
        double waiting = (loop.waited() - waited) / 1e9;
        Double server = before == null || after == null ? null : after - before;
        Double others = othersCpu(server);
        return new Cost(
                elapsed,
                server,
                others == null ? null : others / elapsed / Runtime.getRuntime().availableProcessors(),
                client / elapsed,
                1 - waiting / elapsed);
    }

    /** Time of processors that neither the server nor this process had; null when one of them cannot be seen. */
    private @Nullable Double othersCpu(@Nullable Double server) throws IOException {
        Double before = machineCpu;
        Double after = MachineLoad.cpuSeconds();
        if (before == null || after == null || server == null) {
            return null;
        }
        return Math.max(0, after - before - server - (ownSeconds() - ownCpu));
    }

    private static double ownSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }

    private static long clientNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /**
     * What it was.
     *
     * @param elapsed seconds
     * @param serverCpu seconds; null when that cannot be seen from here
     * @param othersShare the part of the machine that other processes took; null when that cannot be seen from here
     * @param clientCpu the part of the time in which the client's thread computed
     * @param clientBusy the part of the time in which it had something to do, whether or not a processor was free for it
     */
    record Cost(
            double elapsed,
            @Nullable Double serverCpu,
            @Nullable Double othersShare,
            double clientCpu,
            double clientBusy) {

        /** Above this the client no longer reads when something comes, but when it gets round to it. */
        private static final double LAGS = 0.9;

        Result.Builder addTo(Result.Builder result) {
            return result.seconds("server cpu", serverCpu)
                    .share("others busy", othersShare)
                    .share("client cpu", clientCpu)
                    .share("client busy", clientBusy);
        }

        /** For runs at a rate that is given: what the clock says then is no longer the server's doing. */
        List<String> faults() {
            return clientBusy <= LAGS
                    ? List.of()
                    : List.of("the client lagged, busy for %.0f %% of the time: its times say little of the server's"
                            .formatted(clientBusy * 100));
        }
    }
}
