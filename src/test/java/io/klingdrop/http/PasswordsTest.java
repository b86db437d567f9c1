package io.klingdrop.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordsTest {

  @Test
  void aPasswordMatchesItsHashAndNoOther() {
    var hash = Passwords.hash("correct horse".toCharArray());
    assertThat(Passwords.matches("correct horse".toCharArray(), hash)).isTrue();
    assertThat(Passwords.matches("correct horsf".toCharArray(), hash)).isFalse();
    assertThat(hash).startsWith("pbkdf2-sha256:600000:").doesNotContain("horse", "$");
  }

  @Test
  void theSamePasswordHasAnotherHashEachTime() {
    assertThat(Passwords.hash("password".toCharArray()))
        .isNotEqualTo(Passwords.hash("password".toCharArray()));
  }

  @Test
  void whatIsNoHashMatchesNothing() {
    for (var hash :
        new String[] {"", "plain", "pbkdf2-sha256:x:!:!", "pbkdf2-sha256:1:AA==:AA=="}) {
      assertThat(Passwords.matches("password".toCharArray(), hash)).as(hash).isFalse();
    }
  }
}
