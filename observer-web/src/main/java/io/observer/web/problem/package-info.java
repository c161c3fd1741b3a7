/**
 * Errors as their readers see them: RFC 9457 problems on every path.
 *
 * <p>Start at {@link io.observer.web.problem.Problem}, which any handler or filter throws; {@link
 * io.observer.web.problem.ProblemHandler} turns it, and every failure of the core, into the answer.
 */
@NullMarked
package io.observer.web.problem;

import org.jspecify.annotations.NullMarked;
