package io.observer.web.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.web.cli.run.ProcessEvent.Exited;
import io.observer.web.cli.run.ProcessEvent.Spawned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The process tree of a command")
@Timeout(60)
class ProcessTreeTest {

    private final List<ProcessEvent> seen = Collections.synchronizedList(new ArrayList<>());
    private Process command;
    private ProcessTree tree;

    @AfterEach
    void end() {
        command.descendants().forEach(ProcessHandle::destroyForcibly);
        command.destroyForcibly();
    }

    @Test
    void begins_with_the_command_and_ends_with_its_exit_code() throws Exception {
        start("sleep 0.2; exit 3");

        tree.end(command.waitFor());

        assertThat(seen.get(0)).isEqualTo(new Spawned(command.pid(), "sh"));
        assertThat(seen.get(seen.size() - 1)).isEqualTo(new Exited(command.pid(), true, 3));
    }

    @Test
    void has_the_children_of_children_in_it() throws Exception {
        start("sh -c 'sleep 60 & sleep 60 & wait' & wait");

        await().untilAsserted(() -> assertThat(names()).containsExactly("sh", "sh", "sleep", "sleep"));

        command.descendants().forEach(ProcessHandle::destroyForcibly);
        await().untilAsserted(() -> {
            tree.look();
            assertThat(exits()).hasSize(3);
        });
        tree.end(command.waitFor());
        assertThat(exits()).hasSize(4);
    }

    @Test
    void has_only_the_commands_own_processes_in_it() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        start("sleep 60");

        await().untilAsserted(() -> assertThat(names()).containsExactly("sh", "sleep"));

        assertThat(seen).doesNotContain(new Spawned(stranger.pid(), "sleep"));
        stranger.destroyForcibly();
    }

    @Test
    void keeps_a_process_whose_parent_is_gone() throws Exception {
        start("sh -c 'sleep 61 & sleep 0.5'; sleep 60");
        ProcessHandle left =
                await().until(this::processThatIsLeft, Optional::isPresent).orElseThrow();

        await().untilAsserted(() -> {
            tree.look();
            assertThat(exits()).hasSizeGreaterThanOrEqualTo(1);
            assertThat(command.descendants()).doesNotContain(left);
        });
        assertThat(exits()).doesNotContain(new Exited(left.pid(), false, null));

        left.destroyForcibly();
        await().untilAsserted(() -> {
            tree.look();
            assertThat(exits()).contains(new Exited(left.pid(), false, null));
        });
    }

    private Optional<ProcessHandle> processThatIsLeft() {
        tree.look();
        return command.descendants()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> arguments[0].equals("61"))
                        .isPresent())
                .filter(process -> seen.contains(new Spawned(process.pid(), "sleep")))
                .findFirst();
    }

    private List<ProcessEvent> exits() {
        return List.copyOf(seen).stream().filter(Exited.class::isInstance).toList();
    }

    private void start(String script) throws Exception {
        command = new ProcessBuilder("sh", "-c", script + "; exit $?").start();
        tree = new ProcessTree(command.toHandle(), "sh", seen::add);
    }

    private List<String> names() {
        tree.look();
        return seen.stream()
                .filter(Spawned.class::isInstance)
                .map(event -> ((Spawned) event).name())
                .sorted()
                .toList();
    }
}
