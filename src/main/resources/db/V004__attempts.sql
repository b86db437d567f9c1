-- One row for each createTask that was not simply refused and offered again. What it reserves, or what it
-- really took once that is known, counts against the caps of the UTC day it was submitted in.
create table attempt (
  job_id       text not null references job (id),
  number       integer not null,
  task_id      text,
  submitted_at bigint not null,
  ended_at     bigint,
  fail_code    text,
  fail_message text,
  charged      text check (charged in ('NO','YES','UNKNOWN')),
  reserved     double precision,
  credits      double precision,
  primary key (job_id, number)
);

create index attempt_submitted on attempt (submitted_at);
create index attempt_task on attempt (task_id);

insert into attempt (job_id, number, task_id, submitted_at, ended_at, fail_code, fail_message, charged,
  reserved, credits)
select id, attempts, task_id, coalesce(submitted_at, created_at), coalesce(generated_at, delivered_at),
  fail_code, fail_message,
  case when state in ('GENERATED','FETCHED','DELIVERED') then 'YES' else charged end,
  estimate, case when state = 'FAILED' and charged = 'NO' then 0 else credits end
from job where attempts > 0;

-- How often the program itself has paid for another attempt since a person last did.
alter table job add column retries integer not null default 0;

-- Why the money of the day does not reach for this ready job; null while it does.
alter table job add column held text;

create index job_held on job (created_at) where held is not null;

-- Who looks at the money of the day and takes some of it holds this row until it has committed.
create table purse (
  id   integer primary key,
  turn bigint not null
);

insert into purse (id, turn) values (1, 0);
