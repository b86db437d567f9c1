package io.klingdrop.wire;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.EofSensorInputStream;
import org.apache.hc.core5.http.io.EofSensorWatcher;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks the connection when an answer is put away before its end. HttpClient by itself reads the
 * rest first, to use the connection again, however long the rest is.
 */
public final class UnreadAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadAnswer.class);

  /** What may still be read: the end of a compressed body and the like. */
  private static final int LITTLE = 4096;

  private UnreadAnswer() {}

  /** Sees to all answers of a client that is being built, also those that only redirect. */
  public static HttpClientBuilder broken(HttpClientBuilder client) {
    return client.addExecInterceptorBefore(
        ChainElement.MAIN_TRANSPORT.name(), "unread", UnreadAnswer::wrapped);
  }

  private static ClassicHttpResponse wrapped(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    var response = chain.proceed(request, scope);
    var entity = response.getEntity();
    if (entity != null) {
      response.setEntity(new Body(entity, scope.execRuntime));
    }
    return response;
  }

  private static final class Body extends HttpEntityWrapper implements EofSensorWatcher {
    private final ExecRuntime connection;

    Body(HttpEntity entity, ExecRuntime connection) {
      super(entity);
      this.connection = connection;
    }

    @Override
    public InputStream getContent() throws IOException {
      return new EofSensorInputStream(super.getContent(), this);
    }

    @Override
    public void close() throws IOException {
      getContent().close();
    }

    @Override
    public boolean eofDetected(InputStream in) {
      return true;
    }

    @Override
    public boolean streamClosed(InputStream in) {
      return endsSoon(in) || streamAbort(in);
    }

    @Override
    public boolean streamAbort(InputStream in) {
      connection.discardEndpoint();
      try {
        in.close();
      } catch (IOException e) {
        LOG.debug("an answer that was not read to its end", e);
      }
      return false;
    }

    private static boolean endsSoon(InputStream in) {
      try {
        return in.readNBytes(LITTLE).length < LITTLE;
      } catch (IOException e) {
        return false;
      }
    }
  }
}
