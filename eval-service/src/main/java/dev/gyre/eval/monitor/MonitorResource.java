package dev.gyre.eval.monitor;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.eval.drift.DriftSettings;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.eval.probation.Probation;
import dev.gyre.eval.probation.ProbationStore;
import dev.gyre.events.ModelVersion;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Shows how production streams are watched, and what was found.
@Path("/api/monitors")
@RolesAllowed({Roles.OPERATOR, Roles.ENGINEER, Roles.MANAGER})
class MonitorResource {

    private static final int WINDOWS = 500;
    private static final int ALARMS = 50;
    private static final int PROBATIONS = 20;

    enum State {
        COLLECTING,
        WATCHING,
        ALARM
    }

    private final Caller caller;
    private final MonitorConfig config;
    private final MonitorStore monitors;
    private final TrafficStore traffic;
    private final VersionStore versions;
    private final ProbationStore probations;

    MonitorResource(
            Caller caller,
            MonitorConfig config,
            MonitorStore monitors,
            TrafficStore traffic,
            VersionStore versions,
            ProbationStore probations) {
        this.caller = caller;
        this.config = config;
        this.monitors = monitors;
        this.traffic = traffic;
        this.versions = versions;
        this.probations = probations;
    }

    /// @param state `COLLECTING` a reference, `WATCHING`, or `ALARM`
    /// @param era grows with every new reference
    /// @param seen interactions of the model so far
    /// @param collected interactions of a reference that is not complete, missing afterwards
    /// @param drift id of the open alarm
    /// @param explanation of the open alarm
    record StreamView(
            String stream,
            String model,
            String concern,
            State state,
            int era,
            int windows,
            long seen,
            @Nullable Long collected,
            int referenceSize,
            @Nullable String drift,
            @Nullable String explanation) {}

    record AlarmView(
            String drift,
            ModelVersion model,
            int era,
            int window,
            String detector,
            String statistic,
            double value,
            double threshold,
            long seen,
            String explanation,
            List<String> examples,
            Instant openedAt,
            @Nullable Instant clearedAt,
            @Nullable String cleared) {

        static AlarmView of(StoredAlarm alarm) {
            var detected = alarm.detected();
            return new AlarmView(
                    alarm.id(),
                    detected.model(),
                    alarm.era(),
                    alarm.number(),
                    detected.detector(),
                    detected.statistic(),
                    detected.value(),
                    detected.threshold(),
                    detected.seen(),
                    detected.explanation(),
                    detected.examples(),
                    alarm.openedAt(),
                    alarm.clearedAt(),
                    alarm.cleared());
        }
    }

    /// @param history windows of all eras, the oldest first
    record StreamDetail(
            StreamView stream, DriftSettings settings, List<MeasuredWindow> history, List<AlarmView> alarms) {}

    /// @param probations of its champions, the newest first
    record MonitorView(
            String model, DriftSettings settings, List<StreamView> streams, List<Probation> probations) {}

    /// What is missing stays as it is.
    record Change(
            @Nullable Integer referenceSize,
            @Nullable Integer windowSize,
            @Nullable Double significance,
            @Nullable Double effectFloor,
            @Nullable Integer persistence,
            @Nullable Integer outOf,
            @Nullable Integer calmWindows,
            @Nullable Integer cooldownWindows) {

        DriftSettings over(DriftSettings now) {
            return new DriftSettings(
                    or(referenceSize, now.referenceSize()),
                    or(windowSize, now.windowSize()),
                    or(significance, now.significance()),
                    or(effectFloor, now.effectFloor()),
                    or(persistence, now.persistence()),
                    or(outOf, now.outOf()),
                    or(calmWindows, now.calmWindows()),
                    or(cooldownWindows, now.cooldownWindows()));
        }

        private static <T> T or(@Nullable T wanted, T now) {
            return Objects.requireNonNullElse(wanted, now);
        }
    }

    @GET
    public List<StreamView> list() {
        return monitors.list(caller.workspace()).stream().map(this::view).toList();
    }

    @GET
    @Path("{model}")
    public MonitorView model(String model) {
        var streams = monitors.list(caller.workspace()).stream()
                .filter(stream -> stream.model().equals(model))
                .map(this::view)
                .toList();
        if (streams.isEmpty() && !isKnown(model)) {
            throw unknown(model);
        }
        return new MonitorView(
                model, settings(model), streams, probations.list(caller.workspace(), model, PROBATIONS));
    }

    @GET
    @Path("{model}/{concern}")
    public StreamDetail stream(String model, String concern) {
        var stream = find(model, concern);
        return new StreamDetail(
                view(stream),
                settings(model),
                monitors.windows(stream.name(), 0, WINDOWS),
                monitors.alarms(stream.name(), ALARMS).stream()
                        .map(AlarmView::of)
                        .toList());
    }

    /// Changes when a model's monitors speak up; a new reference size counts from the next reference.
    @PUT
    @Path("{model}")
    @RolesAllowed(Roles.ENGINEER)
    public MonitorView change(String model, Change change) {
        if (change == null) {
            throw new IllegalArgumentException(
                    "the request has no body; send what is to change, such as {\"windowSize\": 100}");
        }
        model(model);
        var settings = change.over(settings(model));
        QuarkusTransaction.requiringNew().run(() -> monitors.settings(caller.workspace(), model, settings));
        return model(model);
    }

    /// Takes what comes now for usual: a new reference begins, an open alarm is over.
    @POST
    @Path("{model}/{concern}/reference")
    @RolesAllowed(Roles.ENGINEER)
    public StreamView renew(String model, String concern) {
        var stream = find(model, concern).name();
        var served = traffic.latest(stream);
        QuarkusTransaction.requiringNew()
                .run(() -> monitors.renew(stream, served, "%s began a new reference".formatted(caller.name())));
        return view(find(model, concern));
    }

    private WatchedStream find(String model, String concern) {
        return StreamName.concern(concern)
                .flatMap(known -> monitors.find(new StreamName(caller.workspace(), model, known)))
                .orElseThrow(() -> new NotFoundException(
                        "no stream '%s/%s'; there are input, output and quality of every model with traffic"
                                .formatted(model, concern)));
    }

    private StreamView view(WatchedStream stream) {
        var open = monitors.open(stream.name());
        var settings = settings(stream.model());
        var isCollecting = stream.referenceFrom() == null && stream.windows() == 0;
        return new StreamView(
                stream.name().text(),
                stream.model(),
                StreamName.word(stream.name().concern()),
                open.isPresent() ? State.ALARM : isCollecting ? State.COLLECTING : State.WATCHING,
                stream.era(),
                stream.windows(),
                traffic.seen(stream.name(), Long.MAX_VALUE),
                isCollecting ? (Long) traffic.since(stream.name(), stream.since()) : null,
                settings.referenceSize(),
                open.map(StoredAlarm::id).orElse(null),
                open.map(alarm -> alarm.detected().explanation()).orElse(null));
    }

    private DriftSettings settings(String model) {
        return monitors.settings(caller.workspace(), model).orElseGet(config::settings);
    }

    private boolean isKnown(String model) {
        return versions.champion(caller.workspace(), model).isPresent();
    }

    private static NotFoundException unknown(String model) {
        return new NotFoundException("no model '%s' here; send traffic of it or register it".formatted(model));
    }
}
