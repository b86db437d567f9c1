package io.klingdrop.provider.kling;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Where tasks are asked for. CometAPI's page of queries leaves the avatar out (2026), so there are
 * several places to try; the one that answered is tried first from then on. Thread-safe.
 */
final class QueryPaths {
  private final List<String> templates;
  private final Map<String, Integer> worked = new ConcurrentHashMap<>();

  QueryPaths(List<String> templates) {
    this.templates = templates;
  }

  /**
   * Asks where it worked last; if that place leads nowhere, at the others. Another place is only
   * believed when it knows the task: what it says about one it does not know proves nothing.
   *
   * @param create the path the task was created at
   * @param id ready for use in a path
   * @param leadsNowhere whether an answer says that there is no such place
   */
  KlingAnswer query(
      String create,
      String id,
      Function<String, KlingAnswer> ask,
      Predicate<KlingAnswer> leadsNowhere) {
    var start = worked.getOrDefault(create, 0);
    var usual = ask.apply(path(start, create, id));
    if (!leadsNowhere.test(usual)) {
      return usual;
    }
    for (int i = 1; i < templates.size(); i++) {
      var number = (start + i) % templates.size();
      var answer = ask.apply(path(number, create, id));
      if (answer.ok()) {
        worked.put(create, number);
        return answer;
      }
    }
    return usual;
  }

  private String path(int number, String create, String id) {
    return templates.get(number).replace("{create}", create).replace("{id}", id);
  }
}
