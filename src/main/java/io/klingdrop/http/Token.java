package io.klingdrop.http;

import io.klingdrop.files.Private;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * What shows that a caller may read the data folder, where strangers can get as far as the port and
 * there is no login: 256 random bits, made once and kept in a file of the data folder that is its
 * owner's alone. A browser brings it as a cookie, a program as {@code Authorization: Bearer}.
 */
final class Token {
  static final String FILE = "operator-token";

  private static final String BEARER = "Bearer ";
  private static final int BYTES = 32;

  private final String text;
  private final String cookie;

  private Token(String text, int port) {
    this.text = text;
    // cookies know no ports: each studio of a machine has one of its own
    this.cookie = "klingdrop-" + port;
  }

  /** The token of that data folder, made if there is none. */
  static Token of(Path data, int port) throws IOException {
    var file = data.resolve(FILE);
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      var kept = Files.readString(file).strip();
      if (kept.matches("[A-Za-z0-9_-]{43}") && ownersAlone(file)) {
        return new Token(kept, port);
      }
    }
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    write(file, text);
    return new Token(text, port);
  }

  private static boolean ownersAlone(Path file) throws IOException {
    return !posix(file)
        || PosixFilePermissions.toString(Files.getPosixFilePermissions(file)).endsWith("------");
  }

  private static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Under another name first, so that it is never there for others or in half. */
  private static void write(Path file, String text) throws IOException {
    var fresh = file.resolveSibling("." + FILE + ".part");
    Files.deleteIfExists(fresh);
    try (var channel =
            Files.newByteChannel(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                Private.file(fresh));
        var out = Channels.newOutputStream(channel)) {
      out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The address of the operator's page with the token in it; for the operator's eyes only. */
  String address(int port) {
    return "http://localhost:" + port + OpsPaths.PAGE + "?token=" + text;
  }

  /** Whether the caller brings it, as a program or as a browser that has been given the cookie. */
  boolean isBroughtBy(HttpServerRequest request) {
    var authorization = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return is(authorization.substring(BEARER.length()).strip());
    }
    return request.cookies(cookie).stream().anyMatch(brought -> is(brought.getValue()));
  }

  boolean is(String said) {
    return MessageDigest.isEqual(Passwords.digest(said), Passwords.digest(text));
  }

  /** Lets a browser bring it from now on, to this program's own pages only. */
  void giveTo(HttpServerResponse response) {
    response.addCookie(
        Cookie.cookie(cookie, text)
            .setPath("/")
            .setHttpOnly(true)
            .setSameSite(CookieSameSite.STRICT));
  }
}
