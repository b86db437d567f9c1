-- Accounts at which no task is created because a disk that the finished video needs has no room.
create table no_room (
  provider text primary key,
  message  text not null,
  since    bigint not null
);
