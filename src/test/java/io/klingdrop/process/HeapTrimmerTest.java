package io.klingdrop.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption.Origin;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HeapTrimmerTest {

  @Test
  void aHeapThatNobodyChoseIsKeptSmall() {
    var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    var before = machine.getVMOption("MaxHeapFreeRatio");

    HeapTrimmer.shrinkHeap();

    var after = machine.getVMOption("MaxHeapFreeRatio");
    assertThat(after.getValue())
        .isEqualTo(before.getOrigin() == Origin.DEFAULT ? "20" : before.getValue());
  }

  @Test
  void aBusyServiceIsLeftAlone() {
    assertThat(HeapTrimmer.idle(Duration.ofSeconds(1))).isTrue();
    assertThat(HeapTrimmer.idle(Duration.ofSeconds(5))).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void freeNativeMemoryGoesBackToTheSystem() {
    assertThat(HeapTrimmer.trim()).isTrue();
  }
}
