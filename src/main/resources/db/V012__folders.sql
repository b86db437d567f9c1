-- Who this ledger is, and the folders it has used: each bears the ledger's id in a hidden file, and is known by
-- the disk it lay on the last time it was seen.
create table ledger_id (
  id text not null
);

create table folder (
  path   text primary key,
  disk   text not null,
  used   bigint not null
);
