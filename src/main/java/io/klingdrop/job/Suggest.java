package io.klingdrop.job;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a person probably meant. */
public final class Suggest {
  private static final int LONGEST = 80;

  private Suggest() {}

  /**
   * The candidate nearest to a word, if one is near enough to be worth naming.
   *
   * <p>Case, hyphens and underscores do not count. Otherwise up to one edit in three letters (two
   * neighbouring letters swapped are one edit), at most three, may separate the two. Of equally
   * near candidates the first wins. Safe for concurrent use.
   *
   * @param word what was written; anything longer than 80 characters has no suggestion
   * @param candidates the names that exist
   */
  public static Optional<String> closest(String word, Collection<String> candidates) {
    String wanted = plain(word);
    if (wanted.isEmpty() || wanted.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = Math.min(3, Math.max(1, wanted.length() / 3)) + 1;
    for (String candidate : candidates) {
      int distance = distance(wanted, plain(candidate));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The words {@code "; did you mean x?"}, or nothing. */
  public static String hint(String word, Collection<String> candidates) {
    return closest(word, candidates).map(name -> "; did you mean " + name + "?").orElse("");
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
