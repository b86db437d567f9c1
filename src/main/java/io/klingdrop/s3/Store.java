package io.klingdrop.s3;

import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.S3Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One bucket, with the few things done to it here. An object is never replaced. Thread-safe; the
 * SDK is loaded at the first use.
 *
 * <p>All methods throw {@link StoreException}.
 */
public final class Store implements AutoCloseable {
  private final S3Settings settings;
  private final ProxySettings proxies;
  private final UploadNotes notes;
  private @Nullable Access access;

  /**
   * The bucket of these settings.
   *
   * @param proxies what stands between here and it
   * @param data a folder of ours, for notes about uploads that are under way
   */
  public Store(S3Settings settings, ProxySettings proxies, Path data) {
    this(settings, proxies, data, false);
  }

  /** The same; {@code withOthers} where other nodes put objects into the bucket too. */
  public Store(S3Settings settings, ProxySettings proxies, Path data, boolean withOthers) {
    this.settings = settings;
    this.proxies = proxies;
    this.notes = new UploadNotes(data.resolve("uploads"), withOthers);
    allowTunnelLogin(proxies);
  }

  public S3Settings settings() {
    return settings;
  }

  /**
   * Has the JDK log in at the proxy of a tunnel, which it does not by itself since 8u111: the only
   * way to log in that there is, Basic, is left out. Said before anybody opens a connection; later
   * it is not heard.
   */
  private static void allowTunnelLogin(ProxySettings proxies) {
    var https = proxies.https();
    var leftOut = "jdk.http.auth.tunneling.disabledSchemes";
    if (https != null && https.login() && System.getProperty(leftOut) == null) {
      System.setProperty(leftOut, "");
    }
  }

  private synchronized Access access() {
    if (access == null) {
      access = Access.to(settings, proxies, notes);
    }
    return access;
  }

  /** The SDK's client, for Camel's endpoints: an {@code S3Client} that never replaces an object. */
  public Object client() {
    return access().client();
  }

  public Optional<Stored> find(String key) {
    return access().find(key);
  }

  /** Puts a file; large ones in parts, with a small part of it in memory. */
  public void put(String key, Path file, String type, Map<String, String> metadata) {
    access().put(key, file, type, metadata);
  }

  public void put(String key, String text, String type, Map<String, String> metadata) {
    access().put(key, text.getBytes(StandardCharsets.UTF_8), type, metadata);
  }

  /**
   * Puts a file under a random key, which nobody else can have: an object that is there is this
   * one, put by a try whose answer was lost.
   */
  public void putNew(String key, Path file, String type, Map<String, String> metadata) {
    once(() -> put(key, file, type, metadata));
  }

  private static void once(Runnable put) {
    try {
      put.run();
    } catch (StoreException e) {
      if (e.trouble() != StoreException.Trouble.TAKEN) {
        throw e;
      }
    }
  }

  /** The first bytes of an object, at most {@code most}, as text. */
  public String read(String key, int most) {
    return access().read(key, most);
  }

  /** Removes an object; one that is not there is no trouble. */
  public void remove(String key) {
    access().remove(key);
  }

  public List<Stored> list(String prefix) {
    return access().list(prefix);
  }

  /** An address that lets anybody read the object for that long: a secret. Asks nobody. */
  public String sign(String key, Duration ttl) {
    return access().sign(key, ttl);
  }

  /** Puts, reads and removes a small object, and says what the bucket is called. */
  public String probe() {
    var key = settings.prefix() + ".klingdrop-probe-" + UUID.randomUUID();
    once(() -> put(key, "This object may be removed.\n", "text/plain", Map.of()));
    find(key);
    remove(key);
    return settings.place();
  }

  @Override
  public synchronized void close() {
    if (access != null) {
      access.close();
    }
  }
}
