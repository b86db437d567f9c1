package io.klingdrop.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.time.SteadyTime;
import java.nio.file.Path;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server of files may list. */
class RemoteNamesTest {
  @TempDir private Path folder;

  @SuppressWarnings("unchecked")
  private boolean accepts(String uri, String name) throws Exception {
    try (var context = new DefaultCamelContext()) {
      new SourceRoutes(SteadyTime.ofThisMachine()).hold(context);
      context.getRegistry().bind("own", OWN);
      var endpoint = (GenericFileEndpoint<Object>) context.getEndpoint(uri);
      var file = new GenericFile<Object>();
      file.setFileName(name);
      file.setFileNameOnly(name);
      file.setRelativeFilePath(name);
      return endpoint.getFilter() == null || endpoint.getFilter().accept(file);
    }
  }

  private static final org.apache.camel.component.file.GenericFileFilter<Object> OWN =
      file -> !file.getFileName().endsWith(".tmp");

  @ParameterizedTest
  @ValueSource(
      strings = {"../host.png", "..", "avatar/../../other/host.png", "..\\host.png", "a/..\\b.png"})
  void aNameThatLeadsOutIsPassedOver(String name) throws Exception {
    assertThat(accepts("sftp://nobody@localhost:1/in", name)).isFalse();
    assertThat(accepts("ftp://nobody@localhost:1/in?recursive=true", name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"host.png", "avatar/host.png", "a..b.png", "...png", "avatar/..host.png"})
  void otherNamesAreRead(String name) throws Exception {
    assertThat(accepts("sftp://nobody@localhost:1/in", name)).isTrue();
  }

  @Test
  void theOperatorsOwnFilterIsAskedToo() throws Exception {
    assertThat(accepts("ftp://nobody@localhost:1/in?filter=#own", "host.tmp")).isFalse();
    assertThat(accepts("ftp://nobody@localhost:1/in?filter=#own", "host.png")).isTrue();
    assertThat(accepts("ftp://nobody@localhost:1/in?filter=#own", "../host.png")).isFalse();
  }

  @Test
  void theNamesOfOurOwnDiskNeedNoGuard() throws Exception {
    try (var context = new DefaultCamelContext()) {
      new SourceRoutes(SteadyTime.ofThisMachine()).hold(context);
      var endpoint = (GenericFileEndpoint<?>) context.getEndpoint("file:" + folder);
      assertThat(endpoint.getFilter()).isNull();
    }
  }
}
