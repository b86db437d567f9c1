-- Which programs may run on these tables: those that know version `least` or a newer one, though the tables may be
-- newer than what they know. Scripts from here on only add, so that programs of two versions work side by side; one
-- that older programs cannot live with raises `least`. `program` is the klingdrop that brought the tables up to date
-- last, empty if it had no version.
create table schema_reader (
  least   integer not null,
  program text not null
);

insert into schema_reader (least, program) values (13, '');
