package io.klingdrop.camel;

import io.klingdrop.fault.OutOfMemory;
import io.klingdrop.job.JobLog;
import io.klingdrop.ledger.StaleJobException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims due work whenever its flag is raised, and runs its route for each piece: one thread
 * claims, as many as there are workers run. Nothing is claimed while the workers have enough to do,
 * and what was claimed when the route is stopped is given back unworked. Thread-safe.
 */
final class LedgerConsumer extends DefaultConsumer implements Suspendable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerConsumer.class);

  /** How soon a stop is noticed by who waits for a worker. */
  private static final long WAIT_MILLIS = 200;

  /**
   * How a consumer claims.
   *
   * @param bean the name of the bean that claims
   * @param method its method, without arguments, which answers a collection
   * @param as the exchange property that keeps what was claimed
   * @param workers how many are worked on at the same time
   */
  record Claim(String bean, String method, String as, int workers) {}

  private final String name;
  private final Flag flag;
  private final Claim claim;
  private final Semaphore free;
  private @Nullable ExecutorService claiming;
  private @Nullable ExecutorService workers;

  LedgerConsumer(Endpoint endpoint, String name, Flag flag, Claim claim, Processor processor) {
    super(endpoint, processor);
    this.name = name;
    this.flag = flag;
    this.claim = claim;
    this.free = new Semaphore(claim.workers());
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var threads = getEndpoint().getCamelContext().getExecutorServiceManager();
    workers = threads.newFixedThreadPool(this, name, claim.workers());
    claiming = threads.newSingleThreadExecutor(this, name + "-claims");
    claiming.execute(OutOfMemory.seenIn(this::claimUntilStopped));
  }

  @Override
  protected void doStop() throws Exception {
    var threads = getEndpoint().getCamelContext().getExecutorServiceManager();
    // who waits for the flag sees at once that it is over
    flag.raise();
    threads.shutdownGraceful(claiming);
    threads.shutdownGraceful(workers);
    super.doStop();
  }

  private boolean goesOn() {
    return isRunAllowed() && !isSuspendingOrSuspended();
  }

  private void claimUntilStopped() {
    try {
      while (isRunAllowed()) {
        flag.take();
        if (goesOn()) {
          for (var piece : claimed()) {
            hand(piece);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Object> claimed() {
    var leases = leases();
    if (leases != null && !leases.mayClaim()) {
      return List.of();
    }
    try {
      var bean = getEndpoint().getCamelContext().getRegistry().lookupByName(claim.bean());
      if (bean == null) {
        throw new IllegalStateException("there is no bean " + claim.bean());
      }
      var answer = bean.getClass().getMethod(claim.method()).invoke(bean);
      var pieces = answer instanceof Collection<?> all ? List.<Object>copyOf(all) : List.of();
      return pieces.stream().filter(this::begins).toList();
    } catch (ReflectiveOperationException | RuntimeException e) {
      var cause = e instanceof java.lang.reflect.InvocationTargetException ? e.getCause() : e;
      OutOfMemory.seen(cause);
      LOG.error(
          "{}: {}. It is tried again at the next heartbeat.", getRouteId(), String.valueOf(cause));
      return List.of();
    }
  }

  /** Waits for a worker; once the route stops, the rest of what was claimed goes back. */
  private void hand(Object piece) throws InterruptedException {
    while (goesOn()) {
      if (free.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        // a worker may have become free by the stop that ends all this
        if (goesOn()) {
          begin(piece);
          return;
        }
        free.release();
      }
    }
    giveBack(piece);
    ends(piece);
  }

  private void begin(Object piece) {
    try {
      Objects.requireNonNull(workers)
          .execute(
              OutOfMemory.seenIn(
                  () -> {
                    try {
                      work(piece);
                    } finally {
                      free.release();
                    }
                  }));
    } catch (RejectedExecutionException e) {
      free.release();
      giveBack(piece);
      ends(piece);
    }
  }

  private void work(Object piece) {
    var exchange = createExchange(false);
    exchange.getMessage().setBody(piece);
    exchange.setProperty(claim.as(), piece);
    var job = Subject.job(piece);
    var before = job == null ? null : JobLog.enter(job);
    try {
      getProcessor().process(exchange);
      if (exchange.getException() != null) {
        failed(exchange, piece, exchange.getException());
      }
    } catch (Exception e) {
      failed(exchange, piece, e);
    } finally {
      ends(piece);
      if (job != null) {
        JobLog.leave(before);
      }
      releaseExchange(exchange, false);
    }
  }

  /** The error handling of its route did not take it, as with what leaves a doTry uncaught. */
  private void failed(Exchange exchange, Object piece, Exception cause) {
    var stale = ObjectHelper.getException(StaleJobException.class, cause);
    if (stale != null) {
      LOG.info("{}; somebody else had it first", stale.getMessage());
      return;
    }
    LOG.error("{}: {}. It is tried again soon.", getRouteId(), cause.toString());
    LOG.debug("exchange {}", exchange.getExchangeId(), cause);
    giveBack(piece);
  }

  private void giveBack(Object piece) {
    var leases = leases();
    if (leases != null) {
      leases.giveBack(piece);
    }
  }

  /** One that is worked on here already, for longer than its lease, goes back. */
  private boolean begins(Object piece) {
    var leases = leases();
    if (leases == null || leases.begins(piece)) {
      return true;
    }
    leases.giveBack(piece);
    return false;
  }

  private void ends(Object piece) {
    var leases = leases();
    if (leases != null) {
      leases.ends(piece);
    }
  }

  private @Nullable Leases leases() {
    return getEndpoint().getCamelContext().getRegistry().findSingleByType(Leases.class);
  }
}
