package io.klingdrop.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.http.Endpoint.Input;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.redrive.Verb;
import io.klingdrop.redrive.VerbRun;
import io.klingdrop.redrive.Verbs;
import io.klingdrop.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/** The verbs of the command line, for one job or for many. */
record ActionEndpoints(Settings settings, JobQueries queries, Ledger ledger, ObjectMapper mapper) {
  private static final int MOST = 1000;

  List<Endpoint> all() {
    return List.of(
        action("recheck", "Asks the provider about tasks again, free"),
        action("redeliver", "Fetches and delivers paid videos again, free"),
        action("cancel", "Stops jobs here; accepted tasks are still paid"),
        action(
            "attach",
            "Gives a job with a lost answer its task id, free",
            new Input("json", "taskId", "string", true, "the task's id")),
        action(
            "resubmit",
            "Submits jobs again, which pays",
            new Input("json", "pay", "boolean", true, "true: it may be paid")));
  }

  private Endpoint action(String verb, String summary, Input... more) {
    var inputs = new ArrayList<Input>();
    inputs.add(new Input("json", "jobs", "array", true, "ids of jobs, 1 to 1000"));
    inputs.add(new Input("json", "dryRun", "boolean", false, "true: only tell what would be done"));
    inputs.addAll(List.of(more));
    return Endpoint.post(
            OpsPaths.API + "/actions/" + verb,
            "http-" + verb + "-jobs",
            summary,
            request -> run(verb, Fields.of(request, inputs, mapper)))
        .taking(inputs.toArray(Input[]::new));
  }

  private Answer run(String name, Fields fields) {
    var ids = ids(fields);
    var verb = verb(name, fields, ids.size());
    var run = new VerbRun(verb, queries, ledger);
    var dry = fields.flag("dryRun");
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("jobs");
    var done = 0;
    var credits = 0.0;
    var unknown = 0;
    for (var id : ids) {
      var one = list.addObject().put("job", id);
      var answer = run.take(id, dry);
      if (answer instanceof VerbRun.Done did) {
        done++;
        one.put("done", !dry).put("code", did.effect()).put("message", did.said());
        if (verb.pays()) {
          var estimate = did.job().cost().estimate();
          one.put("estimate", estimate);
          credits += estimate == null ? 0 : estimate;
          unknown += estimate == null ? 1 : 0;
        }
      } else if (answer instanceof VerbRun.Refused not) {
        one.put("done", false).put("code", not.code()).put("message", not.reason());
      }
    }
    if (verb.pays()) {
      json.put("credits", credits).put("unknownPrices", unknown);
    }
    json.put("done", done);
    json.put("refused", ids.size() - done);
    return Answer.json(json);
  }

  private Verb verb(String name, Fields fields, int jobs) {
    return switch (name) {
      case "recheck" -> new Verbs.Recheck(settings);
      case "redeliver" -> new Verbs.Redeliver(settings);
      case "cancel" -> new Verbs.Cancel(queries);
      case "resubmit" -> {
        if (!fields.flag("pay") && !fields.flag("dryRun")) {
          throw new HttpFault(422, "pays", "submitting again pays: say \"pay\": true");
        }
        yield new Verbs.Resubmit(queries);
      }
      default -> {
        var taskId = fields.text("taskId").orElse("").strip();
        if (taskId.isEmpty() || taskId.length() > 200 || jobs != 1) {
          throw new HttpFault(422, "attach-one", "attach takes one job and a \"taskId\"");
        }
        yield new Verbs.Attach(taskId);
      }
    };
  }

  private static List<String> ids(Fields fields) {
    var ids = fields.texts("jobs");
    if (ids.isEmpty() || ids.size() > MOST) {
      throw new HttpFault(422, "jobs-list", "\"jobs\" is a list of 1 to " + MOST + " job ids");
    }
    return ids;
  }
}
