package io.klingdrop.poll;

import io.klingdrop.job.Job;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.RunTime;
import io.klingdrop.ledger.RunTimes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the run times of all models: read from the ledger once, held in memory, learned
 * anew for one model whenever one of its tasks has finished. Thread-safe; asking it never waits for
 * the database.
 */
final class Learned {
  private static final Logger LOG = LoggerFactory.getLogger(Learned.class);

  private final RunTimes runTimes;
  private final Duration firstLook;
  private final Map<Key, RunModel> models = new ConcurrentHashMap<>();

  private record Key(String provider, String model) {}

  /**
   * Reads what the ledger knows.
   *
   * @param firstLook no task is looked at earlier of our own will
   * @throws LedgerException if the database refuses
   */
  Learned(RunTimes runTimes, Duration firstLook) {
    this.runTimes = runTimes;
    this.firstLook = firstLook;
    runTimes.all().stream()
        .collect(Collectors.groupingBy(seen -> new Key(seen.provider(), seen.model())))
        .forEach(this::learn);
  }

  private void learn(Key key, List<RunTime> seen) {
    var runs = seen.stream().map(FinishedRun::of).flatMap(Optional::stream).toList();
    RunModel.of(runs).ifPresent(model -> models.put(key, model));
  }

  /** What is expected of the job's task, if enough tasks of its model have finished. */
  Optional<Expectation> expect(Job job) {
    return model(job).map(model -> model.expect(audioSeconds(job)));
  }

  /** How long the job's task usually takes, if enough tasks of its model have finished. */
  Optional<Duration> usual(Job job) {
    return model(job)
        .map(model -> Duration.ofMillis(Math.round(model.usual(audioSeconds(job)) * 1000)));
  }

  private Optional<RunModel> model(Job job) {
    return Optional.ofNullable(models.get(new Key(job.provider(), job.model())));
  }

  private static double audioSeconds(Job job) {
    var audio = job.cost().audioMillis();
    return audio == null ? 0 : audio / 1000.0;
  }

  /**
   * Learns from a task that was just found finished. A database that refuses costs one lesson and
   * nothing else.
   *
   * @param looked the job as it was claimed for this look
   * @param generated the job afterwards
   * @param told how long it ran by the provider's own word, null if that is not known
   */
  void finished(Job looked, Job generated, @Nullable Duration told) {
    if (told == null && !seenInTime(looked, generated)) {
      return;
    }
    var key = new Key(generated.provider(), generated.model());
    try {
      synchronized (this) {
        runTimes.keep(generated.id(), told);
        learn(key, runTimes.of(key.provider, key.model));
      }
    } catch (LedgerException e) {
      LOG.warn("{}: its run time is not learned: {}", generated.label(), e.getMessage());
    }
  }

  /**
   * Whether the look that found it finished says when it ended: it came when it was due, not after
   * a standstill, and not because a person brought or rechecked the task.
   */
  private boolean seenInTime(Job looked, Job generated) {
    var submitted = generated.times().submitted();
    var seen = generated.times().generated();
    if (submitted == null || seen == null) {
      return false;
    }
    var age = Duration.between(submitted, seen);
    var overdue = Duration.between(looked.times().due(), seen);
    return age.compareTo(firstLook) >= 0 && overdue.compareTo(age.dividedBy(4)) <= 0;
  }
}
