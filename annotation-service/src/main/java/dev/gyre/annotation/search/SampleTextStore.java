package dev.gyre.annotation.search;

import dev.gyre.events.ArtifactRef;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// Keeps the words of samples.
@ApplicationScoped
class SampleTextStore {

    private final Jdbi jdbi;

    SampleTextStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    record Unread(String id, ArtifactRef content) {}

    /// Takes up to `count` samples for a minute; a worker that dies meanwhile loses them to the next, and so it does
    /// where the clock of the database was set back.
    @Transactional
    List<Unread> claim(int count) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        with claimed as (
                            select id from sample
                            where read_after <= now() or read_after > now() + interval '2 hours'
                            order by read_after limit :count for no key update skip locked)
                        update sample set read_after = now() + interval '1 minute' from claimed
                        where sample.id = claimed.id returning sample.id, sample.content""")
                .bind("count", count)
                .mapTo(Unread.class)
                .list());
    }

    @Transactional
    void keep(List<Read> read) {
        jdbi.useHandle(handle -> {
            var texts = handle.prepareBatch("""
                    with read as (update sample set read_after = null where id = :sample returning id, source)
                    insert into sample_text (sample, source, excerpt, words, signature, bands, language)
                    select id, source, :excerpt, to_tsvector('simple', :words), :signature, :bands, :language from read
                    on conflict (sample) do nothing""");
            for (var one : read) {
                var text = one.text();
                texts.bind("sample", one.sample())
                        .bind("excerpt", text.excerpt())
                        .bind("words", text.words())
                        .bindArray("signature", Integer.class, text.likeness().signature())
                        .bindArray("bands", Integer.class, text.likeness().bands())
                        .bind("language", text.language().orElse(null))
                        .add();
            }
            texts.execute();
        });
    }

    record Read(String sample, SampleText text) {}

    @Transactional
    void retry(String sample, Duration after) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update sample set read_after = now() + :seconds * interval '1 second' where id = :sample")
                .bind("sample", sample)
                .bind("seconds", after.toSeconds())
                .execute());
    }
}
