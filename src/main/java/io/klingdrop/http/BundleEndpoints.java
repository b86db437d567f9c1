package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.http.Endpoint.Input;
import io.klingdrop.job.BundleException;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Reservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Takes bundles over HTTP and hands them in, like bundles from everywhere else. The answer is the
 * id the job will have, at once; the job is there when the inbox was read.
 */
record BundleEndpoints(JobQueries queries, BundleDoor door, JobJson jobs) {
  private static final String KEY = "Idempotency-Key";

  List<Endpoint> all() {
    return List.of(
        Endpoint.post(
                OpsPaths.BUNDLES,
                "http-take-bundle",
                "Drops a bundle into the inbox and answers with the id its job has or will have",
                this::take)
            .taking(
                new Input(
                    "header",
                    KEY,
                    "string",
                    false,
                    "the same call once only: the same key with the same bundle is answered with"
                        + " the same id and drops nothing, with another bundle it is refused (422);"
                        + " remembered for 7 days; 255 characters at most"),
                new Input("form", "profile", "string", false, "the profile; empty: the usual one"),
                new Input(
                    "form",
                    "name",
                    "string",
                    false,
                    "the name; empty: the picture's. One that is taken gets ~2"),
                new Input("form", "image", "file", false, "the picture"),
                new Input("form", "audio", "file", false, "the recording"),
                new Input("form", "sidecar", "file", false, "prompt or parameters")),
        Endpoint.get(
            OpsPaths.BUNDLES + "/{id}",
            "http-find-bundle",
            "Answers the job of a bundle that was dropped here, or 202 as long as there is none",
            this::find));
  }

  private Answer take(Request request) throws IOException {
    var files = new LinkedHashMap<String, Path>();
    for (var upload : request.uploads()) {
      if (files.put(upload.fileName(), upload.file()) != null) {
        var name = Text.oneLine(upload.fileName(), 100);
        throw new HttpFault(400, "field-each", "two files are called " + name, name);
      }
    }
    try {
      return answer(
          door.hand()
              .in(
                  request.header(KEY).orElse(""),
                  request.form("profile").orElse(""),
                  request.form("name").orElse(""),
                  files));
    } catch (BundleException e) {
      var fault = e.fault();
      var status = fault == Fault.NO_PROFILE || fault == Fault.KEY_REUSED ? 422 : 400;
      throw new HttpFault(status, fault.code(), String.valueOf(e.getMessage()), e.detail());
    }
  }

  private Answer find(Request request) {
    var id = request.part("id");
    var bundle = door.find().apply(id);
    if (bundle.isEmpty()) {
      throw new HttpFault(404, "no-such-bundle", "no bundle was dropped under this id");
    }
    if (!door.waits().test(bundle.get()) && queries.job(id).isEmpty()) {
      throw new HttpFault(
          410,
          "bundle-gone",
          "the files of this bundle were taken out of the inbox; nothing was sent or paid");
    }
    return answer(bundle.get());
  }

  private Answer answer(Reservation bundle) {
    var job = queries.job(bundle.jobId());
    if (job.isPresent()) {
      return Answer.json(201, jobs.brief(job.get()))
          .with("Location", OpsPaths.API + "/jobs/" + bundle.jobId());
    }
    var here = OpsPaths.BUNDLES + "/" + bundle.jobId();
    var waiting =
        JsonNodeFactory.instance
            .objectNode()
            .put("job", bundle.jobId())
            .put("profile", bundle.profile())
            .put("name", bundle.name())
            .put("location", here);
    return Answer.json(202, waiting).with("Location", here);
  }
}
