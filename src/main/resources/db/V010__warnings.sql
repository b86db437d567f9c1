-- What the check found odd about a bundle that was sent all the same.
create table warning (
  job_id text not null references job (id),
  seq    integer not null,
  said   text not null,
  primary key (job_id, seq)
);
