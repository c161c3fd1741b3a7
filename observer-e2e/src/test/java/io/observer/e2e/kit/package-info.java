/**
 * What the black-box tests are written with: {@link io.observer.e2e.kit.ObserverServer} is the real jar in a process of
 * its own, {@link io.observer.e2e.kit.HttpApi} asks it the way any program would, and
 * {@link io.observer.e2e.kit.HttpConnection} says on the wire what a well-behaved client never says.
 *
 * <p>Nothing here knows a class of Observer: only its command line, its sockets, its files and its signals.
 */
@NullMarked
package io.observer.e2e.kit;

import org.jspecify.annotations.NullMarked;
