package io.observer.e2e.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Another machine, as far as the network is concerned: a network name space with a cable to this one. Whoever may not make
 * one skips the test.
 */
public final class FarMachine implements AutoCloseable {

    private final String name;
    private final String subnet;
    private final List<Process> running = new ArrayList<>();

    private FarMachine(long number) {
        name = "observer-" + number;
        // Addresses that are set apart for tests.
        subnet = "198.18." + (number & 0xff) + ".";
    }

    /** Makes it, and connects it. */
    public static FarMachine connect() {
        FarMachine machine = new FarMachine(ProcessHandle.current().pid());
        try {
            machine.lay();
        } catch (IllegalStateException refused) {
            machine.close();
            Assumptions.abort("no network can be made here: " + refused.getMessage());
        }
        return machine;
    }

    private void lay() {
        String near = near();
        String far = far();
        run("ip", "netns", "add", name);
        run("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
        run("ip", "address", "add", address() + "/24", "dev", near);
        run("ip", "link", "set", near, "up");
        run("ip", "-n", name, "address", "add", subnet + "2/24", "dev", far);
        run("ip", "-n", name, "link", "set", far, "up");
    }

    /** Where it reaches this machine. */
    public String address() {
        return subnet + "1";
    }

    /** Runs a command there; its output is of no interest. */
    public Process start(String... command) {
        List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", name));
        there.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(there)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            running.add(process);
            return process;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on nothing that it sends arrives, and nobody is told. */
    public void vanish() {
        run("ip", "-n", name, "route", "add", "blackhole", address() + "/32");
    }

    @Override
    public void close() {
        running.forEach(Process::destroyForcibly);
        runQuietly("ip", "link", "del", near());
        runQuietly("ip", "netns", "del", name);
    }

    private String near() {
        return "obs" + name.substring("observer-".length()) + "n";
    }

    private String far() {
        return "obs" + name.substring("observer-".length()) + "f";
    }

    private static void runQuietly(String... command) {
        try {
            run(command);
        } catch (IllegalStateException gone) {
            // It was never made.
        }
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
