import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** Prints what is in a queue, one line each, the class header first: PORT QUEUE. */
class ReadQueue {
  public static void main(String[] args) throws Exception {
    try (var factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + args[0]);
        var connection = factory.createConnection()) {
      connection.start();
      var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
      var consumer = session.createConsumer(session.createQueue(args[1]));
      while (consumer.receive(2000) instanceof TextMessage message) {
        System.out.println(
            "MESSAGE " + message.getStringProperty("KlingdropFailClass") + " " + message.getText());
      }
    }
  }
}
