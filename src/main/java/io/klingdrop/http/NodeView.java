package io.klingdrop.http;

import io.klingdrop.ledger.NodeRows;
import io.klingdrop.ledger.Whereabouts;
import io.klingdrop.node.Membership;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What the port shows of nodes.
 *
 * @param node this one
 * @param rows all of them
 * @param ahead by how much the database's clock is ahead of this machine's
 */
public record NodeView(
    Membership node, NodeRows rows, Whereabouts whereabouts, Supplier<Duration> ahead) {}
