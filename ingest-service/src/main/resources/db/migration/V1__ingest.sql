-- Where rows come from and what their columns mean.
create table source (
    id         uuid        primary key,
    workspace  text        not null,
    name       text        not null,
    mapping    jsonb       not null,
    limits     jsonb       not null,
    created_by text        not null,
    created_at timestamptz not null default now(),
    unique (workspace, name)
);

-- One file that was sent. offered = accepted + refused after every batch; finished_at is null while it runs and stays so
-- if the service was killed: the file is sent again.
create table upload (
    id          uuid        primary key,
    workspace   text        not null,
    source      uuid        not null references source,
    name        text        not null,
    format      text        not null,
    bytes       bigint      not null,
    offered     bigint      not null default 0,
    accepted    bigint      not null default 0,
    refused     bigint      not null default 0,
    started_by  text        not null,
    started_at  timestamptz not null default now(),
    finished_at timestamptz
);
create index on upload (source);

create table upload_reason (
    upload uuid   not null references upload,
    reason text   not null,
    times  bigint not null,
    primary key (upload, reason)
);

create table refusal (
    upload uuid   not null references upload,
    at_row bigint not null,
    reason text   not null,
    detail text   not null,
    primary key (upload, at_row)
);

-- The text itself is behind content; fingerprint is the SHA-256 of the text without its metadata.
create table sample (
    number      bigint      generated always as identity primary key,
    id          uuid        not null unique,
    workspace   text        not null,
    source      uuid        not null references source,
    upload      uuid        not null references upload,
    at_row      bigint      not null,
    external_id text        not null,
    slice       text        not null,
    subject     text,
    fingerprint text        not null,
    content     jsonb       not null,
    accepted_at timestamptz not null default now(),
    unique (source, fingerprint),
    unique (source, external_id)
);
create index on sample (workspace, number);
create index on sample (source, number);

-- What production traffic said.
create table interaction (
    number      bigint      generated always as identity unique,
    workspace   text        not null,
    id          text        not null,
    model       text        not null,
    slice       text        not null,
    content     jsonb       not null,
    subject     text,
    recorded_at timestamptz not null default now(),
    primary key (workspace, id)
);

create table feedback (
    id          uuid        primary key,
    workspace   text        not null,
    interaction text        not null,
    rating      integer     not null,
    comment     jsonb,
    correction  jsonb,
    given_by    text        not null,
    given_at    timestamptz not null default now(),
    foreign key (workspace, interaction) references interaction (workspace, id)
);
create index on feedback (workspace, interaction);
