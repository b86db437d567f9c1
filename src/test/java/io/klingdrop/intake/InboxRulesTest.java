package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a name alone says. */
class InboxRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#recycle",
        "#snapshot",
        "@eaDir",
        "@tmp",
        "@sharesnap",
        "@Recycle",
        "@Recently-Snapshot",
        ".@__thumb",
        ".Trash",
        ".Trashes",
        ".Trash-1000",
        "$RECYCLE.BIN",
        "RECYCLER",
        "RECYCLED",
        "Recycle Bin",
        "System Volume Information",
        ".recycle",
        ".Recycle.Bin",
        "lost+found",
        ".zfs",
        ".snapshots",
        ".snapshot",
        "~snapshot",
        "@GMT-2026.11.28-08.00.00",
        "Network Trash Folder",
        "Temporary Items",
        ".TemporaryItems",
        ".AppleDouble",
        "__MACOSX",
        ".stversions",
        "files_trashbin",
        "trashbox",
        "found.001"
      })
  void aBinOrSnapshotOfASystemIsJunkInAnyCase(String name) {
    assertThat(InboxRules.junk(name)).isTrue();
    assertThat(InboxRules.junk(name.toUpperCase(Locale.ROOT))).isTrue();
    assertThat(InboxRules.junk(name.toLowerCase(Locale.ROOT))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "recycle.png",
        "#1 interview.wav",
        "@anna.png",
        "$5.txt",
        "trash talk.wav",
        "snapshot.png",
        "snapshots",
        "recycling",
        "avatar",
        "Temporary.wav",
        "voice.wav"
      })
  void whatPeopleCallTheirFilesIsNot(String name) {
    assertThat(InboxRules.junk(name)).isFalse();
  }

  @Test
  void aTurkishSystemKnowsTheSameBins() {
    var usual = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(InboxRules.junk("SYSTEM VOLUME INFORMATION")).isTrue();
      assertThat(InboxRules.junk("$RECYCLE.BIN")).isTrue();
    } finally {
      Locale.setDefault(usual);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "voice.sync-conflict-20260102-123456-ABCDEFG.wav",
        "host__01.sync-conflict-20260102-123456-ABCDEFG.wav",
        "voice (conflicted copy 2026-01-02 123456).wav",
        "voice (Anna's conflicted copy 2026-01-02).wav",
        "voice (Annas in Konflikt stehende Kopie 2026-01-02).wav",
        "voice (Copie en conflit de Anna 2026-01-02).wav",
        "voice (Copia en conflicto de Anna).wav",
        "voice (SFConflict anna@example.org 2026-01-02-12-12-12).wav",
        "voice (Case Conflict).wav",
        "voice_conflict-20260102-123456.wav",
        "voice_NAS_Jan-02-1234-2026_Conflict.wav",
        "voice.conflict1.wav"
      })
  void aCopyOfASyncProgramIsKnown(String name) {
    assertThat(Foreign.conflictCopy(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "voice (1).wav",
        "voice - Copy.wav",
        "voice-LAPTOP.wav",
        "The conflict.wav",
        "talk (the Balkan conflict).wav",
        "conflict-2026.wav"
      })
  void whatOnlyMayBeACopyIsNone(String name) {
    assertThat(Foreign.conflictCopy(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "photo.jpg.json",
        "photo.jpg(1).json",
        "photo.jpg.supplemental-metadata.json",
        "photo.jpg.supplemental-meta.json",
        "photo.jpg.suppl.json",
        "photo.jpg.supplemental-metadata(2).json",
        "voice.mp3.json",
        "metadata.json",
        "voice.info.json"
      })
  void aNoteOfAnotherProgramIsKnown(String name) {
    assertThat(Foreign.note(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"anna.json", "anna.v2.json", "photo.jpg.txt", "anna.supplemental.json"})
  void aSidecarIsNone(String name) {
    assertThat(Foreign.note(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"voice.wav", "party.png", "temp.txt", "upload", "v1.2.mp3", "~.wav"})
  void whatIsWholeDoesNotGrow(String name) {
    assertThat(PartialNames.becomes(name)).isEmpty();
  }
}
