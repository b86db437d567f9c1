-- The services at this ledger, and what only one of them may do at a time. All times are those of the database.
create table node (
  name       text primary key,
  -- the data folder, by a random id: its lock lets only one service be alive there
  home       text not null,
  version    text not null,
  started_at bigint not null,
  beat_at    bigint not null,
  -- a node that has not beaten until then is gone
  until      bigint not null,
  state      text not null check (state in ('UP','DRAINING','DRAINED','STOPPED'))
);

-- Which node alone submits and polls at an account. A new owner raises the epoch; node is null for nobody.
create table lane_owner (
  provider text primary key,
  epoch    bigint not null,
  node     text,
  until    bigint not null
);

-- Everything else that is one node's at a time, by name: scan:..., chore:..., master:...
create table lease (
  name  text primary key,
  epoch bigint not null,
  node  text,
  until bigint not null
);

-- Which claim of the row it is: who held it before changes it no more. A job's version serves as its epoch.
alter table shipment add column epoch bigint not null default 0;
alter table outcome add column epoch bigint not null default 0;

-- A program that does not know these leases may not run beside those that do.
update schema_reader set least = 14;
