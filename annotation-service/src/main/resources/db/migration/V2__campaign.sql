alter table dataset add column campaign text;
alter table dataset add column model    text;

-- What happens when a model drifts; campaigns that are open keep what they were opened with.
create table campaign_plan (
    workspace        text             not null,
    model            text             not null,
    name             text             not null,
    question         jsonb            not null,
    guidelines       text             not null,
    answers_per_item int              not null,
    candidates       jsonb,
    budget           int              not null,
    minimum          int              not null,
    deadline_minutes int              not null,
    held_out_share   double precision not null,
    seed             bigint           not null,
    concerns         jsonb            not null,
    primary key (workspace, model)
);

-- Every alarm that was heard. WAITING: nobody has decided yet; OPENED: it opened a campaign; DECLINED: it did not, with
-- the reason.
create table drift (
    workspace       text        not null,
    id              text        not null,
    detected        jsonb       not null,
    state           text        not null default 'WAITING' check (state in ('WAITING', 'OPENED', 'DECLINED')),
    campaign        text,
    reason          text,
    cause           text        not null,
    attempts        int         not null default 0,
    next_attempt_at timestamptz not null default now(),
    heard_at        timestamptz not null default now(),
    primary key (workspace, id)
);
create index drift_waiting on drift (next_attempt_at) where state = 'WAITING';

create table campaign (
    id              text primary key,
    workspace       text             not null,
    model           text             not null,
    name            text             not null,
    drift           text             not null,
    concern         text             not null,
    explanation     text             not null,
    project         text             not null references project,
    budget          int              not null,
    minimum         int              not null,
    held_out_share  double precision not null,
    seed            bigint           not null,
    opened_at       timestamptz      not null default now(),
    deadline        timestamptz      not null,
    state           text             not null default 'OPEN' check (state in ('OPEN', 'CLOSED')),
    outcome         text,
    dataset         text references dataset,
    judgements      int,
    reason          text,
    closed_at       timestamptz,
    cause           text             not null,
    next_attempt_at timestamptz      not null default now(),
    unique (workspace, drift),
    check ((state = 'CLOSED') = (outcome is not null and reason is not null and closed_at is not null))
);
create unique index campaign_one_open on campaign (workspace, model) where state = 'OPEN';
