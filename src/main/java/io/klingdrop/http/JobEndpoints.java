package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Names;
import io.klingdrop.files.PlainNames;
import io.klingdrop.http.Endpoint.Input;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.JobPages;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.JobQuery;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Jobs, by page or one at a time, with their pictures and videos; searches may take seconds. */
record JobEndpoints(
    Settings settings, JobQueries queries, JobPages searched, Receipts receipts, JobJson jobs) {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  List<Endpoint> all() {
    var jobs = OpsPaths.JOBS;
    return List.of(
        Endpoint.get(
                jobs,
                "http-list-jobs",
                "Lists jobs, the newest first, one page at a time",
                this::list)
            .taking(
                new Input("query", "state", "string", false, "only jobs in this state"),
                new Input("query", "class", "string", false, "only jobs that failed as this"),
                new Input("query", "profile", "string", false, "only jobs of this profile"),
                new Input(
                    "query", "text", "string", false, "part of the name, or a whole id or task id"),
                new Input("query", "after", "string", false, "next of the page before"),
                new Input("query", "limit", "integer", false, "jobs on a page, 1 to 500")),
        Endpoint.get(
            jobs + "/{id}", "http-show-job", "Shows one job with its timeline", this::show),
        Endpoint.get(
                jobs + "/{id}/portrait",
                "http-send-portrait",
                "Sends the picture of one job",
                this::portrait)
            .answering("image/*"),
        Endpoint.get(
                jobs + "/{id}/results/{number}",
                "http-send-result",
                "Sends a video of one job, or a range of it",
                this::result)
            .answering("video/mp4"));
  }

  private Answer list(Request request) {
    var limit = request.parameter("limit").map(JobEndpoints::limit).orElse(PAGE);
    var query =
        new JobQuery(
            request.parameter("state").map(JobEndpoints::state),
            request.parameter("class").map(JobEndpoints::failureClass),
            request.part("profile"),
            request.part("text"),
            request.part("after"),
            limit + 1);
    List<Job> found;
    try {
      found = searched.jobs(query);
    } catch (IllegalArgumentException e) {
      throw new HttpFault(400, "bad-page", String.valueOf(e.getMessage()));
    }
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("jobs");
    jobs.listed(found.stream().limit(limit).toList()).forEach(list::add);
    json.put("next", found.size() > limit ? JobQuery.key(found.get(limit - 1)) : null);
    return Answer.json(json);
  }

  private static int limit(String text) {
    var limit = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > LARGEST_PAGE) {
      throw new HttpFault(400, "bad-limit", "limit is a number from 1 to " + LARGEST_PAGE);
    }
    return limit;
  }

  private static JobState state(String text) {
    return Arrays.stream(JobState.values())
        .filter(state -> state.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> new HttpFault(400, "no-such-state", "there is no state " + text));
  }

  private static FailureClass failureClass(String text) {
    return FailureClass.ofChannel(text)
        .orElseThrow(
            () -> new HttpFault(400, "no-such-class", "there is no failure class " + text));
  }

  private Job job(Request request) {
    return queries
        .job(request.part("id"))
        .orElseThrow(() -> new HttpFault(404, "no-such-job", "there is no such job"));
  }

  private Answer show(Request request) {
    return Answer.json(jobs.full(job(request)));
  }

  private Answer portrait(Request request) throws IOException {
    var job = job(request);
    for (var part : job.files()) {
      if (part.role() == Role.IMAGE) {
        for (var folder : homes(job)) {
          var file = PlainNames.find(folder, part.name());
          if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && Files.size(file) == part.bytes()
              && Hashes.sha256(file).equals(part.sha256())) {
            // a job's picture is this one for ever
            return FileAnswer.send(request, file, "private, max-age=86400");
          }
        }
      }
    }
    throw new HttpFault(404, "picture-gone", "the picture of this job is not here any more");
  }

  /** Where the sources of a job may be: what is not this very picture is not sent. */
  private List<Path> homes(Job job) {
    var below = Path.of(Names.safe(job.profile())).resolve(Names.safePath(job.subPath()));
    var folders = settings.folders();
    var homes = new ArrayList<Path>();
    if (job.home() != null) {
      homes.add(Path.of(job.home()));
    }
    homes.add(folders.archive().resolve(below));
    homes.add(folders.archive().resolve(below).resolve(Names.safe(job.name())));
    homes.add(folders.inbox().resolve(below));
    return homes;
  }

  private Answer result(Request request) throws IOException {
    var job = job(request);
    var number = request.part("number");
    var known =
        number.matches("\\d{1,4}")
            && job.results().stream()
                .anyMatch(result -> result.number() == Integer.parseInt(number));
    if (!known) {
      throw new HttpFault(404, "no-such-result", "this job has no such result");
    }
    var delivered =
        receipts
            .find(job.id(), "file", Integer.parseInt(number))
            .map(Path::of)
            .filter(Files::isRegularFile);
    var here = settings.folders().work(job.id()).resolve("out").resolve(number);
    var file = delivered.orElse(here);
    if (!Files.isRegularFile(file)) {
      throw new HttpFault(404, "video-gone", "this video is not here (any more)");
    }
    return FileAnswer.send(request, file, "private, no-cache");
  }
}
