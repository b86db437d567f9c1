package io.klingdrop.app;

import io.klingdrop.job.Text;
import java.util.Arrays;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.spi.EndpointStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names a server of files (FTP, SFTP) lists. Camel reads, deletes and renames what was listed,
 * with our login: a name that leads out of the folder that is read would do so elsewhere on the
 * server. Such files and folders are passed over, by every route. Thread-safe.
 */
final class RemoteNames implements EndpointStrategy {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteNames.class);

  @Override
  public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
    // the names of our own disk are what the disk says
    if (endpoint instanceof GenericFileEndpoint<?> server && !(endpoint instanceof FileEndpoint)) {
      guard(server);
    }
    return endpoint;
  }

  private static <T> void guard(GenericFileEndpoint<T> server) {
    if (!(server.getFilter() instanceof Inside<T>)) {
      server.setFilter(new Inside<>(server.getFilter()));
    }
  }

  /** Asks the operator's own filter for what it lets through. */
  private record Inside<T>(@Nullable GenericFileFilter<T> next) implements GenericFileFilter<T> {
    @Override
    public boolean accept(GenericFile<T> file) {
      if (leadsOut(file.getFileNameOnly())
          || leadsOut(file.getFileName())
          || leadsOut(file.getRelativeFilePath())) {
        LOG.warn(
            "a server lists the name {}, which leads out of its folder; it is passed over",
            Text.oneLine(String.valueOf(file.getFileName()), 200));
        return false;
      }
      return next == null || next.accept(file);
    }
  }

  private static boolean leadsOut(@Nullable String name) {
    return name != null && Arrays.asList(name.split("[/\\\\]", -1)).contains("..");
  }
}
