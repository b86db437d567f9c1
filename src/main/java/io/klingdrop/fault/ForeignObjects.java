package io.klingdrop.fault;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Config;

/**
 * Java objects that come from outside in serialized form, such as a broker's object messages: made
 * anew, they run what their classes do, before a route sees them. klingdrop needs none; plain
 * values are let in, and what the remote management of Java needs. An operator who wants others
 * says so with {@code -Djdk.serialFilter}. Thread-safe.
 */
public final class ForeignObjects {
  private static final String PLAIN =
      "maxdepth=20;maxrefs=100000;maxarray=1000000;java.lang.*;java.math.*;java.time.*;"
          + "java.util.ArrayList;java.util.Arrays$ArrayList;java.util.CollSer;java.util.Date;"
          + "java.util.HashMap;java.util.HashSet;java.util.Hashtable;java.util.ImmutableCollections*;"
          + "java.util.LinkedHashMap;java.util.LinkedHashSet;java.util.LinkedList;java.util.Map$Entry;"
          + "java.util.Properties;java.util.TreeMap;java.util.TreeSet;java.util.UUID;java.util.Vector;"
          + "java.util.Collections$*;"
          + "java.rmi.**;javax.management.*;javax.management.openmbean.*;javax.management.remote.**;"
          + "!*";

  private ForeignObjects() {}

  /** From now on this process refuses them. Does nothing where an operator has set a filter. */
  public static void refuse() {
    if (Config.getSerialFilter() == null) {
      Config.setSerialFilter(filter());
    }
  }

  static ObjectInputFilter filter() {
    return Config.createFilter(PLAIN);
  }
}
