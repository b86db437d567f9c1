package io.klingdrop.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Shows a page once a second, in place on a terminal, elsewhere whenever it has changed. */
final class Live {
  private static final String HOME = "\033[H";
  private static final String REST_OF_LINE = "\033[K";
  private static final String REST_OF_SCREEN = "\033[J";

  private final PrintWriter out;
  private final boolean terminal;
  private final CountDownLatch never = new CountDownLatch(1);
  private String before = "";

  Live(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Shows what {@code page} writes, once a second; returns when the thread is interrupted. */
  int show(Consumer<PrintWriter> page) {
    if (terminal) {
      out.print(HOME + REST_OF_SCREEN);
    }
    try {
      do {
        draw(page);
      } while (!never.await(1, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.FINE;
  }

  private void draw(Consumer<PrintWriter> page) {
    var text = new StringWriter();
    var writer = new PrintWriter(text);
    page.accept(writer);
    writer.flush();
    var now = text.toString();
    if (terminal) {
      out.print(HOME + now.replace("\n", REST_OF_LINE + "\n") + REST_OF_SCREEN);
    } else if (!now.equals(before)) {
      out.println(now);
    }
    out.flush();
    before = now;
  }
}
