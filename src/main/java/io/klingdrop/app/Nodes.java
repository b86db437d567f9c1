package io.klingdrop.app;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.node.Membership;
import io.klingdrop.node.NodeHome;
import io.klingdrop.node.SharedTime;
import io.klingdrop.process.StartException;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;

/** Enters this service among the nodes of its ledger. */
final class Nodes {

  private Nodes() {}

  /**
   * The place of this service, which does not beat yet.
   *
   * @param machine the clock of this machine
   * @param shared the same, or at a server the one that is to follow the server's
   * @throws StartException if a node of that name is alive elsewhere
   */
  static Membership enter(Settings settings, Database database, Time machine, Time shared) {
    if (!(shared instanceof SharedTime corrected)) {
      return Membership.alone(Holder.alone(NodeId.of(settings.folders().data())), machine);
    }
    var home = home(settings);
    var given = settings.node().name();
    var name = given.isEmpty() ? home.usualName() : given;
    var lease = settings.node().lease();
    var rows = new NodeRows(database.apart(), machine);
    rows.arrive(name, home.id(), StartLines.version(), lease)
        .ifPresent(
            why -> {
              throw new StartException(why);
            });
    corrected.set(rows.now());
    var holder = Holder.renewing(new NodeId(name), lease);
    var node = Membership.among(rows, holder, home.id(), lease, accounts(settings), machine);
    node.onBeat(share -> corrected.set(Instant.ofEpochMilli(share.now())));
    return node;
  }

  /** The accounts that this node can use. */
  static Set<String> accounts(Settings settings) {
    return settings.providers().stream()
        .filter(ProviderSettings::usable)
        .map(ProviderSettings::name)
        .collect(toUnmodifiableSet());
  }

  private static NodeHome home(Settings settings) {
    try {
      return NodeHome.of(settings.folders().data());
    } catch (IOException e) {
      throw new StartException(
          "the data folder %s cannot keep this node's id: %s"
              .formatted(settings.folders().data(), e.getMessage()));
    }
  }
}
