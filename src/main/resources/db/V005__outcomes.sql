-- Outcomes that others are still to be told of: one row for each outcome and way of telling. Written with the
-- change of state, taken away when the message has arrived.

create table outcome_number (
  last bigint not null
);

insert into outcome_number (last) values (0);

create table outcome (
  number      bigint not null,
  way         text not null check (way in ('CHANNEL','WEBHOOK')),
  id          text not null,
  -- a job, or a lane; what concerns one subject is told in order
  subject     text not null,
  type        text not null,
  data        text not null,
  folder      text,
  -- 0 until the files of the bundle have reached the folder the message names
  released    integer not null,
  at          bigint not null,
  due_at      bigint not null,
  tries       integer not null default 0,
  -- the endpoint that did not take it, and the endpoints that did
  waits_for   text,
  reached     text not null default '',
  error       text,
  lease_owner text,
  lease_until bigint,
  primary key (way, number)
);

create index outcome_subject on outcome (way, subject, number);
create index outcome_due on outcome (way, due_at);
