package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.testing.CrashFlow;
import io.klingdrop.testing.CrashSite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at every named point of a job's way, then a new start: no task twice, none forgotten, no
 * file lost, no output half. In one folder the program dies point after point, each time with fresh
 * bundles beside those the deaths before left behind; so most bundles see several deaths.
 */
class CrashPointsIT {
  private static final List<String> FAILING =
      List.of(
          "poll.failed-committed",
          "failure.folder-begun",
          "failure.note-written",
          "failure.folder-named",
          "failure.text-written",
          "failure.before-move",
          "failure.moved",
          "failure.filed-committed",
          "failure.work-cleared",
          "intake.refusal-committed");

  @TempDir private Path temp;

  @Test
  void diesAtEveryPointOfTheWayToAFilm() throws Exception {
    try (var site = new CrashSite(temp)) {
      for (var point : ofTheWay()) {
        assertThat(site.drop(CrashFlow.SUCCESS).diedAt(point)).as(point).isTrue();
      }
      site.finish();
    }
  }

  @Test
  void diesAtEveryPointOfAFailure() throws Exception {
    try (var site = new CrashSite(temp)) {
      for (var point : FAILING) {
        assertThat(site.drop(CrashFlow.FAILURE).diedAt(point)).as(point).isTrue();
      }
      site.finish();
    }
  }

  @Test
  void diesWhileItFilesADuplicate() throws Exception {
    try (var site = new CrashSite(temp)) {
      for (var point :
          List.of(
              "intake.verdict-committed:2",
              "failure.folder-begun",
              "failure.folder-named",
              "failure.duplicate-noted",
              "failure.moved",
              "failure.filed-committed")) {
        assertThat(site.drop(CrashFlow.DUPLICATE).diedAt(point)).as(point).isTrue();
      }
      site.finish();
    }
  }

  @Test
  void diesOnEveryDetour() throws Exception {
    try (var site = new CrashSite(temp)) {
      for (var point :
          List.of(
              "submit.upload-refused-committed",
              "submit.refused-committed",
              "fetch.fresh-answered",
              "fetch.offered-committed",
              "fetch.later-committed")) {
        assertThat(site.drop(CrashFlow.DETOUR).diedAt(point)).as(point).isTrue();
      }
      site.finish();
    }
  }

  /** The points that a job that becomes a film passes. */
  private static List<String> ofTheWay() {
    var points = new ArrayList<String>();
    for (var point : CrashPoint.names()) {
      if (point.equals("submit.upload-refused-committed")) {
        return points;
      }
      if (!point.equals("files.copied-across-disks") && !point.equals("intake.refusal-committed")) {
        points.add(point);
      }
    }
    throw new IllegalStateException("the list of points changed");
  }
}
