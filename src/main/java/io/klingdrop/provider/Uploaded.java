package io.klingdrop.provider;

import java.time.Instant;

/** Media the provider can read at {@code url} until {@code expires}. */
public record Uploaded(String url, Instant expires) {}
