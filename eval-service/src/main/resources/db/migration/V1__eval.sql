-- Frozen data sets, whose held-out parts are suites.
create table suite (
    position   bigint generated always as identity,
    workspace  text        not null,
    dataset    text        not null,
    frozen     jsonb       not null,
    tainted    text,
    arrived_at timestamptz not null default now(),
    primary key (workspace, dataset)
);

-- Versions that registry has told of.
create table version (
    workspace  text  not null,
    model      text  not null,
    number     int   not null,
    registered jsonb not null,
    primary key (workspace, model, number)
);

-- Where aliases point, champion among them.
create table alias (
    workspace text not null,
    model     text not null,
    alias     text not null,
    number    int  not null,
    primary key (workspace, model, alias)
);

-- Examinations: OPEN until they are COMPLETED (a verdict) or FAILED (none could be had).
create table examination (
    position        bigint generated always as identity,
    id              text        not null primary key,
    workspace       text        not null,
    model           text        not null,
    number          int         not null,
    run             text,
    state           text        not null default 'OPEN',
    attempts        int         not null default 0,
    next_attempt_at timestamptz not null default now(),
    lease_until     timestamptz,
    cause           text        not null,
    note            text,
    rows_done       int         not null default 0,
    rows_wanted     int         not null default 0,
    verdict         text,
    completed       jsonb,
    reason          text,
    created_at      timestamptz not null default now(),
    finished_at     timestamptz,
    settled_at      timestamptz
);
create index examination_open on examination (next_attempt_at) where state = 'OPEN';
create index examination_of_model on examination (workspace, model, position);

-- Answers that tasks want.
create table answer_request (
    position        bigint generated always as identity primary key,
    workspace       text        not null,
    task            text        not null,
    requested       jsonb       not null,
    state           text        not null default 'OPEN',
    attempts        int         not null default 0,
    next_attempt_at timestamptz not null default now(),
    lease_until     timestamptz,
    cause           text        not null,
    reason          text,
    created_at      timestamptz not null default now(),
    finished_at     timestamptz
);
create index answer_request_open on answer_request (next_attempt_at) where state = 'OPEN';
