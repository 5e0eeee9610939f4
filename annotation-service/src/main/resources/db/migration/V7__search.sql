-- What people read of a sample, as it is searched; samples whose text nobody has looked at yet have no row.
create table sample_text (
    sample    text primary key references sample,
    source    text     not null,
    -- how it begins
    excerpt   text     not null,
    words     tsvector not null,
    -- MinHash of the prompt, and the same in bands of which similar prompts share one
    signature int[]    not null,
    bands     int[]    not null
);
create index on sample_text using gin (words);
create index on sample_text using gin (bands);

-- When the text is to be looked at; nothing where it was.
alter table sample add column read_after timestamptz default now();
create index sample_unread on sample (read_after) where read_after is not null;

create index task_position on task (project, position);
create index task_state on task (project, state, position);

-- What the answers to a task come to, a moment after they were given.
create table verdict (
    task      text primary key references task,
    project   text   not null references project,
    -- of the task
    position  bigint not null,
    answers   int    not null,
    -- share of the pairs of answers that say the same; nothing below two
    agreement double precision,
    -- `says:VALUE`, `by:PSEUDONYM` and `under:VERSION` of every answer
    marks     text[] not null
);
create index verdict_position on verdict (project, position);
create index on verdict (project, agreement) where agreement is not null;
create index on verdict using gin (marks);

-- Whether a judgement is in its task's verdict.
alter table judgement add column counted boolean not null default false;
create index judgement_uncounted on judgement (task) where counted <> (withdrawn_at is null);
