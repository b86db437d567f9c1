package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.provider.Lanes;
import io.klingdrop.redrive.Pauses;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

/** The lanes: which are closed and why, and a person's word to pause or resume one. */
record LaneEndpoints(Settings settings, Lanes lanes, Pauses pauses) {
  private static final String PATH = OpsPaths.API + "/lanes";

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            PATH,
            "http-list-lanes",
            "Lists the accounts, and which of them and of their models are closed now, and why",
            request -> Answer.json(list())),
        Endpoint.post(
            PATH + "/{lane}/pause",
            "http-pause-lane",
            "Creates no more tasks at an account until it is resumed; jobs wait",
            request -> change(request.part("lane"), Pauses::pause)),
        Endpoint.post(
            PATH + "/{lane}/resume",
            "http-resume-lane",
            "Lets jobs go to a paused account again",
            request -> change(request.part("lane"), Pauses::resume)));
  }

  private ObjectNode list() {
    var json = JsonNodeFactory.instance.objectNode();
    var accounts = json.putArray("accounts");
    for (var account : settings.providers()) {
      accounts
          .addObject()
          .put("provider", account.name())
          .put("setUp", account.usable())
          .put("paused", lanes.paused(account.name()))
          .put("findsTasks", account.quirks().lookup() != ProviderSettings.Lookup.OFF);
    }
    var closed = json.putArray("closed");
    for (var lane : lanes.all()) {
      closed
          .addObject()
          .put("provider", lane.provider())
          .put("model", lane.model())
          .put("cause", lane.cause())
          .put("message", lane.message())
          .put("since", lane.closedAt().toString())
          .put("nextLook", lane.nextLook().map(Instant::toString).orElse(null));
    }
    return json;
  }

  private Answer change(String lane, BiFunction<Pauses, String, String> verb) {
    var objection = pauses.objection(lane);
    if (objection.isPresent()) {
      throw new HttpFault(404, "no-such-lane", objection.get(), lane);
    }
    var said = verb.apply(pauses, lane);
    lanes.reread();
    return Answer.json(list().put("message", said));
  }
}
