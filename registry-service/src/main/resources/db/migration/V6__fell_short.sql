-- What people said of a champion stands beside the verdicts of examinations.
alter table evaluation add column fell_short jsonb;
