-- What engineers have laid down for the retraining of their models.
create table policy (
    workspace text        not null,
    model     text        not null,
    policy    jsonb       not null,
    set_by    text        not null,
    set_at    timestamptz not null default now(),
    since     timestamptz not null default now(),
    primary key (workspace, model)
);

-- Data sets that were frozen for a model, and whether a policy still has to decide on them.
create table policy_signal (
    seq          bigint      generated always as identity primary key,
    workspace    text        not null,
    model        text        not null,
    dataset      text        not null,
    frozen       jsonb       not null,
    cause        text        not null,
    state        text        not null default 'OPEN',
    next_look_at timestamptz not null default now(),
    heard_at     timestamptz not null default now(),
    unique (workspace, dataset)
);
create index policy_signal_open on policy_signal (next_look_at) where state = 'OPEN';
create index policy_signal_of_model on policy_signal (workspace, model, seq);

-- Every decision, with its reason.
create table policy_decision (
    id        bigint      generated always as identity primary key,
    workspace text        not null,
    model     text        not null,
    dataset   text        not null,
    outcome   text        not null,
    obstacle  text,
    reason    text        not null,
    run       text,
    campaign  text,
    story     text        not null,
    at        timestamptz not null default now()
);
create index policy_decision_of_model on policy_decision (workspace, model, id);
create index policy_decision_of_dataset on policy_decision (workspace, dataset, id);

-- Candidates that did not pass their gate.
create table policy_rejection (
    workspace text not null,
    model     text not null,
    version   int  not null,
    reason    text not null,
    primary key (workspace, model, version)
);

create index run_by_model on run (workspace, (requested ->> 'model'));
