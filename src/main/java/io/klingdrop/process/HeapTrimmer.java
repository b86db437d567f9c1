package io.klingdrop.process;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption.Origin;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what only the start needed. A virtual machine without options keeps a heap and malloc
 * arenas as large as the start once made them; a service that mostly waits needs half of that. A
 * busy one is left alone. What somebody set on the command line stays as it is.
 */
public final class HeapTrimmer {
  private static final Logger LOG = LoggerFactory.getLogger(HeapTrimmer.class);

  /** When the start's own work, and most of the compiler's after it, is over. */
  private static final Duration FIRST = Duration.ofSeconds(8);

  private static final Duration PERIOD = Duration.ofSeconds(15);

  /** Of one processor: a service that uses less than this just waits. */
  private static final double IDLE = 0.15;

  private HeapTrimmer() {}

  /** Begins in some seconds, in the background, and goes on; returns at once. */
  public static void begin() {
    var thread = new Thread(HeapTrimmer::keepOn, "thrift");
    thread.setDaemon(true);
    thread.start();
  }

  private static void keepOn() {
    try {
      TimeUnit.MILLISECONDS.sleep(FIRST.toMillis());
      for (var busy = Duration.ZERO; ; TimeUnit.MILLISECONDS.sleep(PERIOD.toMillis())) {
        var before = busy;
        busy = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        if (before.isZero() || idle(busy.minus(before))) {
          shrinkHeap();
        }
        var unused = trim();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether so much processor time in one period is little. */
  static boolean idle(Duration used) {
    return used.toMillis() < IDLE * PERIOD.toMillis();
  }

  /** Makes the heap small; under load it grows again as it needs. */
  static void shrinkHeap() {
    var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (machine != null) {
      // percent of the heap kept free; the least first, for it may never be above the most
      wish(machine, "MinHeapFreeRatio", "10");
      wish(machine, "MaxHeapFreeRatio", "20");
      System.gc();
    }
  }

  /** Gives the C library's free memory to the system; whether this machine can. */
  static boolean trim() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              new Object[] {new String[0]},
              new String[] {String[].class.getName()});
      return true;
    } catch (JMException | RuntimeException e) {
      LOG.debug("this virtual machine cannot trim its native memory", e);
      return false;
    }
  }

  private static void wish(HotSpotDiagnosticMXBean machine, String flag, String value) {
    try {
      var now = machine.getVMOption(flag);
      if (now.isWriteable() && now.getOrigin() == Origin.DEFAULT) {
        machine.setVMOption(flag, value);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("this virtual machine does not know {}", flag, e);
    }
  }
}
