package io.klingdrop.intake;

import io.klingdrop.job.Failure;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that belong together and are ready to be taken.
 *
 * @param lead the file whose exchange takes the bundle
 * @param subPath folders between profile and file, with {@code /}, empty for none
 * @param name stem of what the result is called
 * @param defaults the {@code _defaults.yaml} files that apply, outermost first
 * @param refusal why it can only be taken to be refused, null for a good bundle
 */
record Bundle(
    Path lead,
    String profile,
    String subPath,
    String name,
    List<Member> members,
    List<Path> defaults,
    @Nullable Failure refusal) {

  /** One file; shared ones are copied and stay. */
  record Member(Dropped file, boolean shared) {}

  /** The same files, to be taken only to be refused. */
  Bundle refused(Failure why) {
    return new Bundle(lead, profile, subPath, name, members, defaults, why);
  }
}
