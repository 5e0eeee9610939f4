-- The questions and guidelines of a project, version by version; a version never changes.
create table project_schema (
    project           text        not null references project,
    version           int         not null check (version >= 1),
    questions         jsonb       not null,
    guidelines        text        not null,
    -- the version in which the guidelines last changed
    guideline_version int         not null,
    created_at        timestamptz not null default now(),
    primary key (project, version)
);
insert into project_schema (project, version, questions, guidelines, guideline_version, created_at)
select id, 1, jsonb_build_array(question), guidelines, 1, created_at from project;

alter table project add column schema_version int not null default 1;
alter table project drop column question;
alter table project drop column guidelines;
-- What a person was asked, and what they answered to.
alter table lease add column schema_version int not null default 1;
alter table judgement add column schema_version int not null default 1;
alter table judgement add column guideline_version int not null default 1;

-- Every answer of a judgement; judgement.value, strength and text are those of the first question.
create table answer (
    judgement text not null references judgement,
    question  text not null,
    type      text not null,
    -- what it comes to, for counting; nothing where answers cannot be compared
    value     text,
    number    int,
    data      jsonb not null,
    -- the annotator's words, behind a reference
    text      jsonb,
    primary key (judgement, question)
);
insert into answer (judgement, question, type, value, data, text)
select j.id, 'answer', s.questions -> 0 ->> 'type', j.value,
       case when s.questions -> 0 ->> 'type' <> 'PAIRWISE' then jsonb_strip_nulls(jsonb_build_object('label', j.value))
            when j.value = 'bad' then '{"bothBad": true}'
            when j.value = 'tie' then '{"strength": 0}'
            else jsonb_build_object('choice', j.value, 'strength', abs(j.strength)) end, j.text
from judgement j join project_schema s on s.project = j.project;
