package io.observer.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How much the whole machine computes, whoever it is for. */
final class MachineLoad {

    private static final Path STAT = Path.of("/proc/stat");

    /** Linux counts in hundredths of a second wherever Java runs. */
    private static final double TICKS_A_SECOND = 100;

    private static final int IDLE = 4;
    private static final int WAITING_FOR_DISKS = 5;
    private static final int GUESTS = 9;

    private MachineLoad() {}

    /** Time that all processors together have computed since the machine was started; null where the system does not tell. */
    static @Nullable Double cpuSeconds() throws IOException {
        if (!Files.isReadable(STAT)) {
            return null;
        }
        // cpu  user nice system idle iowait irq softirq steal guest guest_nice
        String[] fields = Files.readAllLines(STAT).get(0).split(" +");
        long ticks = 0;
        // Guests are counted among the users already.
        for (int i = 1; i < Math.min(fields.length, GUESTS); i++) {
            ticks += i == IDLE || i == WAITING_FOR_DISKS ? 0 : Long.parseLong(fields[i]);
        }
        return ticks / TICKS_A_SECOND;
    }
}
