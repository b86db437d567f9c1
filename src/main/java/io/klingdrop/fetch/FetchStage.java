package io.klingdrop.fetch;

import io.klingdrop.stage.StageContext;
import java.io.IOException;
import java.util.function.BiConsumer;

/** Puts the fetching of results together, {@code routes/fetch.camel.yaml}. */
public record FetchStage(Download download, Fetches fetches) implements AutoCloseable {

  /** The stage of this service. */
  public static FetchStage of(StageContext context) {
    var settings = context.settings();
    var download = new Download(settings.result(), settings.proxy(), context.clock());
    return new FetchStage(download, new Fetches(context, download));
  }

  /** Gives the routes their beans. */
  public void bindTo(BiConsumer<String, Object> registry) {
    registry.accept("fetches", fetches);
  }

  @Override
  public void close() throws IOException {
    download.close();
  }
}
