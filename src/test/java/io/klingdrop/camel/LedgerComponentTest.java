package io.klingdrop.camel;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.job.JobState;
import io.klingdrop.ledger.DueWork;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.testkit.SampleJob;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claiming and flags in real routes; the stage's bean is a list of what is due. */
class LedgerComponentTest {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final LedgerComponent ledger = new LedgerComponent();
  private final Stage stage = new Stage();
  private final List<Object> given = new CopyOnWriteArrayList<>();
  private final List<Object> worked = new CopyOnWriteArrayList<>();

  /** What is due, batch by batch. */
  public static final class Stage {
    private final Queue<List<?>> due = new ArrayDeque<>();
    private final AtomicInteger claims = new AtomicInteger();
    private volatile boolean broken;

    synchronized void due(Object... pieces) {
      due.add(List.of(pieces));
    }

    public synchronized List<?> claimDue() {
      claims.incrementAndGet();
      if (broken) {
        throw new IllegalStateException("the database is locked");
      }
      return due.isEmpty() ? List.of() : due.remove();
    }
  }

  @BeforeEach
  void bind() {
    camel.getRegistry().bind("ledger", ledger);
    camel.getRegistry().bind("stage", stage);
    camel.getRegistry().bind("leases", (Leases) given::add);
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  private void route(String options, Processor work) throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("ledger:poll?bean=stage&method=claimDue" + options).routeId("work").process(work);
            from("direct:tick").to("ledger:poll");
          }
        });
    camel.start();
  }

  @Test
  void aMessageThatTellsWhereNothingIsDuePassesThoseOver() throws Exception {
    route("", exchange -> worked.add(exchange.getMessage().getBody()));
    tick();
    await().until(() -> stage.claims.get() == 1);

    camel.createProducerTemplate().sendBody("direct:tick", new DueWork(Set.of("poll")));
    stage.due("job");
    camel.createProducerTemplate().sendBody("direct:tick", new DueWork(Set.of("fetch")));
    await().until(() -> worked.equals(List.of("job")));

    assertThat(stage.claims).hasValue(2);
  }

  private void tick() {
    camel.createProducerTemplate().sendBody("direct:tick", "");
  }

  @Test
  void everyPieceThatIsDueRunsOnceAndIsRememberedAsTheRouteSays() throws Exception {
    stage.due("one", "two");
    route("&as=shipment", exchange -> worked.add(exchange.getProperty("shipment")));

    tick();

    await().until(() -> worked.size() == 2);
    assertThat(worked).containsExactlyInAnyOrder("one", "two");
    assertThat(given).isEmpty();
  }

  @Test
  void withoutAFlagNothingIsClaimed() throws Exception {
    stage.due("one");
    route("", exchange -> worked.add(exchange.getMessage().getBody()));

    assertThat(stage.claims).hasValue(0);
    ledger.raise("poll");
    await().until(() -> worked.size() == 1);
  }

  @Test
  void flagsRaisedDuringAClaimLeadToOneMore() throws Exception {
    var begun = new CountDownLatch(1);
    var end = new Semaphore(0);
    stage.due("one", "two");
    route(
        "",
        exchange -> {
          begun.countDown();
          end.acquire();
          worked.add(exchange.getMessage().getBody());
        });
    tick();
    begun.await();
    for (int times = 0; times < 5; times++) {
      tick();
    }

    end.release(2);

    await().until(() -> stage.claims.get() == 2 && worked.size() == 2);
    tick();
    await().until(() -> stage.claims.get() == 3);
  }

  @Test
  void noMoreRunAtTheSameTimeThanThereAreWorkers() throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var pairs = new java.util.concurrent.CyclicBarrier(2);
    stage.due(1, 2, 3, 4, 5, 6);
    route(
        "&workers=2",
        exchange -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          pairs.await();
          running.decrementAndGet();
          worked.add(exchange.getMessage().getBody());
        });

    tick();

    await().until(() -> worked.size() == 6);
    assertThat(most).hasValue(2);
  }

  @Test
  void whatBreaksOffIsGivenBackAndTheNextPieceRuns() throws Exception {
    stage.due("bad", "good");
    route(
        "",
        exchange -> {
          if (exchange.getMessage().getBody().equals("bad")) {
            throw new IllegalArgumentException("bad");
          }
          worked.add(exchange.getMessage().getBody());
        });

    tick();

    await().until(() -> worked.size() == 1);
    assertThat(given).containsExactly("bad");
  }

  @Test
  void whatSomebodyElseHasMovedIsNotGivenBackAlsoWhereItComesWrapped() throws Exception {
    var moved = new StaleJobException(SampleJob.in(JobState.FETCHED), JobState.DELIVERED);
    stage.due(moved, new IllegalStateException("part 2", moved), "good");
    route(
        "",
        exchange -> {
          if (exchange.getMessage().getBody() instanceof Exception fault) {
            throw fault;
          }
          worked.add(exchange.getMessage().getBody());
        });

    tick();

    await().until(() -> worked.size() == 1);
    assertThat(given).isEmpty();
  }

  @Test
  void aClaimThatFailsIsTriedAgainAtTheNextFlag() throws Exception {
    stage.due("one");
    stage.broken = true;
    route("", exchange -> worked.add(exchange.getMessage().getBody()));
    tick();
    await().until(() -> stage.claims.get() == 1);

    stage.broken = false;
    tick();

    await().until(() -> worked.size() == 1);
  }

  @Test
  void aStopLetsWorkUnderWayFinishAndGivesTheRestBack() throws Exception {
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    stage.due("first", "second", "third");
    route(
        "",
        exchange -> {
          begun.countDown();
          end.await();
          worked.add(exchange.getMessage().getBody());
        });
    tick();
    begun.await();

    var stopping = new Thread(camel::stop);
    stopping.start();
    await().until(() -> !camel.getStatus().isStarted());
    end.countDown();
    stopping.join();

    assertThat(worked).containsExactly("first");
    assertThat(given).containsExactly("second", "third");
  }

  /** The reason why a flag is no message: a queue that is full discards what was handed over. */
  @Test
  void aRouteThatRaisesAFlagKeepsItsCompletionWhichAFullQueueLoses() throws Exception {
    var completed = new AtomicInteger();
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:by-flag").onCompletion().process(this::completed).end().to("ledger:poll");
            from("direct:by-queue")
                .onCompletion()
                .process(this::completed)
                .end()
                .to("seda:nobody-listens?size=1&discardWhenFull=true");
          }

          private void completed(Exchange exchange) {
            completed.incrementAndGet();
          }
        });
    camel.start();
    var messages = camel.createProducerTemplate();

    for (int times = 0; times < 3; times++) {
      messages.sendBody("direct:by-queue", "");
    }
    assertThat(completed).as("one waits in the queue, two are lost").hasValue(0);
    for (int times = 0; times < 3; times++) {
      messages.sendBody("direct:by-flag", "");
    }
    assertThat(completed).hasValue(3);
  }

  @Test
  void aConsumerThatCannotClaimDoesNotStart() {
    assertThatThrownBy(
            () -> {
              camel.addRoutes(
                  new RouteBuilder() {
                    @Override
                    public void configure() {
                      from("ledger:poll").process(exchange -> {});
                    }
                  });
              camel.start();
            })
        .isInstanceOf(FailedToStartRouteException.class)
        .rootCause()
        .hasMessageContaining("ledger:poll needs bean and method");
  }

  @Test
  void itIsFoundByItsSchemeAlone() throws Exception {
    try (var fresh = new DefaultCamelContext()) {
      assertThat(fresh.getComponent("ledger")).isInstanceOf(LedgerComponent.class);
    }
  }
}
