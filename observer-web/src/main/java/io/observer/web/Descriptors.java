package io.observer.web;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many file descriptors the process may still take. */
final class Descriptors {

    /** For segments of the log, the journal, and connections that are being refused. */
    private static final int SPARE = 128;

    private static final int FEWEST = 16;

    private Descriptors() {}

    /**
     * How many of {@code wanted} connections there are descriptors for.
     *
     * @param files files that may be open besides
     */
    static int connections(int wanted, int files) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            return share(wanted, files, system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount());
        }
        return wanted;
    }

    static int share(int wanted, int files, long free) {
        long room = free - Math.min(SPARE + files, free / 2);
        return (int) Math.min(wanted, Math.max(FEWEST, room));
    }
}
