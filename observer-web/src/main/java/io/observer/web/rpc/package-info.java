/**
 * The server as a daemon that other programs ask over a Unix socket: JSON-RPC 2.0, one object a line.
 *
 * <p>Start at {@link io.observer.web.rpc.RpcServer}. {@code RpcConnection} takes the requests of a connection one after
 * the other, {@code RpcMethods} answers them, {@code RpcFrames} is what a subscription looks like, {@code SocketFile}
 * what stands in the directory.
 */
@NullMarked
package io.observer.web.rpc;

import org.jspecify.annotations.NullMarked;
