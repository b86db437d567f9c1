package io.klingdrop.wire;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Bounds the heads of answers, which HttpClient by itself reads into memory however long they are.
 */
final class BoundedHeaders {
  /** Servers send some twenty. With the longest lines, a head has less than 1 MiB. */
  private static final int MOST_HEADERS = 100;

  /** A redirect to a signed address may have some thousand characters. */
  private static final int LONGEST_LINE = 10 * 1024;

  /** Heads that only announce another one (1xx); one or two are usual. */
  private static final int MOST_INTERIM_HEADS = 10;

  private BoundedHeaders() {}

  /** Makes connections that break off at a head without measure. */
  static HttpConnectionFactory<ManagedHttpClientConnection> connections() {
    var bounds =
        Http1Config.custom().setMaxHeaderCount(MOST_HEADERS).setMaxLineLength(LONGEST_LINE).build();
    return ManagedHttpClientConnectionFactory.builder()
        .http1Config(bounds)
        // its argument is not the configuration above
        .responseParserFactory(unused -> new Counting(new DefaultHttpResponseParser(bounds)))
        .build();
  }

  /** Reads the heads of one connection, for one thread at a time. */
  private static final class Counting implements HttpMessageParser<ClassicHttpResponse> {
    private final HttpMessageParser<ClassicHttpResponse> parser;
    private int interim;

    Counting(HttpMessageParser<ClassicHttpResponse> parser) {
      this.parser = parser;
    }

    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
        throws IOException, HttpException {
      var head = parser.parse(buffer, in);
      interim = head != null && head.getCode() < HttpStatus.SC_SUCCESS ? interim + 1 : 0;
      if (interim > MOST_INTERIM_HEADS) {
        throw new MessageConstraintException("the answer has no end of interim heads");
      }
      return head;
    }
  }
}
