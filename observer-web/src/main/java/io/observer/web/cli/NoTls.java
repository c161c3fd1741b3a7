package io.observer.web.cli;

import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a client that only ever speaks plain HTTP. The HTTP client sets up the real one, with all certificates of
 * the JDK, even when no URL asks for it, and that takes a third of the time of a short command.
 */
final class NoTls extends SSLContext {

    NoTls() {
        super(new Nothing(), null, "none");
    }

    private static final class Nothing extends SSLContextSpi {

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return new SSLParameters(new String[0], new String[] {"TLSv1.3"});
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return engineGetDefaultSSLParameters();
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random) {
            throw plain();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw plain();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw plain();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw plain();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            throw plain();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw plain();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw plain();
        }

        private static IllegalStateException plain() {
            return new IllegalStateException("this client speaks plain HTTP only");
        }
    }
}
