package dev.gyre.pipeline;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One method of one service over HTTP, as its code declares it.
///
/// @param path with its parameters in braces
/// @param roles who may; empty where no role is declared
record Route(String service, String verb, String path, Set<String> roles) {

    private static final String REST = "jakarta.ws.rs.";
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)(?::[^}]*)?}");

    Route {
        roles = Set.copyOf(roles);
    }

    /// Every route of every service.
    static List<Route> all() {
        return Checkout.SERVICES.stream()
                .flatMap(service -> of(
                        service,
                        new ClassFileImporter()
                                .importPath(Checkout.ROOT.resolve(service + "-service/target/classes"))))
                .toList();
    }

    private static Stream<Route> of(String service, JavaClasses code) {
        return code.stream()
                .filter(type -> type.getSimpleName().endsWith("Resource"))
                .flatMap(type -> type.getMethods().stream().flatMap(method -> of(service, type, method)));
    }

    private static Stream<Route> of(String service, JavaClass type, JavaMethod method) {
        var roles = roles(method.tryGetAnnotationOfType("jakarta.annotation.security.RolesAllowed"))
                .or(() -> roles(type.tryGetAnnotationOfType("jakarta.annotation.security.RolesAllowed")))
                .orElse(Set.of());
        var path = joined(
                text(type.tryGetAnnotationOfType(REST + "Path")), text(method.tryGetAnnotationOfType(REST + "Path")));
        return Stream.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
                .filter(verb -> method.isAnnotatedWith(REST + verb))
                .map(verb -> new Route(service, verb, path, roles));
    }

    private static Optional<Set<String>> roles(Optional<? extends JavaAnnotation<?>> annotation) {
        return annotation.flatMap(found -> found.get("value")).map(value -> Set.copyOf(Arrays.asList((String[]) value)));
    }

    private static String text(Optional<? extends JavaAnnotation<?>> annotation) {
        return annotation.flatMap(found -> found.get("value")).map(String::valueOf).orElse("");
    }

    private static String joined(String type, String method) {
        return ("/" + type + "/" + method).replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    }

    boolean isApi() {
        return path.startsWith("/api/");
    }

    boolean hasParameters() {
        return PARAMETER.matcher(path).find();
    }

    /// The path with every parameter filled.
    String filled(UnaryOperator<String> value) {
        return PARAMETER.matcher(path)
                .replaceAll(parameter -> Matcher.quoteReplacement(value.apply(parameter.group(1))));
    }

    @Override
    public String toString() {
        return "%s %s %s".formatted(service, verb, path);
    }
}
