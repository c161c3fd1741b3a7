package io.observer.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.observer.event.Echo;
import io.observer.web.express.Express;
import io.observer.web.guard.ConnectionLimit;
import io.observer.web.guard.HeadTimeout;
import io.observer.web.guard.MalformedRequests;
import io.observer.web.guard.VaryByOrigin;
import io.observer.web.http.UnroutableRequests;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;

/** How connections are taken and what they may hold. */
@Component
final class NettyServer implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(NettyServer.class);

    /** A request's head has to be here within this. */
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(10);

    /** A request whose body is not here within this ends its connection; routes that read one say so before. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(12);

    /** What the kernel may hold for one reader that stops reading; it would take megabytes by itself. */
    private static final int SEND_BUFFER_BYTES = 128 * 1024;

    /** What the server holds for one connection before its stream is no longer asked for more. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final ObserverSettings settings;
    private final ConnectionLimit connections;
    private final Express express;
    private final VaryByOrigin varyByOrigin = new VaryByOrigin();
    private volatile @Nullable Channel listener;

    NettyServer(ObserverSettings settings, ConnectionLimit connections, Express express) {
        this.settings = settings;
        this.connections = connections;
        this.express = express;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.setPort(settings.port());
        factory.setAddress(address());
        Http2 http2 = new Http2();
        http2.setEnabled(true);
        factory.setHttp2(http2);
        factory.addServerCustomizers(this::configure);
    }

    /** Takes no more connections; those that are open stay. */
    void closeListener() {
        Channel open = listener;
        if (open != null) {
            open.close();
        }
    }

    private HttpServer configure(HttpServer server) {
        HttpServer limited = server.requestTimeout(REQUEST_TIMEOUT)
                .idleTimeout(settings.http().idleTimeout())
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .doOnChannelInit((observer, channel, remote) -> {
                    if (connections.admits(channel)) {
                        // Each stands before the last: what is malformed never comes to the express.
                        express.install(channel);
                        if (!settings.security().allowedOrigins().isEmpty()) {
                            varyByOrigin.install(channel);
                        }
                        MalformedRequests.install(channel);
                        HeadTimeout.install(channel, HEAD_TIMEOUT);
                    }
                })
                .mapHandle(UnroutableRequests::explain)
                .doOnBound(bound -> {
                    listener = bound.channel();
                    sayHowManyFit();
                });
        return Epoll.isAvailable() ? limited.childOption(EpollChannelOption.TCP_USER_TIMEOUT, silence()) : limited;
    }

    /** How long what was sent may go unacknowledged: so a reader whose machine is gone is noticed by its heartbeats. */
    private int silence() {
        return (int) Math.min(Integer.MAX_VALUE, settings.stream().writeStall().toMillis());
    }

    private void sayHowManyFit() {
        int wanted = settings.http().maxConnections();
        if (connections.most() < wanted) {
            log.info(
                    "There are file descriptors for fewer connections than configured; raise ulimit -n for more."
                            + " connections={} configured={}",
                    connections.most(),
                    wanted);
        }
    }

    private InetAddress address() {
        try {
            InetAddress address = InetAddress.getByName(settings.host());
            if (!address.isLoopbackAddress() && !settings.security().open()) {
                throw new IllegalArgumentException("observer.host is '" + Echo.of(settings.host())
                        + "', where others can reach the server, which asks nobody who they are; set"
                        + " observer.security.open=true to let everybody in, or choose --host 127.0.0.1 and put a proxy"
                        + " in front");
            }
            return address;
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException(
                    "observer.host is " + settings.host() + " but must be an address or name of this machine", unknown);
        }
    }
}
