-- Facts that were decided but not yet told: written with the change that made them, removed when the broker has them.
create table outbox (
    id       bigint generated always as identity primary key,
    topic    text        not null,
    key      text        not null,
    headers  jsonb       not null,
    payload  bytea       not null,
    told_at  timestamptz not null default now()
);

-- Facts that were handled, so that the second delivery of one does nothing.
create table processed_event (
    consumer   text        not null,
    source     text        not null,
    event      text        not null,
    handled_at timestamptz not null default now(),
    primary key (consumer, source, event)
);
