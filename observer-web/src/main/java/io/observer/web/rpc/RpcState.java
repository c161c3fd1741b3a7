package io.observer.web.rpc;

import java.util.List;
import java.util.function.Supplier;

/**
 * What a server says of itself.
 *
 * @param faults what is in trouble besides the log, now
 */
public record RpcState(String version, Supplier<List<String>> faults) {}
