package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares our verdicts with those of a general validator. */
class SchemaRulesTest {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "5",
          "-1",
          "0.3",
          "0.35",
          "5.5",
          "1e1",
          "\"\"",
          "\"5\"",
          "\"abc\"",
          "\"\uD83D\uDE00\uD83D\uDE00\"",
          "[]",
          "[1,2]",
          "[1,1]",
          "[\"a\",1]",
          "{}",
          "{\"a\":1}",
          "{\"a\":\"x\",\"b\":2}",
          "{\"c\":[{\"a\":1}]}");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"string\"}",
        "{\"type\":\"number\"}",
        "{\"type\":\"integer\"}",
        "{\"type\":[\"boolean\",\"null\"]}",
        "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}",
        "{\"enum\":[5,\"5\",null,[1,2]]}",
        "{\"const\":5}",
        "{\"minimum\":0,\"maximum\":5}",
        "{\"exclusiveMinimum\":0,\"exclusiveMaximum\":5}",
        "{\"multipleOf\":0.1}",
        "{\"multipleOf\":5}",
        "{\"minLength\":2,\"maxLength\":2}",
        "{\"pattern\":\"^a\"}",
        "{\"minItems\":1,\"maxItems\":2,\"uniqueItems\":true}",
        "{\"minProperties\":1,\"maxProperties\":1}",
        "{\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"number\"}}}",
        "{\"properties\":{\"a\":{}},\"additionalProperties\":false}",
        "{\"properties\":{\"c\":{\"items\":{\"required\":[\"b\"]}}}}",
        "{\"not\":{\"type\":\"string\"}}",
        "{\"allOf\":[{\"type\":\"number\"},{\"minimum\":1}]}",
        "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":1}]}",
        "{\"oneOf\":[{\"type\":\"number\"},{\"minimum\":1}]}",
        "{\"if\":{\"type\":\"number\"},\"then\":{\"minimum\":1},\"else\":{\"type\":\"string\"}}",
        "{\"if\":{\"type\":\"number\"},\"then\":{\"minimum\":1}}",
      })
  void bothAgreeOnEveryValue(String json) {
    JsonNode schema = JsonText.parse(json, "schema").root();
    var general = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    for (String text : VALUES) {
      JsonNode value = JsonText.parse(text, "value").root();
      assertThat(SchemaRules.breaches(schema, value).isEmpty())
          .as("%s against %s", text, json)
          .isEqualTo(general.validate(value).isEmpty());
    }
  }
}
