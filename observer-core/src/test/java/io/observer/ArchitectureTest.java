package io.observer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The arrows between the packages: what stands on the right may use what stands on its left.
 *
 * <pre>
 * event ◄── log ◄── bus ◄── job ◄── stream
 *            ▲       ▲
 *            │       └──── recorder
 *            ├──────────── operation
 *            └──────────── receive
 * </pre>
 */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.observer");

    @Test
    @DisplayName("a package uses only the packages that the arrows let it see")
    void a_package_uses_only_what_the_arrows_let_it_see() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.observer..")
                .layer("event")
                .definedBy("io.observer.event..")
                .layer("log")
                .definedBy("io.observer.log..")
                .layer("bus")
                .definedBy("io.observer.bus..")
                .layer("job")
                .definedBy("io.observer.job..")
                .layer("stream")
                .definedBy("io.observer.stream..")
                .layer("recorder")
                .definedBy("io.observer.recorder..")
                .layer("receive")
                .definedBy("io.observer.receive..")
                .layer("operation")
                .definedBy("io.observer.operation..")
                .whereLayer("event")
                .mayNotAccessAnyLayer()
                .whereLayer("log")
                .mayOnlyAccessLayers("event")
                .whereLayer("bus")
                .mayOnlyAccessLayers("event", "log")
                .whereLayer("job")
                .mayOnlyAccessLayers("event", "log", "bus")
                .whereLayer("stream")
                .mayOnlyAccessLayers("event", "log", "bus", "job")
                .whereLayer("recorder")
                .mayOnlyAccessLayers("event", "log", "bus")
                .whereLayer("receive")
                .mayOnlyAccessLayers("event", "log")
                .whereLayer("operation")
                .mayOnlyAccessLayers("event", "log")
                .ensureAllClassesAreContainedInArchitecture()
                .check(CORE);
    }

    @Test
    @DisplayName("the core knows neither Spring nor a server nor Jackson 2")
    void the_core_knows_neither_spring_nor_a_server_nor_jackson_2() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "reactor.netty..", "com.fasterxml..")
                .check(CORE);
    }

    @Test
    @DisplayName("Lettuce, and with it Netty as a client, is known to the package log.redis alone")
    void lettuce_is_known_to_one_package() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.observer.log.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lettuce..", "io.netty..", "io.observer.log.redis..")
                .check(CORE);
    }

    @Test
    @DisplayName("JSON meets events in the package event and nowhere else")
    void json_meets_events_in_one_package() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.observer.event..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(CORE);
    }

    @Test
    @DisplayName("each package says @NullMarked in its package-info")
    void each_package_is_null_marked() {
        classes().should(resideInANullMarkedPackage()).check(CORE);
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                String message =
                        "%s: no package-info with @NullMarked in %s".formatted(type.getName(), type.getPackageName());
                events.add(new SimpleConditionEvent(type, marked, message));
            }
        };
    }
}
