-- Annotators whose judgements in a data set were in doubt when it was frozen, with the figures.
alter table dataset add column doubts jsonb not null default '[]';
