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
