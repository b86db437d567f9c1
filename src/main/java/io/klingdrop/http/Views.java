package io.klingdrop.http;

import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.health.HealthReport;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.EndedJobs;
import io.klingdrop.ledger.JobPages;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.LedgerFigures;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Tally;
import io.klingdrop.redrive.Pauses;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the port shows and changes. Health and life answer at once; what the ledger is asked keeps
 * no stage waiting.
 *
 * @param searched where jobs are looked for by a part of their name, apart from the rest
 * @param usual how long the task of a job usually takes, if that is known
 */
public record Views(
    Supplier<HealthReport> health,
    Supplier<HealthReport> life,
    Catalogue catalogue,
    JobQueries queries,
    LedgerFigures figures,
    JobPages searched,
    Ledger ledger,
    Receipts receipts,
    Lanes lanes,
    Pauses pauses,
    Callbacks callbacks,
    Providers providers,
    Tally tally,
    OutcomeRows outcomes,
    EndedJobs milestones,
    BundleDoor door,
    NodeView nodes,
    Function<Job, Optional<Duration>> usual) {}
