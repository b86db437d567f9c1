package io.klingdrop.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.http.JobJson;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.JobQueries;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Optional;

/** What {@code --json} prints: jobs as the API shows them, one document, indented. */
final class Json {

  private Json() {}

  /** Jobs of these books; how long their tasks usually take only the service knows. */
  static JobJson jobs(JobQueries queries) {
    return new JobJson(queries, job -> Optional.empty(), InstantSource.system());
  }

  /** Prints the document, with what would move a cursor escaped; answers the exit code. */
  static int print(JsonNode document, PrintWriter out) {
    out.println(Text.escaped(document.toPrettyString()));
    return ExitCode.FINE;
  }
}
