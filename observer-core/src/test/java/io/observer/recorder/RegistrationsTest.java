package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Registrations")
class RegistrationsTest {

    @TempDir
    Path directory;

    @Test
    void are_kept_in_a_file_that_is_made_with_the_first() {
        Path file = directory.resolve("recorder/registrations.json");
        Registrations registrations = Registrations.load(file.getParent(), 10);
        assertThat(file).doesNotExist();

        registrations.put("build-7", Path.of("/w/\"quoted\" ü"));
        registrations.put("deploy-3", null);

        assertThat(file).hasContent("{\"build-7\":\"/w/\\\"quoted\\\" ü\",\"deploy-3\":null}");
        assertThat(Registrations.load(file.getParent(), 10).all())
                .containsExactly(
                        Map.entry("build-7", RegisteredWorkspace.of(Path.of("/w/\"quoted\" ü"))),
                        Map.entry("deploy-3", RegisteredWorkspace.of(null)));

        registrations.remove("build-7");
        assertThat(file).hasContent("{\"deploy-3\":null}");
        assertThat(file.getParent().toFile().list()).containsExactly("registrations.json");
    }

    @Test
    void do_not_change_when_they_cannot_be_stored() throws IOException {
        Path taken = Files.createFile(directory.resolve("a-file"));
        Registrations registrations = Registrations.load(taken, 10);

        assertThatThrownBy(() -> registrations.put("a", null)).isInstanceOf(RegistrationStorageException.class);

        assertThat(registrations.all()).isEmpty();
    }

    @Test
    void keep_a_workspace_that_cannot_be_named_as_it_is_written() throws IOException {
        Path file = Files.writeString(directory.resolve("registrations.json"), """
                {"odd":"/w/\\u0000","well":"/w"}""");

        Registrations registrations = Registrations.load(directory, 10);

        assertThat(registrations.all())
                .containsExactly(
                        Map.entry("odd", new RegisteredWorkspace("/w/\0", null)),
                        Map.entry("well", RegisteredWorkspace.of(Path.of("/w"))));
        assertThat(registrations.put("odd", null)).isEqualTo(new Registered("odd", null, false));
        assertThatThrownBy(() -> registrations.put("odd", Path.of("/other")))
                .isInstanceOf(RegistrationConflictException.class);
        registrations.put("more", null);
        assertThat(file).hasContent("""
                {"odd":"/w/\\u0000","well":"/w","more":null}""");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "{", "[]", "{\"a\":1}", "{\"..\":null}", "{\"a\":null} x"})
    void that_cannot_be_read_are_set_aside(String damaged) throws IOException {
        Path file = Files.writeString(directory.resolve("registrations.json"), damaged);

        Registrations registrations = Registrations.load(directory, 10);

        assertThat(registrations.all()).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(directory.resolve("registrations.json.damaged")).hasContent(damaged);
    }
}
