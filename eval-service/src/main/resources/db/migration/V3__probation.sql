-- New champions whose first ratings are compared with those of the version before them.
create table probation (
    id          text        not null primary key,
    workspace   text        not null,
    model       text        not null,
    number      int         not null,
    predecessor int         not null,
    state       text        not null default 'OPEN',
    cause       text        not null,
    ratings     int         not null default 0,
    looked      bigint      not null default 0,
    looks       jsonb       not null default '[]',
    reason      text,
    began_at    timestamptz not null default now(),
    ended_at    timestamptz,
    unique (workspace, model, number)
);
create index probation_open on probation (workspace, model) where state = 'OPEN';
create index watched_interaction_of_version on watched_interaction (workspace, model, number, position);
create index watched_feedback_of_interaction on watched_feedback (interaction, position);
