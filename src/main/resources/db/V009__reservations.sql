-- Job ids that senders of whole bundles were told before the files are taken, and what the files are. These rows
-- take the place of the table upload_key, which is not used any more.
create table reservation (
  job_id   text primary key,
  -- hash of the sender's Idempotency-Key, null for none
  key_hash text unique,
  -- hash of all that was sent: profile, name asked for, files
  content  text not null,
  profile  text not null,
  name     text not null,
  at       bigint not null,
  -- 1 once all files have their names in the inbox
  revealed integer not null default 0
);

create index reservation_at on reservation (at);

-- The files of such a bundle: where they get their name, and under which hidden one they are whole before.
create table reservation_file (
  job_id text not null references reservation (job_id) on delete cascade,
  path   text not null,
  part   text not null,
  bytes  bigint not null,
  sha256 text not null,
  primary key (job_id, path)
);

create index reservation_path on reservation_file (path);
