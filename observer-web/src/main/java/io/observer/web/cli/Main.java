package io.observer.web.cli;

/** The entry point of the jar: {@code observer serve | publish | tail | history | jobs | stats | run | watch}. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        int exitCode = ObserverCommand.execute(Console.system(), System.getenv(), args);
        endHttpClients();
        System.exit(exitCode);
    }

    /**
     * Ends the threads on which HTTP clients wait for input. A JVM about to exit gives threads that rest in native code
     * 300 ms, about as long as a short command takes, and on JDK 17 a client cannot be closed.
     */
    private static void endHttpClients() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("HttpClient-")) {
                thread.interrupt();
            }
        }
    }
}
