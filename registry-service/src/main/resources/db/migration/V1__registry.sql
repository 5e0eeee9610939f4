-- A name under which versions are kept; its row is locked while its champion or its next number is decided.
create table model (
    workspace  text        not null,
    name       text        not null,
    versions   int         not null default 0,
    created_at timestamptz not null default now(),
    primary key (workspace, name)
);

create table model_version (
    workspace   text        not null,
    name        text        not null,
    number      int         not null,
    commit_id   text        not null,
    digest      text        not null,
    run         text,
    base_name   text,
    base_number int,
    dataset     text,
    training    jsonb,
    created_by  text        not null,
    created_at  timestamptz not null default now(),
    state       text        not null default 'CANDIDATE',
    since       timestamptz not null default now(),
    evaluation  text,
    reasons     text[]      not null default '{}',
    primary key (workspace, name, number),
    foreign key (workspace, name) references model
);
create unique index one_champion on model_version (workspace, name) where state = 'CHAMPION';
create unique index one_version_of_a_run on model_version (workspace, run);
create index version_by_commit on model_version (workspace, name, commit_id);
create index version_by_base on model_version (workspace, base_name, base_number);
create index version_by_dataset on model_version (workspace, dataset);

create table version_file (
    workspace text    not null,
    name      text    not null,
    number    int     not null,
    path      text    not null,
    content   jsonb   not null,
    oid       text    not null,
    large     boolean not null,
    primary key (workspace, name, number, path),
    foreign key (workspace, name, number) references model_version
);

-- Finished runs that wait to become versions.
create table registration (
    run             text        primary key,
    workspace       text        not null,
    completed       jsonb       not null,
    cause           text        not null,
    state           text        not null default 'WAITING',
    attempts        int         not null default 0,
    next_attempt_at timestamptz not null default now(),
    problem         text
);
create index registration_waiting on registration (next_attempt_at) where state = 'WAITING';

create table import (
    id         text        primary key,
    workspace  text        not null,
    name       text        not null,
    created_by text        not null,
    created_at timestamptz not null default now(),
    number     int
);

create table import_file (
    import  text    not null references import,
    path    text    not null,
    content jsonb   not null,
    oid     text    not null,
    large   boolean not null,
    primary key (import, path)
);

-- Verdicts as eval gave them, and what came of each.
create table evaluation (
    id        text        primary key,
    workspace text        not null,
    name      text        not null,
    number    int         not null,
    completed jsonb,
    failure   text,
    outcome   text        not null,
    reasons   text[]      not null default '{}',
    at        timestamptz not null default now()
);
create index evaluation_of_version on evaluation (workspace, name, number);

create table alias (
    workspace text        not null,
    name      text        not null,
    alias     text        not null,
    number    int         not null,
    moved_by  text        not null,
    moved_at  timestamptz not null default now(),
    primary key (workspace, name, alias),
    foreign key (workspace, name, number) references model_version
);

create table dataset (
    workspace       text        not null,
    id              text        not null,
    frozen          jsonb       not null,
    state           text        not null default 'WAITING',
    attempts        int         not null default 0,
    next_attempt_at timestamptz not null default now(),
    problem         text,
    primary key (workspace, id)
);
create index dataset_waiting on dataset (next_attempt_at) where state = 'WAITING';

create table dataset_judgement (
    workspace text not null,
    dataset   text not null,
    position  int  not null,
    judgement text not null,
    primary key (workspace, dataset, position)
);
create index dataset_of_judgement on dataset_judgement (workspace, judgement);

-- Everything that any service told, as it was told.
create table activity (
    id          bigint generated always as identity primary key,
    source      text        not null,
    event       text        not null,
    topic       text        not null,
    type        text        not null,
    key         text        not null,
    time        timestamptz not null,
    workspace   text        not null,
    correlation text        not null,
    causation   text,
    depth       int         not null,
    summary     text        not null,
    payload     jsonb       not null,
    received_at timestamptz not null default now(),
    unique (source, event)
);
create index activity_of_workspace on activity (workspace, id);
create index activity_of_correlation on activity (workspace, correlation, id);
create index activity_of_key on activity (workspace, topic, key, id);
