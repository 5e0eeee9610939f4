-- What a consumer could not handle, until an operator sends it to that consumer again.
create table dead_letter (
    id          bigint generated always as identity primary key,
    workspace   text,
    topic       text        not null,
    key         text        not null,
    consumer    text        not null,
    origin      text        not null,
    reason      text        not null,
    kind        text        not null,
    headers     jsonb       not null,
    payload     bytea       not null,
    died_at     timestamptz not null,
    redriven_at timestamptz,
    redriven_by text,
    -- The outbox may send a letter twice.
    unique (consumer, origin)
);
create index dead_letter_waiting on dead_letter (topic, consumer, kind, id) where redriven_at is null;
