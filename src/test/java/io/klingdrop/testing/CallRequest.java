package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.SandboxAnswer;
import io.klingdrop.sandbox.task.SandboxRequest;

/** A call as the sandbox's endpoints take it, and what they answer as a reply to it. */
record CallRequest(Call call) implements SandboxRequest {

  @Override
  public String header(String name) {
    return call.header(name).orElse("");
  }

  @Override
  public String query(String name) {
    return call.query(name).orElse("");
  }

  @Override
  public String path() {
    return call.rawPath();
  }

  @Override
  public JsonNode json() {
    return call.json();
  }

  static Reply reply(SandboxAnswer answer) {
    var content = answer.content();
    return new Reply(answer.status(), answer.headers(), new Body(content.length(), content::open));
  }
}
