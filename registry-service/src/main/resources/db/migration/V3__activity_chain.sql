-- The trail of a workspace is a chain: each entry's hash covers the entry and the hash before it, so that nothing can be
-- changed, removed or slipped in without being seen.
create function activity_hash(previous bytea, a activity) returns bytea language sql stable as $$
    select sha256(coalesce(previous, ''::bytea) || convert_to(concat_ws(E'\n', a.source, a.event, a.topic, a.type, a.key,
                  extract(epoch from a.time)::text, a.workspace, a.correlation, coalesce(a.causation, ''), a.depth::text, a.payload::text), 'UTF8'))
$$;

alter table activity add column hash bytea;

do $$
declare
    entry activity;
    previous bytea;
begin
    for entry in select * from activity order by workspace, id loop
        select hash into previous from activity where workspace = entry.workspace and id < entry.id order by id desc limit 1;
        update activity set hash = activity_hash(previous, entry) where id = entry.id;
    end loop;
end $$;

alter table activity alter column hash set not null;

create function activity_chained() returns trigger language plpgsql as $$
begin
    new.hash := activity_hash(
        (select hash from activity where workspace = new.workspace order by id desc limit 1), new);
    return new;
end $$;

create trigger activity_chained before insert on activity for each row execute function activity_chained();
