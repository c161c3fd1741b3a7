/**
 * What can be seen of a running command from beside it: the files of its workspace, and its processes.
 *
 * <p>Start at {@link io.observer.web.cli.run.WorkspaceWatcher} and {@link io.observer.web.cli.run.ProcessTree}. Nothing
 * here knows a server; what is seen goes to whoever asked. Uses the JDK and the recorder's excluded paths.
 */
@NullMarked
package io.observer.web.cli.run;

import org.jspecify.annotations.NullMarked;
