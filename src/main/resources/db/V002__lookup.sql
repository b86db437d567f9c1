-- 1 while a task with a lost answer is looked for at the provider by the id we gave it.
alter table job add column lookup integer not null default 0;
