-- When recordInfo last found the task unfinished: its end lies between this and generated_at.
alter table job add column looked_at bigint;

-- How long finished tasks ran, the newest of each model; lengths are milliseconds since it was accepted.
create table run_time (
  job_id          text primary key references job (id),
  provider        text not null,
  model           text not null,
  audio_millis    bigint not null,
  working_millis  bigint,
  finished_millis bigint not null,
  told_millis     bigint,
  at              bigint not null
);

create index run_time_newest on run_time (provider, model, at);
