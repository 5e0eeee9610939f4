package dev.gyre.pipeline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The architecture, as rules that the build checks over every module.
class ArchitectureTest {

    private static final String[] FRAMEWORK = {
        "io.quarkus..", "io.smallrye..", "io.vertx..", "jakarta..", "org.eclipse.microprofile..", "org.apache.kafka.."
    };
    private static final String EDGES = ".*(Resource|Consumer|Publisher|Store|Worker|Config)(\\$.*)?";
    /// About fifteen is the aim; with two dozen a package is certainly two concepts.
    private static final int FILES_OF_A_PACKAGE = 24;

    private static final JavaClasses CODE = new ClassFileImporter()
            .importPaths(Checkout.modules()
                    .map(module -> Checkout.ROOT.resolve(module).resolve("target/classes"))
                    .toList());

    static List<String> services() {
        return Checkout.SERVICES;
    }

    // spotless:off
    @Test
    void everyModuleIsLookedAt() {
        assertThat(CODE.stream().map(JavaClass::getPackageName).map(name -> name.split("\\.")[2]).collect(Collectors.toSet()))
                .contains("events", "delivery", "artifacts", "edge", "llm", "platform", "cli")
                .containsAll(Checkout.SERVICES);
    }

    @Test
    void contractsKnowNobody() {
        classes().that().resideInAPackage("dev.gyre.events..")
                .should().onlyDependOnClassesThat().resideInAnyPackage(
                        "java..", "dev.gyre.events..", "com.fasterxml.jackson.annotation..", "org.jspecify..")
                .check(CODE);
    }

    @Test
    void numbersKnowNoServiceNoBrokerNoWeb() {
        noClasses().that().resideInAPackage("dev.gyre.llm..")
                .should().dependOnClassesThat(resideInAnyPackage(FRAMEWORK)
                        .or(resideInAnyPackage("dev.gyre..").and(resideOutsideOfPackage("dev.gyre.llm.."))))
                .check(CODE);
    }

    /// Programs and weights are handles of the engine; what is done with them is done in one class.
    @Test
    void engineIsCalledFromOneClass() {
        noClasses().that().haveNameNotMatching("dev.gyre.llm.program.ProgramRunner(\\$.*)?")
                .should().dependOnClassesThat().haveNameMatching("ai.djl.pytorch.jni.(JniUtils|PyTorchLibrary|IValueUtils)")
                .check(CODE);
        noClasses().that().resideOutsideOfPackage("dev.gyre.llm.program..")
                .should().dependOnClassesThat().resideInAnyPackage("ai.djl.pytorch..", "ai.djl.engine..")
                .check(CODE);
    }

    @ParameterizedTest
    @MethodSource("services")
    void serviceKnowsNoOtherService(String service) {
        var others = Checkout.SERVICES.stream().filter(other -> !other.equals(service))
                .map(other -> "dev.gyre." + other + "..").toArray(String[]::new);
        noClasses().that().resideInAPackage("dev.gyre." + service + "..")
                .should().dependOnClassesThat(resideInAnyPackage(others)
                        .or(resideInAnyPackage("dev.gyre.platform..", "dev.gyre.cli..")))
                .check(CODE);
    }

    @Test
    void librariesAndToolsKnowNoService() {
        noClasses().that(inServices().negate())
                .should().dependOnClassesThat(inServices())
                .check(CODE);
    }

    @Test
    void featuresOfAServiceFormNoCycle() {
        slices().matching("dev.gyre.(*).(*)..").should().beFreeOfCycles().check(CODE);
    }

    /// Rules of the domain stay plain Java: a class that needs the framework says so in its name.
    @Test
    void frameworkIsTouchedOnlyAtTheNamedEdges() {
        noClasses().that(inServices()).and().haveNameNotMatching(EDGES)
                .should().dependOnClassesThat(resideInAnyPackage(FRAMEWORK))
                .check(CODE);
    }

    @Test
    void edgesStayPrivateToTheirFeature() {
        classes().that(inServices()).and().haveNameMatching(".*(Resource|Consumer|Worker)")
                .should().bePackagePrivate().check(CODE);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses().should().haveNameMatching(".*\\w(Impl|Utils?|Helper|Manager|Common|Base|Service)").check(CODE);
    }
    // spotless:on

    @Test
    void everyPackageDeclaresItsNullness() {
        assertThat(CODE.getPackage("dev.gyre").getSubpackagesInTree())
                .filteredOn(found -> !found.getClasses().isEmpty())
                .filteredOn(found -> !found.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .isEmpty();
    }

    @Test
    void packageIsOneConcept() {
        assertThat(CODE.getPackage("dev.gyre").getSubpackagesInTree())
                .filteredOn(found -> !found.getName().equals("dev.gyre.events"))
                .filteredOn(found -> found.getClasses().stream()
                                .filter(JavaClass::isTopLevelClass)
                                .filter(type -> !type.isArray())
                                .filter(type -> !type.getSimpleName().equals("package-info"))
                                .count()
                        > FILES_OF_A_PACKAGE)
                .extracting(JavaPackage::getName)
                .isEmpty();
    }

    private static DescribedPredicate<JavaClass> inServices() {
        return resideInAnyPackage(Checkout.SERVICES.stream()
                        .map(service -> "dev.gyre." + service + "..")
                        .toArray(String[]::new))
                .as("in a service");
    }
}
