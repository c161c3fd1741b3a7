package io.observer.web.rpc;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a server says of itself.
 *
 * @param faults what is in trouble besides the log, now
 * @param sources epochs of the logs whose events come to this one, now
 */
public record RpcState(String version, Supplier<List<String>> faults, Supplier<Set<String>> sources) {}
