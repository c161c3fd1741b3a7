package io.observer.web.cli;

import java.net.URI;
import picocli.CommandLine.Option;

/** Which server a client command talks to. */
final class ServerOption {

    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = UrlConverter.class,
            description = {"The server.", "Default: $OBSERVER_URL or http://127.0.0.1:3219"})
    private URI url = URI.create("http://127.0.0.1:3219");

    ServerClient client() {
        return new ServerClient(url);
    }
}
