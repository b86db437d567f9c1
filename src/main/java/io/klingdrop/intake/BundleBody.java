package io.klingdrop.intake;

import io.klingdrop.job.BundleException;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.Text;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The files of a bundle that a route hands over: a map of names and contents, or a folder. */
final class BundleBody {

  private BundleBody() {}

  /** The files by their names; junk in a folder is passed over. */
  static Map<String, Submission.Content> of(Exchange exchange) throws IOException {
    var body = exchange.getMessage().getBody();
    var contents = new TreeMap<String, Submission.Content>();
    if (body instanceof Map<?, ?> map) {
      map.forEach(
          (name, content) -> contents.put(String.valueOf(name), () -> open(exchange, content)));
      return contents;
    }
    try (var files = Files.list(folder(body))) {
      files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !InboxRules.junk(file.getFileName().toString()))
          .forEach(
              file -> contents.put(file.getFileName().toString(), Submission.Content.of(file)));
    }
    return contents;
  }

  /** The text of any other object, such as one a broker carried, is not taken for a path. */
  private static Path folder(@Nullable Object body) {
    if (body instanceof File file) {
      return file.toPath();
    }
    if (body instanceof Path || body instanceof CharSequence) {
      return Path.of(body.toString());
    }
    throw new BundleException(
        Fault.NO_CONTENT,
        "a bundle is a map of file names and contents, or the path of a folder",
        body == null ? "" : Text.oneLine(body.getClass().getName(), 200));
  }

  private static InputStream open(Exchange exchange, @Nullable Object content) throws IOException {
    if (content instanceof Path file) {
      return Files.newInputStream(file);
    }
    var in =
        exchange.getContext().getTypeConverter().convertTo(InputStream.class, exchange, content);
    if (in == null) {
      throw new BundleException(Fault.NO_CONTENT, "a file of the bundle has no content", "");
    }
    return in;
  }
}
