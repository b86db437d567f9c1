-- Which folders each node has used and on which disk they lay: paths and names of disks differ from machine to
-- machine. A service that has its ledger alone goes on with the table folder.
create table node_folder (
  node   text not null,
  path   text not null,
  kind   text not null,
  disk   text not null,
  used   bigint not null,
  primary key (node, path)
);

-- Who of the nodes used a kind of folder first (inbox, outbox, failed, duplicates, archive, work): the folders of all
-- others must bear the ledger's mark already.
create table folder_kind (
  kind   text primary key,
  node   text not null
);

insert into folder_kind (kind, node)
  select kind, '' from (select 'inbox' as kind union all select 'outbox' union all select 'failed'
    union all select 'duplicates' union all select 'archive') as kinds
  where exists (select 1 from folder);

-- Names in a target that a job is about to take, so that two nodes never choose the same.
create table chosen_name (
  target text not null,
  name   text not null,
  job_id text not null,
  at     bigint not null,
  primary key (target, name)
);

create index chosen_name_job on chosen_name (job_id);

-- The node that gives the files of a handed-in bundle their names; null where there is one node.
alter table reservation add column node text;
