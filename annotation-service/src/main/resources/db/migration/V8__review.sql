-- How far the answers to a task are in doubt; nothing until it was worked out after the last change.
alter table verdict add column doubt double precision;
create index verdict_doubt on verdict (project, coalesce(doubt, 1 - agreement, 0) desc, task);
create index verdict_fresh on verdict (project) where doubt is null;

-- What somebody decided for a task. What people said of it stays.
create table adjudication (
    id               text primary key,
    workspace        text        not null,
    project          text        not null references project,
    task             text        not null references task,
    reviewer         text        not null,
    -- the judgement that is taken for right, or else an answer of the reviewer
    judgement        text references judgement,
    value            text,
    strength         int         not null default 0,
    data             jsonb       not null default '{}',
    reason           text        not null,
    decided_at       timestamptz not null default now(),
    withdrawn_at     timestamptz,
    withdrawn_reason text
);
create unique index adjudication_stands on adjudication (task) where withdrawn_at is null;
create index on adjudication (project, decided_at);

-- Which decisions are in a data set, beside its judgements.
create table dataset_adjudication (
    dataset      text not null references dataset,
    adjudication text not null references adjudication,
    primary key (dataset, adjudication)
);
create index on dataset_adjudication (adjudication);

-- The decisions that count: one that takes a judgement for right ends with it.
create view ruling as
select a.* from adjudication a left join judgement c on c.id = a.judgement
where a.withdrawn_at is null and c.withdrawn_at is null;

-- Who is asked: `cohort:NAME`, `skill:NAME` and `language:NAME`, of a person and as a project wants them.
alter table annotator add column tags text[] not null default '{}';
alter table project add column needs text[] not null default '{}';
alter table project add column by_language boolean not null default false;
-- Share of the tasks that get all the answers of the project; the others get one.
alter table project add column overlap double precision not null default 1 check (overlap between 0 and 1);
-- The language that the source names, in lower case.
alter table sample_text add column language text;

-- The same tasks get all answers whenever it is asked.
create function answers_wanted(sample text, answers int, overlap double precision) returns int
    language sql immutable parallel safe
    return case when (hashtextextended(sample, 5) & 1048575) < overlap * 1048576 then answers else 1 end;

-- Tasks with more come first.
alter table task add column priority int not null default 0;
drop index task_open;
create index task_open on task (project, priority desc, taken desc, position) where state = 'READY' and taken < wanted;

-- Something done with many tasks at once, and how each was before.
create table bulk (
    id         text primary key,
    workspace  text        not null,
    project    text        not null references project,
    manager    text        not null,
    action     text        not null check (action in ('skip', 'requeue', 'label', 'priority')),
    value      text        not null,
    query      jsonb       not null,
    tasks      int         not null default 0,
    applied_at timestamptz not null default now(),
    undone_at  timestamptz
);
create index on bulk (project, applied_at);
create table bulk_task (
    bulk     text not null references bulk,
    task     text not null references task,
    state    text not null,
    wanted   int  not null,
    priority int  not null,
    primary key (bulk, task)
);
