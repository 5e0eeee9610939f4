package dev.gyre.annotation.search;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Keeps what the answers to each task come to.
@ApplicationScoped
class VerdictStore {

    private final Jdbi jdbi;

    VerdictStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Works out the verdicts of tasks whose judgements were given or withdrawn meanwhile.
    ///
    /// First the judgements are marked, then the verdicts are worked out from what stands after that: whatever comes in
    /// between is marked the next time. One worker at a time, so that none writes what it saw before another.
    ///
    /// @param count most judgements to look at
    /// @return how many there were
    @Transactional
    int renew(int count) {
        return jdbi.withHandle(handle -> {
            boolean free = handle.createQuery("select pg_try_advisory_xact_lock(hashtextextended('verdicts', 4))")
                    .mapTo(boolean.class)
                    .one();
            var tasks = free ? mark(handle, count) : List.<String>of();
            if (!tasks.isEmpty()) {
                write(handle, tasks.stream().distinct().sorted().toList());
            }
            return tasks.size();
        });
    }

    private static List<String> mark(Handle handle, int count) {
        return handle.createQuery("""
                        update judgement set counted = (withdrawn_at is null)
                        where id in (select id from judgement where counted <> (withdrawn_at is null)
                                     limit :count for no key update skip locked)
                        returning task""").bind("count", count).mapTo(String.class).list();
    }

    private static void write(Handle handle, List<String> tasks) {
        handle.createUpdate("""
                        insert into verdict (task, project, position, answers, agreement, marks)
                        select t.id, t.project, t.position, said.answers, said.agreement, coalesce(found.marks, '{}')
                        from task t
                        cross join lateral (
                            select coalesce(sum(n), 0) as answers,
                                   sum(n * (n - 1)) filter (where value is not null)::double precision
                                       / nullif(sum(n) filter (where value is not null)
                                                * (sum(n) filter (where value is not null) - 1), 0) as agreement
                            from (select value, count(*) as n from judgement
                                  where task = t.id and withdrawn_at is null group by value) counted) said
                        cross join lateral (
                            select array_agg(distinct mark) as marks from judgement j
                            cross join lateral (
                                select 'by:' || j.annotator union all select 'under:' || j.schema_version
                                union all select 'says:' || part from unnest(string_to_array(j.value, U&'\\001F')) part) as of (mark)
                            where j.task = t.id and j.withdrawn_at is null) found
                        where t.id = any(:tasks)
                        on conflict (task) do update
                        set answers = excluded.answers, agreement = excluded.agreement, marks = excluded.marks,
                            doubt = null""")
                .bindArray("tasks", String.class, tasks)
                .execute();
    }
}
