package io.observer.web.rpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.observer.log.EventLog;
import io.observer.recorder.ObserverRecorder;
import io.observer.stream.DaemonEventBridge;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.time.Clock;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Listens on a Unix socket and answers in the words of a daemon. All connections share one event loop, on which nothing
 * waits: neither an idle subscriber nor a slow one holds up another's question.
 */
public final class RpcServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RpcServer.class);

    /** What is held for one connection before its subscription is no longer asked for more. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private static final int BACKLOG = 1_024;
    private static final long END_SECONDS = 2;

    private final RpcSettings settings;
    private final RpcMethods methods;
    private final Scheduler reading;
    private final RpcMetrics metrics = new RpcMetrics();
    private final AnswerMemory memory;
    private final MultiThreadIoEventLoopGroup loops;
    private final RpcSubscriptions subscriptions;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private RpcServer(
            RpcSettings settings,
            RpcMethods methods,
            AnswerMemory memory,
            DaemonEventBridge bridge,
            RpcFrames frames,
            Scheduler reading,
            ThreadFactory threads) {
        this.settings = settings;
        this.methods = methods;
        this.memory = memory;
        this.reading = reading;
        this.loops = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
        this.subscriptions = new RpcSubscriptions(
                bridge, frames, metrics, loops.next(), settings.linger(), settings.writeStall(), settings.maxStreams());
    }

    /**
     * Begins to listen.
     *
     * @param reading runs what reads requests
     * @param threads makes the thread of the event loop
     * @throws IOException if the socket cannot be made, with the reason in a clause
     */
    public static RpcServer start(
            RpcSettings settings,
            EventLog eventLog,
            DaemonEventBridge bridge,
            ObserverRecorder recorder,
            RpcState state,
            Clock clock,
            Scheduler reading,
            ThreadFactory threads)
            throws IOException {
        SocketFile.prepare(settings.socket());
        AnswerMemory memory = new AnswerMemory(settings.memory());
        RpcMethods methods = new RpcMethods(eventLog, recorder, state, memory);
        RpcFrames frames = new RpcFrames(eventLog, clock);
        RpcServer server = new RpcServer(settings, methods, memory, bridge, frames, reading, threads);
        try {
            server.listen();
            return server;
        } catch (IOException | RuntimeException refused) {
            server.close();
            throw refused;
        }
    }

    public RpcMetrics metrics() {
        return metrics;
    }

    /** Ends all connections and takes the socket away. */
    @Override
    public void close() {
        open.close().awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
    }

    private void listen() throws IOException {
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerDomainSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        admit(channel);
                    }
                })
                .bind(UnixDomainSocketAddress.of(settings.socket()))
                .syncUninterruptibly()
                .channel();
        open.add(listener);
        SocketFile.protect(settings.socket());
        log.info("Listening for questions. socket={}", settings.socket());
    }

    private void admit(Channel channel) {
        open.add(channel);
        int connections = metrics.connected();
        channel.closeFuture().addListener(closed -> metrics.disconnected());
        if (connections > settings.maxConnections()) {
            metrics.countTurnedAway();
            RpcException full = RpcException.exhausted("all connections are taken; try again later");
            channel.writeAndFlush(Unpooled.wrappedBuffer(RpcAnswer.of(null, full)))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        channel.pipeline()
                .addLast(new LineBasedFrameDecoder(RpcConnection.LONGEST_LINE, true, true))
                .addLast(new FlowControlHandler())
                .addLast(new RpcConnection(methods, subscriptions, memory, metrics, reading, settings.writeStall()));
    }
}
