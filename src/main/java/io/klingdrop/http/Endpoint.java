package io.klingdrop.http;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One path of the port and what answers it. Routes, the answers to wrong paths and the OpenAPI
 * document are made of these, so that none of them can say what is not so.
 *
 * @param path Camel's form, with {@code {names}}
 * @param id the route's id, empty for a path the port answers without a route
 * @param answers the media type of a good answer
 */
record Endpoint(
    String method,
    String path,
    String id,
    String summary,
    List<Input> inputs,
    String answers,
    Work work) {

  /** What answers a request. Runs on a worker thread. */
  @FunctionalInterface
  interface Work {
    Answer answer(Request request) throws Exception;
  }

  /** What a request may bring {@code in} its query, header, json or form; typed as in OpenAPI. */
  record Input(String in, String name, String type, boolean required, String meaning) {}

  Endpoint {
    inputs = List.copyOf(inputs);
  }

  static Endpoint get(String path, String id, String summary, Work work) {
    return new Endpoint("GET", path, id, summary, List.of(), Answer.JSON, work);
  }

  static Endpoint post(String path, String id, String summary, Work work) {
    return new Endpoint("POST", path, id, summary, List.of(), Answer.JSON, work);
  }

  /** A path that is answered beside the routes. */
  static Endpoint raw(String path, String summary, String answers) {
    return new Endpoint(
        "GET",
        path,
        "",
        summary,
        List.of(),
        answers,
        request -> Answer.error(404, "no-such-path", "not a route"));
  }

  Endpoint taking(Input... inputs) {
    return new Endpoint(method, path, id, summary, List.of(inputs), answers, work);
  }

  Endpoint answering(String type) {
    return new Endpoint(method, path, id, summary, inputs, type, work);
  }

  /** What a path looks like that means this one. */
  Pattern pattern() {
    return Pattern.compile(path.replaceAll("\\{[^}]+}", "[^/]+"));
  }
}
