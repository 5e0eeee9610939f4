-- Production traffic under watch. Positions grow in the order of commits, because writers take a lock first.
create table watched_interaction (
    position        bigint generated always as identity primary key,
    workspace       text        not null,
    interaction     text        not null,
    model           text        not null,
    number          int         not null,
    recorded        jsonb       not null,
    cause           text        not null,
    state           text        not null default 'NEW',
    attempts        int         not null default 0,
    next_attempt_at timestamptz not null default now(),
    reason          text,
    embedder        text,
    embedding       bytea,
    traits          jsonb,
    arrived_at      timestamptz not null default now(),
    unique (workspace, interaction)
);
create index watched_interaction_new on watched_interaction (position) where state = 'NEW';
create index watched_interaction_of_model on watched_interaction (workspace, model, position);

-- What people thought of it: the error stream of a model.
create table watched_feedback (
    position    bigint generated always as identity primary key,
    workspace   text        not null,
    model       text        not null,
    interaction bigint      not null references watched_interaction,
    rating      int         not null,
    cause       text        not null,
    given_at    timestamptz not null default now()
);
create index watched_feedback_of_model on watched_feedback (workspace, model, position);

-- Settings that differ from the configuration, per model.
create table monitor_settings (
    workspace text  not null,
    model     text  not null,
    settings  jsonb not null,
    primary key (workspace, model)
);

-- A watched stream. An era begins with a reference of its own; rows up to `since` belong to earlier eras.
create table drift_stream (
    workspace      text   not null,
    model          text   not null,
    concern        text   not null,
    era            int    not null default 1,
    since          bigint not null default 0,
    reference_from bigint,
    reference_to   bigint,
    taken          bigint not null default 0,
    looked         bigint not null default 0,
    seen           bigint not null default 0,
    windows        int    not null default 0,
    primary key (workspace, model, concern)
);

-- What was measured, a window at a time.
create table drift_window (
    workspace  text        not null,
    model      text        not null,
    concern    text        not null,
    era        int         not null,
    number     int         not null,
    first      bigint      not null,
    last       bigint      not null,
    verdict    text        not null,
    statistics jsonb       not null,
    measured_at timestamptz not null default now(),
    primary key (workspace, model, concern, era, number)
);

create table drift_alarm (
    id         text        not null primary key,
    workspace  text        not null,
    model      text        not null,
    concern    text        not null,
    era        int         not null,
    number     int         not null,
    detected   jsonb       not null,
    opened_at  timestamptz not null default now(),
    cleared_at timestamptz,
    cleared_number int,
    cleared    text
);
create unique index drift_alarm_open on drift_alarm (workspace, model, concern) where cleared_at is null;
create index drift_alarm_of_stream on drift_alarm (workspace, model, concern, opened_at);
