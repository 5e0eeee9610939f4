-- Data sets that were frozen, as far as the trainer has heard.
create table known_dataset (
    workspace text        not null,
    dataset   text        not null,
    frozen    jsonb       not null,
    tainted   text,
    heard_at  timestamptz not null default now(),
    primary key (workspace, dataset)
);

-- Versions of models that a run can start from.
create table known_version (
    workspace  text        not null,
    model      text        not null,
    version    int         not null,
    registered jsonb       not null,
    heard_at   timestamptz not null default now(),
    primary key (workspace, model, version)
);

create table champion (
    workspace text not null,
    model     text not null,
    version   int  not null,
    primary key (workspace, model)
);

-- Training runs: what was asked for, where the run stands, and who works on it until when.
create table run (
    id                text        primary key,
    workspace         text        not null,
    requested         jsonb       not null,
    requested_by      text        not null,
    cause             text        not null,
    state             text        not null,
    attempt           int         not null,
    setbacks          int         not null,
    reason            text,
    cancelled_by      text,
    completed         jsonb,
    lease_until       timestamptz,
    next_attempt_at   timestamptz not null default now(),
    furthest          int         not null default 0,
    step              int,
    steps             int,
    loss              double precision,
    tokens_per_second double precision,
    created_at        timestamptz not null default now(),
    started_at        timestamptz,
    ended_at          timestamptz
);

create index run_by_workspace on run (workspace, created_at desc);
create index run_to_do on run (created_at) where state in ('QUEUED', 'RUNNING', 'CANCELLING');
