package io.klingdrop.stage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.files.Grounds;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.node.Membership;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Providers;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;

/**
 * What every stage is built from: the settings, the catalogue, the ledger and the accounts of one
 * running service, and its clock.
 *
 * @param database for what a stage keeps beside the jobs
 * @param holder who holds the leases of this service
 * @param node what this service may do alone
 * @param grounds whether the folders are those of before
 */
public record StageContext(
    Settings settings,
    Catalogue catalogue,
    Database database,
    Holder holder,
    Membership node,
    Ledger ledger,
    JobClaims claims,
    JobQueries queries,
    Receipts receipts,
    Grounds grounds,
    Providers providers,
    Lanes lanes,
    Callbacks callbacks,
    ObjectMapper mapper,
    Time clock) {}
