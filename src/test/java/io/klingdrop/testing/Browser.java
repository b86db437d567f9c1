package io.klingdrop.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.slf4j.LoggerFactory;

/** A real Chromium without a screen. */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Patience.LONG;

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts it, or skips the test, saying why, where there is none. */
  public static Browser start() {
    var chromium =
        Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(name -> found(name).stream())
            .findFirst();
    var driver = found("chromedriver");
    if (chromium.isEmpty() || driver.isEmpty()) {
      var missing =
          "there is no browser to drive; Debian has it in the packages chromium and"
              + " chromium-driver";
      LoggerFactory.getLogger(Browser.class).warn("Skipped: {}", missing);
      abort(missing);
    }
    var options = new ChromeOptions();
    options.setBinary(chromium.orElseThrow());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--mute-audio",
        "--autoplay-policy=no-user-gesture-required",
        "--lang=en-US",
        "--window-size=1360,900");
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.orElseThrow())
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  private static Optional<File> found(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> new File(folder, program))
        .filter(File::canExecute)
        .findFirst();
  }

  /** Goes to an address and waits until the page there says that it is ready. */
  public Browser open(String address) {
    driver.get(address);
    await("html[data-ready=yes]");
    return this;
  }

  /** Goes to an address and waits for nothing. */
  public void visit(String address) {
    driver.get(address);
  }

  public String address() {
    return String.valueOf(driver.getCurrentUrl());
  }

  /** The screen of a desk or of a phone, and what its owner likes. */
  public Browser screen(int width, int height, boolean dark, String language) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    var agent = String.valueOf(run("return navigator.userAgent"));
    driver.executeCdpCommand(
        "Network.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", language));
    return this;
  }

  public Object run(String script, Object... args) {
    return driver.executeScript(script, args);
  }

  /** What a script ends with that calls its last argument. */
  public Object runToEnd(String script) {
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return driver.executeAsyncScript(script);
  }

  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** The text of the first such element, empty if there is none. */
  public String text(String selector) {
    try {
      return all(selector).stream().findFirst().map(WebElement::getText).orElse("");
    } catch (StaleElementReferenceException e) {
      return "";
    }
  }

  public Browser await(String selector) {
    Patience.await("for " + selector).atMost(PATIENCE).until(() -> !all(selector).isEmpty());
    return this;
  }

  public Browser awaitText(String selector, String part) {
    Patience.await("for " + part + " in " + selector)
        .atMost(PATIENCE)
        .until(() -> text(selector).contains(part));
    return this;
  }

  /** Until there are that many. */
  public Browser awaitCount(String selector, int count) {
    Patience.await("for " + count + " " + selector)
        .atMost(PATIENCE)
        .until(() -> all(selector).size() == count);
    return this;
  }

  /** Clicks, again if the page has just drawn the element anew. */
  public Browser click(String selector) {
    Patience.await("to click " + selector)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              driver.findElement(By.cssSelector(selector)).click();
              return true;
            });
    return this;
  }

  public Browser type(String selector, String text) {
    driver.findElement(By.cssSelector(selector)).sendKeys(text);
    return this;
  }

  /** Presses keys, wherever the keyboard is now; a page that draws anew does not disturb it. */
  public Browser press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
    return this;
  }

  public Browser escape() {
    return press(Keys.ESCAPE);
  }

  /** Waits until every picture of the list is there. */
  public Browser awaitFaces() {
    Patience.await()
        .atMost(PATIENCE)
        .until(
            () ->
                run("return [...document.querySelectorAll('.face img')].every((i) => i.complete)"),
            Boolean.TRUE::equals);
    return this;
  }

  /** The serious and critical faults that axe finds in what is shown. */
  public List<?> faults() {
    try (var script = Browser.class.getResourceAsStream("/axe.min.js")) {
      if (script == null) {
        throw new IllegalStateException("axe.min.js is not on the class path");
      }
      driver.executeScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var found =
        runToEnd(
            "const done = arguments[0]; axe.run(document).then((found) => done(found.violations"
                + ".filter((one) => ['serious', 'critical'].includes(one.impact))"
                + ".map((one) => one.id + ' ' + one.nodes.map((node) => node.html"
                + " + ' ' + node.failureSummary).slice(0, 5).join(' | '))),"
                + " (error) => done([String(error)]))");
    return (List<?>) found;
  }

  /** Keeps what is shown as a picture, if the property klingdrop.pictures names a folder. */
  public Browser picture(String name) {
    var folder = System.getProperty("klingdrop.pictures", "");
    if (!folder.isEmpty()) {
      try {
        var to = Files.createDirectories(Path.of(folder)).resolve(name);
        Files.write(to, driver.getScreenshotAs(OutputType.BYTES));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return this;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
