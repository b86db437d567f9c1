-- Accounts that a person has paused: no task is created there until a person resumes them.
create table pause (
  provider text primary key,
  since    bigint not null
);
