package io.klingdrop.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.ProxyServer;
import io.klingdrop.testing.SettableTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One download at a time from a small server that does what it is told. */
@Timeout(300)
class DownloadTest {
  private static final byte[] FILM = "ten bytes.".repeat(1000).getBytes(StandardCharsets.US_ASCII);
  private static final String TAG = "\"tag-1\"";

  @TempDir private Path folder;
  private final List<Headers> heads = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private volatile boolean heardOut;
  private HttpServer server;
  private Path part;
  private Download download;

  /** What the server does with one call. */
  private interface Answer {
    void to(HttpExchange call) throws IOException;
  }

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.start();
    part = folder.resolve("1.part");
    download = download(true, 1_000_000);
  }

  private static Settings.Result result(boolean allowPrivate, long maxSize) {
    return new Settings.Result(
        allowPrivate, maxSize, Duration.ofMillis(400), Duration.ofMinutes(1));
  }

  private static Download download(boolean allowPrivate, long maxSize) {
    return new Download(result(allowPrivate, maxSize), ProxySettings.NONE, SettableTime.running());
  }

  @AfterEach
  void close() throws IOException {
    over.countDown();
    download.close();
    server.stop(0);
    workers.shutdownNow();
  }

  private String url(String path, Answer answer) {
    server.createContext(
        path,
        call -> {
          heads.add(call.getRequestHeaders());
          answer.to(call);
          call.close();
        });
    return url(path);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static void send(HttpExchange call, int status, Map<String, String> head, byte[] body)
      throws IOException {
    head.forEach(call.getResponseHeaders()::set);
    call.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    call.getResponseBody().write(body);
  }

  /** Announces all of the film, sends the first bytes of it and hangs up. */
  private static void cutOff(HttpExchange call, int bytes, Map<String, String> head)
      throws IOException {
    head.forEach(call.getResponseHeaders()::set);
    call.sendResponseHeaders(200, FILM.length);
    call.getResponseBody().write(FILM, 0, bytes);
    call.getResponseBody().flush();
    throw new IOException("the server hangs up");
  }

  private FetchException refused(String url) {
    return catchThrowableOfType(FetchException.class, () -> download.fetch(url, part));
  }

  private byte[] have() throws IOException {
    return Files.readAllBytes(part);
  }

  private static byte[] film(int from, int to) {
    return java.util.Arrays.copyOfRange(FILM, from, to);
  }

  @Test
  void aWholeFilmComesByteForByte() throws Exception {
    download.fetch(url("/film", call -> send(call, 200, Map.of(), FILM)), part);

    assertThat(have()).isEqualTo(FILM);
  }

  @Test
  void aFilmWithoutAnAnnouncedLengthComesWholeToo() throws Exception {
    var url =
        url(
            "/film",
            call -> {
              call.sendResponseHeaders(200, 0);
              call.getResponseBody().write(FILM);
            });

    download.fetch(url, part);

    assertThat(have()).isEqualTo(FILM);
  }

  @Test
  void noKeyIsSentAndNothingButTheBytesIsAskedFor() throws Exception {
    download.fetch(url("/film", call -> send(call, 200, Map.of(), FILM)), part);

    assertThat(heads).hasSize(1);
    assertThat(heads.get(0).keySet())
        .containsExactlyInAnyOrder("Accept-encoding", "Connection", "Host", "User-agent");
    assertThat(heads.get(0).getFirst("Accept-encoding")).isEqualTo("identity");
  }

  @Test
  void aServerThatAsksForAKeyGetsNoneEvenIfTheAddressHoldsOne() {
    var url =
        url("/film", call -> send(call, 401, Map.of("WWW-Authenticate", "Basic realm=x"), FILM));

    assertThat(refused(url.replace("http://", "http://user:secret@")))
        .hasMessageNotContaining("secret");

    assertThat(heads).noneMatch(head -> head.containsKey("Authorization"));
  }

  @Test
  void cookiesAreNotKept() throws Exception {
    var url = url("/film", call -> send(call, 200, Map.of("Set-Cookie", "a=b"), FILM));

    download.fetch(url, part);
    download.fetch(url, part);

    assertThat(heads).hasSize(2).noneMatch(head -> head.containsKey("Cookie"));
  }

  @Test
  void aBodyThatIsShorterThanAnnouncedIsNotAFilm() throws Exception {
    var url = url("/film", call -> cutOff(call, 4000, Map.of()));

    assertThat(refused(url)).hasMessageContaining("broke off");
    assertThat(refused(url).addressRefused()).isFalse();

    assertThat(have()).isEqualTo(film(0, 4000));
    assertThat(folder.resolve("1.part.etag")).doesNotExist();
  }

  @Test
  void anEndlessAnswerThatBreaksOffIsNotAFilm() {
    var url =
        url(
            "/film",
            call -> {
              call.sendResponseHeaders(200, 0);
              call.getResponseBody().write(FILM);
              call.getResponseBody().flush();
              throw new IOException("no last chunk");
            });

    assertThat(refused(url)).hasMessageContaining("broke off");
  }

  @Test
  void aCutOffFilmIsContinuedWhereItsTagIsStillTheSame() throws Exception {
    var tagged = Map.of("ETag", TAG);
    var url =
        url(
            "/film",
            call -> {
              if (heads.size() == 1) {
                cutOff(call, 4000, tagged);
              }
              send(
                  call,
                  206,
                  Map.of("ETag", TAG, "Content-Range", "bytes 4000-9999/10000"),
                  film(4000, 10_000));
            });
    assertThat(refused(url)).isNotNull();

    download.fetch(url, part);

    assertThat(heads.get(0).containsKey("Range")).isFalse();
    assertThat(heads.get(1).getFirst("Range")).isEqualTo("bytes=4000-");
    assertThat(heads.get(1).getFirst("If-Range")).isEqualTo(TAG);
    assertThat(have()).isEqualTo(FILM);
  }

  @Test
  void aFilmThatChangedMeanwhileIsTakenFromItsBeginning() throws Exception {
    begun(4000);
    var other = "other film".repeat(300).getBytes(StandardCharsets.US_ASCII);

    download.fetch(url("/film", call -> send(call, 200, Map.of("ETag", "\"tag-2\""), other)), part);

    assertThat(have()).isEqualTo(other);
    assertThat(folder.resolve("1.part.etag")).hasContent("\"tag-2\"");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 4000-9999/10000, \"tag-2\"",
    "bytes 0-9999/10000, \"tag-1\"",
    "bytes 40000-49999/50000, \"tag-1\"",
    "bytes 4000-8999/10000, \"tag-1\"",
    "bytes 4000-8999/*, \"tag-1\"",
    "'', \"tag-1\"",
    "nonsense, \"tag-1\""
  })
  void aContinuationThatDoesNotFitIsThrownAwayAndTheNextBeginsAnew(String range, String tag)
      throws Exception {
    begun(4000);
    var bytes = range.contains("-8999") ? film(4000, 9000) : film(4000, 10_000);
    var url =
        url("/film", call -> send(call, 206, Map.of("ETag", tag, "Content-Range", range), bytes));

    assertThat(refused(url)).hasMessageContaining("HTTP 206");

    assertThat(have()).isEqualTo(film(0, 4000));
    assertThat(refused(url)).isNotNull();
    assertThat(heads.get(1).containsKey("Range")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"W/\"tag-1\"", "tag-1", ""})
  void withoutAStrongTagNothingIsContinued(String tag) throws Exception {
    var url =
        url("/film", call -> cutOff(call, 4000, tag.isEmpty() ? Map.of() : Map.of("ETag", tag)));

    refused(url);
    refused(url);

    assertThat(heads).hasSize(2).noneMatch(head -> head.containsKey("Range"));
    assertThat(have()).isEqualTo(film(0, 4000));
  }

  @Test
  void aPartThatIsWholeAlreadyIsFetchedAnewWhenTheServerHasNothingToAdd() throws Exception {
    begun(10_000);
    var url =
        url(
            "/film",
            call ->
                send(
                    call,
                    call.getRequestHeaders().containsKey("Range") ? 416 : 200,
                    Map.of("ETag", TAG),
                    FILM));

    assertThat(refused(url)).hasMessageContaining("HTTP 416");
    download.fetch(url, part);

    assertThat(have()).isEqualTo(FILM);
  }

  @Test
  void aFilmOverTheSizeCapIsNotEvenBegun() throws Exception {
    download = download(true, FILM.length - 1);

    assertThat(refused(url("/film", call -> send(call, 200, Map.of(), FILM))))
        .hasMessageContaining("klingdrop.result.max-size");

    assertThat(part).doesNotExist();
  }

  @Test
  void aFilmOfExactlyTheSizeCapIsTaken() throws Exception {
    download = download(true, FILM.length);

    download.fetch(url("/film", call -> send(call, 200, Map.of(), FILM)), part);

    assertThat(have()).hasSize(FILM.length);
  }

  @Test
  void anUnannouncedFilmIsStoppedAtTheSizeCap() throws Exception {
    download = download(true, 5 * FILM.length);
    var url =
        url(
            "/film",
            call -> {
              call.sendResponseHeaders(200, 0);
              for (int i = 0; i < 10_000 && over.getCount() > 0; i++) {
                call.getResponseBody().write(FILM);
              }
            });

    assertThat(refused(url)).hasMessageContaining("klingdrop.result.max-size");

    assertThat(Files.size(part)).isLessThanOrEqualTo(5L * FILM.length);
  }

  @Test
  void theSizeCapCountsWhatIsHereAlready() throws Exception {
    begun(4000);
    download = download(true, FILM.length - 1);
    var head = Map.of("ETag", TAG, "Content-Range", "bytes 4000-9999/10000");

    assertThat(refused(url("/film", call -> send(call, 206, head, film(4000, 10_000)))))
        .hasMessageContaining("klingdrop.result.max-size");

    assertThat(have()).isEqualTo(film(0, 4000));
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() {
    var url = url("/film", call -> hold());

    assertThat(refused(url)).hasMessageContaining("broke off");

    assertThat(heardOut).isFalse();
  }

  @Test
  void aServerThatFallsSilentInTheMiddleIsGivenUp() throws Exception {
    var url =
        url(
            "/film",
            call -> {
              call.getResponseHeaders().set("ETag", TAG);
              call.sendResponseHeaders(200, FILM.length);
              call.getResponseBody().write(FILM, 0, 4000);
              call.getResponseBody().flush();
              hold();
            });

    assertThat(refused(url)).hasMessageContaining("broke off");

    assertThat(have()).isEqualTo(film(0, 4000));
    assertThat(folder.resolve("1.part.etag")).hasContent(TAG);
    assertThat(heardOut).isFalse();
  }

  @Test
  void aTrickleIsNotListenedToForLong() {
    var url =
        url(
            "/film",
            call -> {
              call.sendResponseHeaders(200, FILM.length);
              trickle(call);
            });

    assertThat(refused(url)).hasMessageContaining("trickles");

    assertThat(heardOut).isFalse();
  }

  @Test
  void redirectsAreFollowedToTheFilm() throws Exception {
    var film = url("/film", call -> send(call, 200, Map.of(), FILM));
    var url = url("/moved", call -> send(call, 302, Map.of("Location", film), new byte[0]));

    download.fetch(url, part);

    assertThat(have()).isEqualTo(FILM);
    assertThat(heads).hasSize(2).noneMatch(head -> head.containsKey("Authorization"));
  }

  @Test
  void aCircleOfRedirectsIsLeft() {
    var url =
        url("/round", call -> send(call, 302, Map.of("Location", url("/round")), new byte[0]));

    assertThat(refused(url)).hasMessageContaining("broke off");

    assertThat(heads).hasSizeLessThan(7);
  }

  @Test
  void fiveRedirectsAreEnough() {
    for (int i = 1; i <= 8; i++) {
      var next = url("/hop" + (i + 1));
      url("/hop" + i, call -> send(call, 302, Map.of("Location", next), new byte[0]));
    }

    assertThat(refused(url("/hop1"))).hasMessageContaining("broke off");

    assertThat(heads).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/film", "jar:file:/x!/y", "//", ""})
  void aRedirectLeadsToHttpOrNowhere(String location) {
    var url = url("/moved", call -> send(call, 302, Map.of("Location", location), new byte[0]));

    assertThat(refused(url)).isNotNull();

    assertThat(part).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "2130706433", "127.1", "[::1]", "10.0.0.1"})
  void aPrivateAddressIsNeverConnectedTo(String host) throws IOException {
    download = download(false, 1_000_000);
    var film = url("/film", call -> send(call, 200, Map.of(), FILM));

    assertThat(refused(film.replace("127.0.0.1", host))).hasMessageContaining("private address");

    assertThat(heads).isEmpty();
    assertThat(part).doesNotExist();
  }

  @Test
  void throughAProxyAResultComesFromAHostThatOnlyTheProxyKnows() throws Exception {
    url("/film", call -> send(call, 200, Map.of(), FILM));
    url(
        "/inside",
        call -> send(call, 302, Map.of("Location", "http://wiki.internal/film"), new byte[0]));
    try (var proxy = new ProxyServer("").leads("files.test", server.getAddress().getPort())) {
      var proxies =
          SettingsReader.load(folder, Map.of("HTTP_PROXY", proxy.url()), Map.of()).proxy();
      download = new Download(result(false, 1_000_000), proxies, SettableTime.running());

      download.fetch("http://files.test/film", part);
      assertThat(part).hasBinaryContent(FILM);
      assertThat(refused("http://10.1.2.3/film")).hasMessageContaining("private address");
      assertThat(refused("http://files.test/inside")).hasMessageContaining("private network");

      assertThat(proxy.heads())
          .extracting(head -> head.split(" ", 3)[1])
          .containsExactly("http://files.test/film", "http://files.test/inside");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "169.254.169.254", "localhost", "[::ffff:7f00:1]"})
  void aRedirectToAPrivateAddressIsNotFollowed(String host) throws Exception {
    var judge = new PublicAddresses(false, ProxySettings.NONE);
    download =
        new Download(
            result(true, 1_000_000),
            ProxySettings.NONE,
            SettableTime.running(),
            new SystemDefaultDnsResolver() {
              @Override
              public InetAddress[] resolve(String name) throws UnknownHostException {
                return name.equals("public.test")
                    ? new InetAddress[] {InetAddress.getLoopbackAddress()}
                    : judge.resolve(name);
              }
            },
            judge::judge);
    var film = url("/film", call -> send(call, 200, Map.of(), FILM));
    var target = film.replace("127.0.0.1", host);
    var url = url("/moved", call -> send(call, 302, Map.of("Location", target), new byte[0]));

    assertThat(refused(url.replace("127.0.0.1", "public.test")))
        .hasMessageContaining("private address");

    assertThat(heads).as("the redirect alone was asked for").hasSize(1);
    assertThat(part).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "401, true",
    "403, true",
    "404, true",
    "410, true",
    "400, false",
    "429, false",
    "500, false",
    "503, false",
    "204, false",
    "206, false",
    "304, false"
  })
  void anAnswerThatIsNoFilmSaysWhetherAFreshAddressMayHelp(int status, boolean fresh)
      throws Exception {
    var none = status == 204 || status == 304;
    var url = url("/film", call -> send(call, status, Map.of(), none ? new byte[0] : FILM));

    var refusal = refused(url);

    assertThat(refusal).hasMessageContaining("HTTP " + status);
    assertThat(refusal.addressRefused()).isEqualTo(fresh);
    assertThat(heads).as("calls made").hasSize(1);
    assertThat(part).doesNotExist();
  }

  @Test
  void anErrorPageDoesNotSpoilThePartThatIsHere() throws Exception {
    begun(4000);

    refused(
        url("/film", call -> send(call, 500, Map.of(), "<html>".getBytes(StandardCharsets.UTF_8))));

    assertThat(have()).isEqualTo(film(0, 4000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "film.mp4",
        "//host/film.mp4",
        "file:///etc/passwd",
        "ftp://host/film.mp4",
        "data:video/mp4;base64,AAAA",
        "https:/film.mp4",
        "https:film.mp4",
        "http://",
        "https://host name/film.mp4",
        "https://host/<film>"
      })
  void whatIsNoWebAddressIsNotAsked(String url) {
    assertThat(refused(url)).hasMessageContaining("address is not a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:word@",
        "http://:80/film.mp4",
        "http://@/film.mp4",
        "http://a.invalid:99999/"
      })
  void anAddressWithoutAHostLeadsNowhere(String url) {
    assertThat(refused(url)).isNotNull();
  }

  @Test
  void aHeadWithoutEndIsNotRead() {
    var url =
        url(
            "/film",
            call -> {
              for (int i = 0; i < 10_000; i++) {
                call.getResponseHeaders().set("X-" + i, "y".repeat(100));
              }
              call.sendResponseHeaders(200, FILM.length);
            });

    assertThat(refused(url)).hasMessageContaining("broke off");
    assertThat(part).doesNotExist();
  }

  @Test
  void aHeadThatComesDropByDropIsGivenUp() throws Exception {
    try (var slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      workers.execute(() -> dripHead(slow));

      assertThat(refused("http://127.0.0.1:" + slow.getLocalPort() + "/film"))
          .hasMessageContaining("broke off");
    }
  }

  private void dripHead(ServerSocket slow) {
    try (var line = slow.accept()) {
      line.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      while (!await(Duration.ofMillis(100))) {
        line.getOutputStream().write('x');
      }
    } catch (IOException e) {
      over.countDown();
    }
  }

  @Test
  void whatAServerSaysIsToldOnOneLine() {
    var url =
        url(
            "/moved",
            call -> send(call, 302, Map.of("Location", "htp:\u001b[2J\u0085x"), new byte[0]));

    assertThat(refused(url).getMessage().codePoints()).noneMatch(Character::isISOControl);
  }

  @Test
  void theSchemeMayBeWrittenLarge() throws Exception {
    var url = url("/film", call -> send(call, 200, Map.of(), FILM)).replace("http:", "HTTP:");

    download.fetch(url, part);

    assertThat(have()).isEqualTo(FILM);
  }

  @Test
  void aHostNameMayHoldAnUnderline() {
    assertThat(refused("http://a_bucket.invalid/film.mp4")).hasMessageContaining("broke off");
  }

  @Test
  void anEndlessErrorPageIsNotReadToItsEnd() {
    var url =
        url(
            "/film",
            call -> {
              call.sendResponseHeaders(500, 0);
              trickle(call);
            });

    assertThat(refused(url)).hasMessageContaining("HTTP 500");

    assertThat(heardOut).isFalse();
  }

  @Test
  void aDiskThatRefusesIsNotTheServersFault() {
    var url = url("/film", call -> send(call, 200, Map.of(), FILM));

    assertThat(
            catchThrowableOfType(
                IOException.class, () -> download.fetch(url, folder.resolve("gone/1.part"))))
        .isNotNull();
  }

  /** A part of which some bytes came before, with the tag they came with. */
  private void begun(int bytes) throws IOException {
    Files.write(part, film(0, bytes));
    Files.writeString(folder.resolve("1.part.etag"), TAG);
  }

  /** Sends a byte now and then, for ten seconds or until the client hangs up. */
  private void trickle(HttpExchange call) throws IOException {
    for (int i = 0; i < 200 && !await(Duration.ofMillis(50)); i++) {
      call.getResponseBody().write(FILM[i]);
      call.getResponseBody().flush();
    }
    heardOut = true;
  }

  /** Says nothing for ten seconds or until the test is over. */
  private void hold() {
    heardOut = !await(Duration.ofSeconds(10));
  }

  private boolean await(Duration time) {
    try {
      return over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
