package io.observer.web.cli;

/** The entry point of the jar: {@code observer serve | publish | tail | history | jobs}. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        int exitCode = ObserverCommand.execute(Console.system(), System.getenv(), args);
        boolean server = args.length > 0 && args[0].equals("serve");
        // An exit waits 300 ms for threads that rest in native code, as those of the HTTP client do; a return does not.
        // A server's threads, on the other hand, must never keep the process alive.
        if (exitCode != ExitCode.FINE || server) {
            System.exit(exitCode);
        }
    }
}
