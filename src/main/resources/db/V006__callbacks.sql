-- One row for each createTask that named an address to be called back at. Of the secret in that address only
-- its hash is kept.
create table callback (
  secret_hash text primary key,
  job_id      text not null references job (id),
  provider    text not null,
  attempt     integer not null,
  made_at     bigint not null,
  -- the task id a callback brought, and when the first one came
  task_id     text,
  heard_at    bigint
);

create unique index callback_attempt on callback (job_id, attempt);
create index callback_made on callback (made_at);

-- The operator's list: the newest jobs first, alone or of one state, class or profile.
create index job_newest on job (created_at, id);
create index job_profile on job (profile, created_at);
create index job_class on job (fail_class, created_at) where fail_class is not null;
create index event_at on event (at);

-- Idempotency keys of uploads, and what was answered.
create table upload_key (
  key    text primary key,
  answer text not null,
  at     bigint not null
);
