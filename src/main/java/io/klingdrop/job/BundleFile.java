package io.klingdrop.job;

/**
 * One file of a bundle, as it was taken.
 *
 * @param role what it is to the bundle
 * @param name its name in the inbox, without folders
 * @param sha256 lower-case hex of its bytes
 * @param bytes its size
 * @param shared true for a copy of an input that serves many jobs and stays in the inbox
 */
public record BundleFile(Role role, String name, String sha256, long bytes, boolean shared) {}
