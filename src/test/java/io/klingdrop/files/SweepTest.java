package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash leaves under temporary names goes at the next start; all else stays. */
class SweepTest {
  @TempDir private Path folder;

  private Path file(String name) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "half");
  }

  private int sweep(Instant before) {
    return Sweep.of(List.of(folder.resolve("failed"), folder.resolve("gone")), before);
  }

  @Test
  void halfFilesGoAndNothingElseDoes() throws IOException {
    var left = file("failed/a/b/" + TempName.make());
    // may be all there is of a bundle that was being handed in
    var bundle = file("failed/a/.kd01m7yrrt80tt77a1.0.part");
    var made = Files.createDirectory(folder.resolve("failed/" + TempName.make()));
    var full = file("failed/" + TempName.make() + "/error.json");
    var begun = file("failed/.kd01m7yrrt80tt77a1.part/error.json");
    var other = file("failed/a/.somebody.part");
    var named = file("failed/a/host.part");
    var outside = file("outside/" + TempName.make());
    Files.createSymbolicLink(folder.resolve("failed/link"), folder.resolve("outside"));
    Files.createSymbolicLink(folder.resolve("failed/" + TempName.make()), outside);

    assertThat(sweep(Instant.now().plusSeconds(60))).isEqualTo(2);

    assertThat(left).doesNotExist();
    assertThat(made).doesNotExist();
    assertThat(List.of(full, bundle, begun, other, named, outside)).allMatch(Files::exists);
  }

  @Test
  void whatIsBeingWrittenStaysAlthoughItsTimeIsOld() throws IOException {
    var copy = file("failed/" + TempName.make());
    Files.setLastModifiedTime(copy, FileTime.from(Instant.EPOCH));

    assertThat(sweep(Instant.now().minusSeconds(60))).isZero();

    assertThat(copy).exists();
  }

  @Test
  void whatNodesLeaveIsRemovedOnceNobodyCanBeAtWorkOnIt() throws IOException {
    var sharing = Sharing.as("node-a");
    var video = file("failed/" + sharing.hidden("kd01m7yrrt80tt77a1-1"));
    var begun = file("failed/" + sharing.hidden("kd01m7yrrt80tt77a1") + "/error.json");
    var handedIn = file("failed/" + sharing.hidden("kd01m7yrrt80tt77a1.0"));
    var strange = file("failed/" + sharing.hidden("kd01m7yrrt80tt77a2") + "/host.wav");
    var written = file("failed/" + TempName.make());
    var started = Instant.now();

    assertThat(sweep(sharing.nobodysBefore(started))).as("others may be at work").isZero();
    assertThat(List.of(video, begun, handedIn, strange, written)).allMatch(Files::exists);

    var later = started.plus(Sharing.NOBODYS).plusSeconds(60);
    sweep(sharing.nobodysBefore(later));

    assertThat(List.of(video, begun, begun.getParent(), written)).noneMatch(Files::exists);
    assertThat(List.of(handedIn, strange)).as("may be all there is").allMatch(Files::exists);
  }

  @Test
  void aServiceAloneSweepsAtOnceAndHasTheNamesItAlwaysHad() {
    var started = Instant.now();
    assertThat(Sharing.alone().nobodysBefore(started)).isEqualTo(started);
    assertThat(Sharing.alone().hidden("kd01m7yrrt80tt77a1-1"))
        .isEqualTo(".kd01m7yrrt80tt77a1-1.part");
    assertThat(Sharing.as("a").hidden("x")).isNotEqualTo(Sharing.as("b").hidden("x"));
  }
}
