import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** Prints what is in some queues, one line each, the queue and the class header first: PORT QUEUE... */
class ReadQueues {
  public static void main(String[] args) throws Exception {
    try (var factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + args[0]);
        var connection = factory.createConnection()) {
      connection.start();
      var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
      for (int i = 1; i < args.length; i++) {
        var consumer = session.createConsumer(session.createQueue(args[i]));
        while (consumer.receive(1000) instanceof TextMessage message) {
          System.out.println(
              "MESSAGE %s %s %s"
                  .formatted(
                      args[i], message.getStringProperty("KlingdropFailClass"), message.getText()));
        }
      }
    }
  }
}
