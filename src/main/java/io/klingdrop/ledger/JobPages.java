package io.klingdrop.ledger;

import io.klingdrop.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Jobs by the page, in questions that stay quick however many jobs there are. Changes nothing.
 * Thread-safe.
 */
public record JobPages(Database database) {
  /**
   * One page of jobs.
   *
   * @throws IllegalArgumentException if the page's key is not one of ours
   */
  public List<Job> jobs(JobQuery query) {
    var where = new ArrayList<String>();
    var args = new ArrayList<Object>();
    if (query.state().isPresent()) {
      where.add("state = ?");
      args.add(query.state().get().name());
    }
    if (query.failureClass().isPresent()) {
      where.add("fail_class = ?");
      args.add(query.failureClass().get().name());
    }
    if (!query.profile().isEmpty()) {
      where.add("profile = ?");
      args.add(query.profile());
    }
    if (!query.text().isEmpty()) {
      where.add("(lower(name) like ? escape '!' or id = ? or task_id = ?)");
      var like = "%" + escaped(query.text().toLowerCase(Locale.ROOT)) + "%";
      args.addAll(List.of(like, query.text(), query.text()));
    }
    if (!query.after().isEmpty()) {
      if (!query.after().matches("\\d{1,15}-[\\w-]{1,100}")) {
        throw new IllegalArgumentException("after is not the end of a page");
      }
      var dash = query.after().indexOf('-');
      var at = Long.parseLong(query.after().substring(0, dash));
      where.add("(created_at < ? or (created_at = ? and id < ?))");
      args.addAll(List.of(at, at, query.after().substring(dash + 1)));
    }
    args.add(query.limit());
    var sql =
        "select * from job"
            + (where.isEmpty() ? "" : " where " + String.join(" and ", where))
            + " order by created_at desc, id desc limit ?";
    return Rows.jobs(database, sql, args.toArray());
  }

  private static String escaped(String text) {
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }
}
