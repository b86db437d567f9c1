package io.klingdrop.fetch;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Units;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;
import io.klingdrop.wire.HttpClients;
import io.klingdrop.wire.ProxyRoutes;
import io.klingdrop.wire.UnreadAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.util.Timeout;

/**
 * Streams a result to disk. Sends no key, follows at most five redirects, never connects to a
 * private address unless allowed, stops at the size cap, at silence, at a trickle and at a head
 * that does not end. A part that was cut off is continued where the server can prove it is the same
 * file. Thread-safe.
 */
public final class Download implements AutoCloseable {
  /** Slower than this over the stall time counts as silence. */
  private static final long TRICKLE_BYTES = 4096;

  private final Settings.Result settings;
  private final Time time;
  private final CloseableHttpClient http;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(Download::daemon);

  public Download(Settings.Result settings, ProxySettings proxies, Time time) {
    this(settings, proxies, time, new PublicAddresses(settings.allowPrivateHosts(), proxies));
  }

  private Download(
      Settings.Result settings, ProxySettings proxies, Time time, PublicAddresses hosts) {
    this(settings, proxies, time, hosts, hosts::judge);
  }

  /** Downloads by these rules from the hosts that the two let through. */
  Download(
      Settings.Result settings,
      ProxySettings proxies,
      Time time,
      DnsResolver hosts,
      ProxyRoutes.Hosts judge) {
    this.settings = settings;
    this.time = time;
    var stall = Timeout.of(settings.stall());
    this.http =
        ProxyRoutes.led(UnreadAnswer.broken(HttpClientBuilder.create()), proxies, judge)
            .setConnectionManager(
                HttpClients.connections()
                    .setDnsResolver(hosts)
                    .setMaxConnPerRoute(16)
                    .setMaxConnTotal(32)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(Timeout.of(Duration.ofSeconds(10)))
                            .setSocketTimeout(stall)
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setResponseTimeout(stall)
                    .setMaxRedirects(5)
                    .setCircularRedirectsAllowed(false)
                    .build())
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
            .setUserAgent("klingdrop")
            .build();
  }

  /**
   * Brings the bytes behind {@code url} into {@code part}, whole.
   *
   * @throws FetchException if that did not work; what has come so far may stay in {@code part}
   * @throws IOException if the disk refuses
   */
  void fetch(String url, Path part) throws IOException {
    var request = request(url);
    var note = new PartNote(part);
    var have = note.resumeFrom();
    request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    if (have > 0) {
      request.setHeader(HttpHeaders.RANGE, "bytes=" + have + "-");
      request.setHeader(HttpHeaders.IF_RANGE, note.validator());
    }
    // each piece of a head may come in time, and the head never end
    var overdue = watch.schedule(request::abort, headWithinMillis(), TimeUnit.MILLISECONDS);
    try {
      http.execute(
          request,
          response -> {
            overdue.cancel(false);
            try {
              receive(response, part, note, have);
            } catch (IOException e) {
              // not even the little that may end the body is waited for
              request.abort();
              throw e;
            }
            return part;
          });
    } catch (FetchException e) {
      throw e;
    } catch (DiskFault e) {
      throw e.cause;
    } catch (IOException e) {
      throw new FetchException("the download broke off: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      // what java.net.URI takes and HttpClient does not, such as an address without a host
      throw new FetchException("the result's address leads nowhere: " + e.getMessage(), true);
    } finally {
      overdue.cancel(false);
    }
  }

  /** Six calls with the redirects, and time to spare. */
  private long headWithinMillis() {
    return settings.stall().multipliedBy(10).toMillis();
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "download-watch");
    thread.setDaemon(true);
    return thread;
  }

  private static HttpGet request(String url) throws FetchException {
    try {
      var uri = URI.create(url);
      var scheme = uri.getScheme();
      // no look at the host: java.net.URI knows none where a name holds an underline
      if (uri.getRawAuthority() != null
          && ("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme))) {
        return new HttpGet(uri);
      }
    } catch (IllegalArgumentException e) {
      throw new FetchException("the result's address is not a URL", e);
    }
    throw new FetchException("the result's address is not an http or https URL", true);
  }

  private void receive(ClassicHttpResponse response, Path part, PartNote note, long have)
      throws IOException {
    var status = response.getCode();
    var resumed = status == 206 && have > 0 && note.matches(response, have);
    if (status != 200 && !resumed) {
      note.forget();
      var refused = status == 401 || status == 403 || status == 404 || status == 410;
      throw new FetchException("the server of the result answers HTTP " + status, refused);
    }
    var from = resumed ? have : 0;
    var entity = response.getEntity();
    var announced = entity == null ? -1 : entity.getContentLength();
    if (announced > 0 && from + announced > settings.maxSize()) {
      throw tooLarge(from + announced);
    }
    if (!resumed) {
      note.keep(response);
    }
    if (entity == null) {
      throw new FetchException("the server of the result sent nothing", true);
    }
    copy(entity.getContent(), part, from, resumed);
    if (announced >= 0 && Files.size(part) != from + announced) {
      throw new FetchException(
          "%d of %d bytes came".formatted(Files.size(part), from + announced), false);
    }
  }

  private void copy(InputStream in, Path part, long from, boolean append) throws IOException {
    var total = from;
    var stallNanos = settings.stall().toNanos();
    var windowStart = time.nanos();
    var windowBytes = 0L;
    try (var out = open(part, append)) {
      var buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
        windowBytes += n;
        if (total > settings.maxSize()) {
          throw tooLarge(total);
        }
        write(out, buffer, n);
        CrashPoint.at("fetch.part-begun");
        if (time.nanos() - windowStart > stallNanos) {
          if (windowBytes < TRICKLE_BYTES) {
            throw new FetchException("the download trickles, under 4 KiB per stall time", false);
          }
          windowStart = time.nanos();
          windowBytes = 0;
        }
      }
    }
  }

  private static OutputStream open(Path part, boolean append) throws DiskFault {
    try {
      return append
          ? Files.newOutputStream(part, StandardOpenOption.APPEND)
          : Files.newOutputStream(part);
    } catch (IOException e) {
      throw new DiskFault(e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int n) throws DiskFault {
    try {
      out.write(buffer, 0, n);
    } catch (IOException e) {
      throw new DiskFault(e);
    }
  }

  private FetchException tooLarge(long bytes) {
    return new FetchException(
        "the result has %s, more than klingdrop.result.max-size (%s)"
            .formatted(Units.text(bytes), Units.text(settings.maxSize())),
        false);
  }

  @Override
  public void close() throws IOException {
    watch.shutdownNow();
    http.close();
  }

  /** Tells a fault of our disk from one of the wire. */
  private static final class DiskFault extends IOException {
    private final transient IOException cause;

    DiskFault(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
