-- From a data set to the versions that learned from it again.
create index version_by_replay on model_version using gin ((training -> 'replay') jsonb_path_ops);
