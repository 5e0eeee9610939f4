-- The trace id of a story is the UUID (version 3) of its name, as dev.gyre.delivery.Cause says it on the wire.
alter table activity add column trace text not null generated always as (
    substr(md5(correlation), 1, 12) || '3' || substr(md5(correlation), 14, 3)
    || translate(substr(md5(correlation), 17, 1), '0123456789abcdef', '89ab89ab89ab89ab') || substr(md5(correlation), 18)
) stored;
create index activity_of_trace on activity (workspace, trace, id);
-- A campaign counts its project's judgements, and finds the runs of its data set.
create index activity_of_project on activity (workspace, (payload ->> 'project')) where topic = 'judgements';
create index activity_of_dataset on activity (workspace, (payload ->> 'dataset')) where topic = 'trainings';
