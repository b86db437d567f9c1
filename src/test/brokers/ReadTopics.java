import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints what is in the topics of klingdrop, one line each, topic and key first: PORT. */
class ReadTopics {
  public static void main(String[] args) {
    var settings = new Properties();
    settings.put("bootstrap.servers", "127.0.0.1:" + args[0]);
    settings.put("group.id", "reader");
    settings.put("auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(Pattern.compile("klingdrop\\..*"));
      for (int silence = 0; silence < 5; ) {
        var records = consumer.poll(Duration.ofSeconds(1));
        silence = records.isEmpty() && !consumer.assignment().isEmpty() ? silence + 1 : 0;
        records.forEach(
            record ->
                System.out.println(
                    "MESSAGE " + record.topic() + " " + record.key() + " " + record.value()));
      }
    }
  }
}
