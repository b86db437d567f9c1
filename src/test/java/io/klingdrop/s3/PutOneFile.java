package io.klingdrop.s3;

import io.klingdrop.files.Hashes;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.S3Settings;
import io.klingdrop.testing.S3Server;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** Puts one file into the test server's bucket: a process of its own, so that its heap is known. */
final class PutOneFile {

  private PutOneFile() {}

  public static void main(String[] args) throws Exception {
    var settings =
        new S3Settings(
            S3Server.BUCKET,
            "",
            "us-east-1",
            URI.create(args[0]),
            true,
            new S3Settings.Keys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY),
            "{name}",
            Long.parseLong(args[3]));
    var film = Path.of(args[2]);
    try (var store = new Store(settings, ProxySettings.NONE, film.resolveSibling("notes"))) {
      store.put(args[1], film, "video/mp4", Map.of(Stored.SHA256, Hashes.sha256(film)));
    }
  }
}
