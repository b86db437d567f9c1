package io.klingdrop.provider.kling;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.provider.Call;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.Meaning;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped table makes of refusals; the business code decides, not the HTTP status. */
class KlingErrorsTest {
  private static final ErrorTable TABLE = ErrorTable.load(Path.of("no-such-folder"), "kling");

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1000 | 401 | authentication failed                     | key
          1001 | 401 | Authorization is empty                    | key
          1002 | 401 | api key not found                         | key
          1003 | 401 | not valid yet                             | key
          1004 | 401 | expired                                   | key
          1100 | 429 | account abnormal                          | credit
          1101 | 429 | account in arrears                        | credit
          1102 | 429 | Account balance not enough                | credit
          1103 | 403 | no permission                             | disabled
          1200 | 400 | parameters invalid                        | invalid
          1201 | 400 | image: key or value invalid               | invalid
          1201 | 400 | external_task_id duplicated               | lost
          1201 | 400 | the external_task_id already exists       | lost
          1202 | 404 | method invalid                            | address
          1203 | 404 | no such model                             | invalid
          1300 | 400 | platform policy                           | rejected
          1301 | 400 | content safety policy                     | rejected
          1302 | 429 | request rate too high                     | rate
          1303 | 429 | parallel task over resource pack limit    | full
          1304 | 429 | IP not allowed                            | key
          5000 | 500 | internal error                            | busy
          5001 | 503 | maintenance                               | maintenance
          5002 | 504 | internal timeout                          | lost
          comet_api_error | 401 | invalid token                  | key
          comet_api_error | 429 | slow down                      | rate
          comet_api_error | 500 | upstream broke                 | lost
          invalid_request | 500 | bad field                      | invalid
          comet_api_error | 503 | overloaded                     | busy
          comet_api_error | 504 | upstream timed out             | lost
          comet_api_error | 403 | no access to this group        | disabled
          insufficient_user_quota | 403 | quota                  | credit
          new_api_error   | 403 | 用户额度不足                     | credit
          model_not_found | 404 | no channel for kling-avatar    | disabled
          sensitive_words_detected | 400 | blocked               | rejected
          get_channel_failed | 500 | no channel                  | busy
          do_request_failed  | 500 | upstream failed             | lost
          fail_to_fetch_task | 500 | upstream failed             | lost
          read_request_body_failed | 413 | too large             | invalid
          invalid_request_error | 404 | Invalid URL (POST /v1/x) | address
          """)
  void aRefusedCreateTaskMeans(String code, int http, String message, String meaning) {
    assertThat(TABLE.meaning(Call.CREATE, code, message, http)).isEqualTo(Meaning.ofWord(meaning));
  }

  @ParameterizedTest
  @CsvSource({
    "200,lost", "301,address", "400,busy", "401,key", "403,key", "404,address", "405,address",
    "413,invalid", "429,rate", "500,lost", "502,lost", "503,busy", "504,lost", "524,lost"
  })
  void anAnswerWithoutACodeIsJudgedByItsStatus(int http, String meaning) {
    assertThat(TABLE.meaning(Call.CREATE, null, "", http)).isEqualTo(Meaning.ofWord(meaning));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1203           | 404 | resource does not exist | unknown-task
          task_not_exist | 400 | task_not_exist          | unknown-task
          1004           | 401 | expired                 | key
          1302           | 429 | rate                    | rate
          5000           | 500 | internal                | no-word
          1200           | 400 | odd                     | no-word
          1301           | 400 | policy                  | no-word
          comet_api_error| 500 | broke                   | no-word
          """)
  void aRefusedQueryNeverEndsATask(String code, int http, String message, String meaning) {
    assertThat(TABLE.meaning(Call.RECORD, code, message, http)).isEqualTo(Meaning.ofWord(meaning));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Image pixel is invalid                      | invalid
          File is not in a valid base64 format        | invalid
          audio duration is out of range              | invalid
          Failure to pass the risk control system     | rejected
          The content is blocked by the safety policy | rejected
          Task execution failed                       | generation
          """)
  void theReasonOfAFailedTaskDecidesItsClass(String message, String meaning) {
    assertThat(TABLE.meaning(Call.TASK, "", message, 200)).isEqualTo(Meaning.ofWord(meaning));
  }
}
