package io.observer.web;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
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

/** Where Spring and Netty may be used, and what a client command must not drag in. */
class ArchitectureTest {
    private static final JavaClasses EVERYTHING = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.observer");

    private static final JavaClasses WEB = EVERYTHING.that(resideInAPackage("io.observer.web.."));

    /** All that is not a command; the version is plain Java, which a command may ask for. */
    private static final DescribedPredicate<JavaClass> SERVER = resideInAPackage("io.observer.web..")
            .and(not(resideInAPackage("io.observer.web.cli..")))
            .and(not(type(Version.class)))
            .as("are part of the server");

    @Test
    @DisplayName("only the web module uses Spring and Netty")
    void only_the_web_module_uses_spring_and_netty() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.observer.web..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.netty..", "reactor.netty..")
                .check(EVERYTHING);
    }

    @Test
    @DisplayName("of the commands only serve leads to the server")
    void of_the_commands_only_serve_leads_to_the_server() {
        noClasses()
                .that()
                .resideInAPackage("io.observer.web.cli..")
                .and()
                .doNotHaveSimpleName("ServeCommand")
                .should()
                .dependOnClassesThat(SERVER)
                .check(WEB);
    }

    @Test
    @DisplayName("no command loads what makes a start slow")
    void no_command_loads_what_makes_a_start_slow() {
        noClasses()
                .that()
                .resideInAPackage("io.observer.web.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "io.netty..",
                        "reactor..",
                        "io.micrometer..",
                        "tools.jackson.databind..")
                .check(WEB);
    }

    @Test
    @DisplayName("streams are pushed without knowing what they look like")
    void streams_are_pushed_without_knowing_what_they_look_like() {
        noClasses()
                .that()
                .resideInAPackage("io.observer.web.push..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.observer.web.sse..",
                        "io.observer.web.rpc..",
                        "io.observer.web.api..",
                        "org.springframework..")
                .check(WEB);
    }

    @Test
    @DisplayName("the socket is served without routes and without Spring")
    void the_socket_is_served_without_routes_and_without_spring() {
        noClasses()
                .that()
                .resideInAPackage("io.observer.web.rpc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.observer.web.sse..",
                        "io.observer.web.api..",
                        "io.observer.web.guard..",
                        "org.springframework..")
                .check(WEB);
    }

    @Test
    @DisplayName("nothing depends on the commands")
    void nothing_depends_on_the_commands() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.observer.web.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.observer.web.cli..")
                .check(EVERYTHING);
    }

    @Test
    @DisplayName("each package says @NullMarked in its package-info")
    void each_package_is_null_marked() {
        classes().should(resideInANullMarkedPackage()).check(WEB);
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
