package dev.gyre.registry.activity;

import dev.gyre.events.DriftEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// How watched streams went, read from the facts.
@ApplicationScoped
class DriftStore {

    private static final String WINDOW = "WindowMeasured";
    private static final int WINDOWS = 120;
    private static final int ALARMS = 40;

    private final ActivityStore activities;

    DriftStore(ActivityStore activities) {
        this.activities = activities;
    }

    List<DriftCourse> courses(String workspace) {
        return activities.keys(workspace, DriftEvent.TOPIC).stream()
                .map(stream -> course(workspace, stream))
                .toList();
    }

    private DriftCourse course(String workspace, String stream) {
        var windows = activities.about(workspace, DriftEvent.TOPIC, stream, WINDOW, true, WINDOWS);
        var alarms = activities.about(workspace, DriftEvent.TOPIC, stream, WINDOW, false, ALARMS);
        var told = Stream.concat(windows.stream(), alarms.stream())
                .sorted(Comparator.comparingLong(Activity::id))
                .flatMap(fact -> Told.of(fact).stream())
                .toList();
        return DriftCourse.of(stream, told);
    }
}
