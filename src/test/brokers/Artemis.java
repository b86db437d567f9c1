import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/** An ActiveMQ Artemis broker that keeps its messages in a folder: PORT FOLDER. */
class Artemis {
  public static void main(String[] args) throws Exception {
    var config =
        new ConfigurationImpl()
            .setSecurityEnabled(false)
            .setPersistenceEnabled(true)
            .setJournalDirectory(args[1] + "/journal")
            .setBindingsDirectory(args[1] + "/bindings")
            .setLargeMessagesDirectory(args[1] + "/large")
            .setPagingDirectory(args[1] + "/paging");
    config.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + args[0]);
    new EmbeddedActiveMQ().setConfiguration(config).start();
    System.out.println("broker ready");
    Thread.currentThread().join();
  }
}
