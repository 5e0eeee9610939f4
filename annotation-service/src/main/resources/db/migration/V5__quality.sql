-- Tasks whose answer is known. GIVEN: a manager knows it; UNANIMOUS: all who judged the task said so.
create table gold (
    task       text primary key references task,
    workspace  text        not null,
    project    text        not null references project,
    value      text        not null,
    origin     text        not null check (origin in ('GIVEN', 'UNANIMOUS')),
    created_at timestamptz not null default now()
);
create index on gold (project);

-- How often people are asked what is known or what they have said before; a project without a row asks as configured.
create table probing (
    project      text primary key references project,
    gold_share   double precision not null check (gold_share between 0 and 1),
    repeat_share double precision not null check (repeat_share between 0 and 1),
    repeat_after int              not null check (repeat_after >= 1)
);

-- A task lent once more to see how somebody judges: it takes no seat, and its answer is no judgement, is told to nobody
-- and stands in no data set. GOLD: the answer is known; REPEAT: the same person has judged the task before.
create table probe (
    id            text primary key,
    workspace     text        not null,
    project       text        not null references project,
    task          text        not null references task,
    annotator     text        not null,
    kind          text        not null check (kind in ('GOLD', 'REPEAT')),
    shown_order   text[]      not null,
    schema_version int        not null default 1,
    state         text        not null default 'OPEN'
                  check (state in ('OPEN', 'USED', 'EXPIRED', 'SKIPPED', 'RETURNED')),
    expires_at    timestamptz not null,
    -- what it should come to
    expected      text        not null,
    -- what the person is told as the judgement's id, and what it came to
    receipt       text unique,
    value         text,
    active_millis bigint      not null default 0,
    given_at      timestamptz,
    position      bigint      generated always as identity
);
create index on probe (project, annotator);
create index on probe (task, annotator);
create unique index probe_once on probe (task, annotator, kind) where state in ('OPEN', 'USED');

create index on judgement (annotator, project, position);
