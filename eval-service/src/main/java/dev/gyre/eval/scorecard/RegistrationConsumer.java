package dev.gyre.eval.scorecard;

import dev.gyre.delivery.Inbox;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.eval.monitor.MonitorStore;
import dev.gyre.eval.probation.ProbationStore;
import dev.gyre.events.ModelEvent;
import dev.gyre.events.ModelEvent.AliasMoved;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.ChampionRolledBack;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelEvent.VersionTainted;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Wants an examination of every registered version, remembers who is champion, and has it watched anew.
@ApplicationScoped
class RegistrationConsumer {

    private final Inbox inbox;
    private final VersionStore versions;
    private final ExaminationStore examinations;
    private final MonitorStore monitors;
    private final ProbationStore probations;

    RegistrationConsumer(
            Inbox inbox,
            VersionStore versions,
            ExaminationStore examinations,
            MonitorStore monitors,
            ProbationStore probations) {
        this.inbox = inbox;
        this.versions = versions;
        this.examinations = examinations;
        this.monitors = monitors;
        this.probations = probations;
    }

    @Incoming(ModelEvent.TOPIC)
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive(ModelEvent.TOPIC, record, ModelEvent.class, this::on);
    }

    private void on(ModelEvent event) {
        switch (event) {
            case VersionRegistered registered -> {
                versions.add(registered);
                examinations.want(registered);
            }
            case ChampionPromoted promoted -> {
                versions.point(promoted.workspace(), VersionStore.CHAMPION, promoted.model());
                examinations.settle(promoted.workspace(), promoted.evaluation());
                monitors.crown(promoted.workspace(), promoted.model());
                probations.crown(promoted);
            }
            case CandidateRejected rejected -> examinations.settle(rejected.workspace(), rejected.evaluation());
            case ChampionRolledBack back -> {
                versions.point(back.workspace(), VersionStore.CHAMPION, back.model());
                monitors.crown(back.workspace(), back.model());
                probations.overtake(back.workspace(), back.model());
            }
            case AliasMoved moved -> versions.point(moved.workspace(), moved.alias(), moved.model());
            case VersionTainted ignored -> {}
        }
    }
}
