package io.observer.e2e.bench;

import java.io.IOException;
import java.net.URI;

/** Nobody answers at the URL given. */
final class UnreachableException extends IOException {

    private static final long serialVersionUID = 1;

    UnreachableException(URI url, IOException cause) {
        super("cannot reach " + url + ": is the server running there?", cause);
    }
}
