package io.klingdrop.ledger;

import java.time.Duration;
import java.util.ArrayList;

/** The tables of a program that is newer by one version, for PostgreSQL; may be made twice. */
final class NextSchema {
  private static final String ADDS =
      """
      create table if not exists piece (
        job_id text not null references job (id),
        number integer not null,
        primary key (job_id, number)
      );
      alter table job add column if not exists pieces integer not null default 1;
      alter table outcome add column if not exists pieces integer not null default 1;
      alter table shipment add column if not exists piece integer;
      create index if not exists job_pieces on job (pieces, due_at);
      """;

  /** Programs of the present version may run on them. */
  static final Schema FIT = after(Schema.OURS, ADDS);

  /** Only programs that know them may run on them. */
  static final Schema UNFIT =
      after(Schema.OURS, ADDS + "update schema_reader set least = " + version() + ";\n");

  private NextSchema() {}

  static int version() {
    return Schema.OURS.scripts().size() + 1;
  }

  /** A script whose one table takes that long to make. */
  static String slow(Duration time) {
    return "create table slow as select pg_sleep(%s) is null as done;%n"
        .formatted(time.toMillis() / 1000.0);
  }

  private static Schema after(Schema schema, String next) {
    var scripts = new ArrayList<>(schema.scripts());
    scripts.add("next");
    return new Schema(scripts, name -> name.equals("next") ? next : schema.text().apply(name));
  }
}
