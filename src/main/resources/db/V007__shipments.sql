-- The results of one job on their way to one target, until all of them have a receipt there.
create table shipment (
  job_id        text not null references job (id),
  target        text not null,
  tries         integer not null default 0,
  trouble_since bigint,
  said          text,
  due_at        bigint not null,
  arrived_at    bigint,
  given_up      integer not null default 0,
  lease_owner   text,
  lease_until   bigint,
  primary key (job_id, target)
);

create index shipment_due on shipment (target, due_at) where arrived_at is null;
