-- Who stands behind a pseudonym; the pseudonym says nothing about the account.
create table annotator (
    workspace text not null,
    account   text not null,
    pseudonym text not null unique,
    kind      text not null,
    primary key (workspace, account)
);

create table project (
    id               text primary key,
    workspace        text        not null,
    name             text        not null,
    source           text        not null,
    question         jsonb       not null,
    answers_per_item int         not null check (answers_per_item between 1 and 100),
    candidates       jsonb,
    guidelines       text        not null,
    lease_seconds    int         not null,
    shuffle_sides    boolean     not null,
    created_at       timestamptz not null default now()
);
create index on project (workspace, source);

-- Every accepted sample of every source: projects made later still find it.
create table sample (
    id          text primary key,
    workspace   text   not null,
    source      text   not null,
    external_id text   not null,
    slice       text   not null,
    content     jsonb  not null,
    subject     text,
    position    bigint generated always as identity
);
create index on sample (workspace, source);

-- A sample under the question of a project. PREPARING: its text is not looked at yet; ASKING: a model is asked for
-- candidates; READY: people may judge it; DONE: it has all its answers; SKIPPED: it is no task, with a reason.
create table task (
    id              text primary key default gen_random_uuid()::text,
    workspace       text        not null,
    project         text        not null references project,
    sample          text        not null references sample,
    state           text        not null default 'PREPARING'
                    check (state in ('PREPARING', 'ASKING', 'READY', 'DONE', 'SKIPPED')),
    reason          text,
    detail          text,
    prompt_sha256   text,
    candidates      jsonb       not null default '[]',
    wanted          int         not null,
    judged          int         not null default 0,
    -- judgements and open leases together: the seats of the task
    taken           int         not null default 0,
    attempts        int         not null default 0,
    next_attempt_at timestamptz not null default now(),
    cause           text        not null,
    position        bigint      generated always as identity,
    unique (project, sample),
    check (0 <= judged and judged <= taken and taken <= wanted)
);
create index task_open on task (project, taken desc, position) where state = 'READY' and taken < wanted;
create index task_unprepared on task (next_attempt_at) where state = 'PREPARING';

-- A seat at a task for one person for a while. EXPIRED and RETURNED seats are free again.
create table lease (
    id          text primary key,
    workspace   text        not null,
    project     text        not null references project,
    task        text        not null references task,
    annotator   text        not null,
    shown_order text[]      not null,
    state       text        not null default 'OPEN'
                check (state in ('OPEN', 'USED', 'EXPIRED', 'SKIPPED', 'RETURNED')),
    expires_at  timestamptz not null
);
create index on lease (task, annotator);
create index lease_open on lease (project, expires_at) where state = 'OPEN';
create unique index lease_one_seat on lease (task, annotator) where state in ('OPEN', 'USED');

create table judgement (
    id               text primary key,
    workspace        text        not null,
    project          text        not null references project,
    task             text        not null references task,
    lease            text        not null unique references lease,
    annotator        text        not null,
    kind             text        not null,
    -- what it comes to, for counting: a candidate id, `tie`, `bad`, or a label; nothing for a demonstration
    value            text,
    strength         int         not null default 0,
    text             jsonb,
    comment          jsonb,
    active_millis    bigint      not null default 0,
    given_at         timestamptz not null default now(),
    withdrawn_at     timestamptz,
    withdrawn_reason text,
    position         bigint      generated always as identity
);
create index on judgement (task) where withdrawn_at is null;
create index on judgement (project, position);

create table dataset (
    id              text primary key,
    workspace       text        not null,
    project         text        not null references project,
    name            text        not null,
    kind            text        not null,
    purpose         text        not null,
    seed            bigint      not null,
    held_out_share  double precision not null,
    train           jsonb       not null,
    held_out        jsonb       not null,
    merkle_root     text        not null,
    judgements      jsonb       not null,
    judgement_count int         not null,
    skipped         jsonb       not null,
    created_at      timestamptz not null default now()
);
create index on dataset (workspace, created_at);

create table dataset_judgement (
    dataset   text not null references dataset,
    ordinal   int  not null,
    judgement text not null references judgement,
    primary key (dataset, ordinal)
);
create index on dataset_judgement (judgement);
