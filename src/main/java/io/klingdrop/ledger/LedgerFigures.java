package io.klingdrop.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers a page or a metric shows of the whole ledger, in questions that stay quick however
 * many jobs there are. Changes nothing. Thread-safe.
 */
public record LedgerFigures(Database database) {
  /** How many failed jobs there are of each class; classes without jobs are absent. */
  public Map<String, Double> failures() {
    return numbers(
        "select fail_class, count(*) from job where fail_class is not null group by fail_class");
  }

  /** When the oldest open job of each state was made, in epoch milliseconds. */
  public Map<String, Double> oldest() {
    return numbers(
        "select state, min(created_at) from job where state in ('CLAIMED','READY','SUBMITTING',"
            + "'SUBMIT_UNKNOWN','RUNNING','GENERATED','FETCHED') group by state");
  }

  /** How long after their end finished tasks were noticed, in milliseconds, by account. */
  public Map<String, Double> lag() {
    return numbers(
        "select provider, avg(finished_millis - told_millis) from run_time where told_millis is not"
            + " null group by provider");
  }

  /**
   * How long after their end tasks were noticed on average, in milliseconds, in each hour from
   * {@code since} on. The keys are the hours since 1970; hours without any are absent.
   */
  public Map<String, Double> lags(Instant since) {
    return numbers(
        "select hour, avg(lag) from (select at / 3600000 as hour, finished_millis - told_millis as"
            + " lag from run_time where told_millis is not null and at >= ?) as ends group by hour",
        since.toEpochMilli());
  }

  /**
   * What the newest 200 delivered jobs took on average: {@code all} and {@code delivery}, in ms.
   */
  public Map<String, Double> took() {
    var newest =
        " from (select created_at, generated_at, delivered_at from job where state = 'DELIVERED'"
            + " and delivered_at is not null and generated_at is not null order by due_at desc"
            + " limit 200) as newest";
    return numbers(
        "select 'all', avg(delivered_at - created_at)"
            + newest
            + " union all select 'delivery', avg(delivered_at - generated_at)"
            + newest);
  }

  /**
   * How often jobs were delivered or failed in each hour from {@code since} on. The keys are the
   * hours since 1970 and the state, such as {@code 498000 FAILED}; hours without any are absent.
   */
  public Map<String, Double> ends(Instant since) {
    return numbers(
        "select hour || ' ' || state, count(*) from (select at / 3600000 as hour, state from event"
            + " where at >= ? and state in ('DELIVERED','FAILED')) as ends group by hour, state",
        since.toEpochMilli());
  }

  private Map<String, Double> numbers(String sql, Object... args) {
    var numbers = new TreeMap<String, Double>();
    database.query(row -> numbers.put(row.getString(1), row.getDouble(2)), sql, args);
    return numbers;
  }

  /** A number that grows whenever anything happens to any job. */
  public long pulse() {
    return database.number("select coalesce(max(at), 0) from event");
  }
}
