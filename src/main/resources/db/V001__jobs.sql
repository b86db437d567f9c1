-- One text for SQLite and PostgreSQL. Times are epoch milliseconds, UTC.

create table job (
  id             text primary key,
  version        bigint not null,
  profile        text not null,
  sub_path       text not null,
  name           text not null,
  provider       text not null,
  model          text not null,
  state          text not null check (state in ('CLAIMED','READY','SUBMITTING','SUBMIT_UNKNOWN','RUNNING',
                   'GENERATED','FETCHED','DELIVERED','FAILED','CANCELLED','DUPLICATE')),
  fail_class     text check (fail_class in ('UNPAIRED','INVALID','REJECTED','GENERATION','PROVIDER','EXPIRED',
                   'SUBMIT_UNKNOWN','RESULT','DELIVERY')),
  fail_code      text,
  fail_message   text,
  http_status    integer,
  charged        text check (charged in ('NO','YES','UNKNOWN')),
  task_id        text,
  attempts       integer not null default 0,
  polls          integer not null default 0,
  request        text,
  content_key    text,
  duplicate_of   text,
  home           text,
  filed          integer not null default 0,
  audio_millis   bigint,
  estimate       double precision,
  credits        double precision,
  provider_word  text,
  trouble_since  bigint,
  tries          integer not null default 0,
  created_at     bigint not null,
  submitted_at   bigint,
  generated_at   bigint,
  delivered_at   bigint,
  due_at         bigint not null,
  lease_owner    text,
  lease_until    bigint
);

create index job_due on job (state, due_at);
create index job_unfiled on job (due_at) where filed = 0;
create index job_task on job (provider, task_id);

create table bundle_file (
  job_id  text not null references job (id),
  role    text not null check (role in ('IMAGE','AUDIO','SIDECAR')),
  name    text not null,
  sha256  text not null,
  bytes   bigint not null,
  shared  integer not null,
  primary key (job_id, name)
);

create table result_file (
  job_id          text not null references job (id),
  number          integer not null,
  url             text not null,
  file            text,
  sha256          text,
  bytes           bigint not null,
  extension       text,
  duration_millis bigint,
  primary key (job_id, number)
);

-- Which job speaks for a content: same media, same effective request, same provider and model.
create table content (
  content_key text primary key,
  job_id      text not null references job (id)
);

-- The timeline: rows are only ever added.
create table event (
  job_id text not null references job (id),
  seq    integer not null,
  at     bigint not null,
  state  text not null,
  note   text not null,
  primary key (job_id, seq)
);

-- Media made reachable for the provider; reused by the same job until it expires.
create table upload (
  job_id     text not null references job (id),
  name       text not null,
  url        text not null,
  expires_at bigint not null,
  primary key (job_id, name)
);

-- A target's word that it holds a result.
create table receipt (
  job_id   text not null references job (id),
  target   text not null,
  number   integer not null,
  location text not null,
  at       bigint not null,
  primary key (job_id, target, number)
);

-- Inputs that have served a job and stay in the inbox: never reported as unpaired.
create table shared_input (
  path text primary key,
  at   bigint not null
);

-- Lanes that are closed now. model is '' for the whole account.
create table lane (
  provider  text not null,
  model     text not null,
  cause     text not null,
  message   text not null,
  closed_at bigint not null,
  probe_at  bigint not null,
  probes    integer not null,
  primary key (provider, model)
);
