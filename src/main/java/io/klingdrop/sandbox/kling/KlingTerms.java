package io.klingdrop.sandbox.kling;

import io.klingdrop.sandbox.task.TaskDesk;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The terms on which the dialect is spoken.
 *
 * @param media takes the files of requests in
 * @param knownAudio tells the {@code audio_id}s that there are
 * @param balance what is left of the account that pays for the tasks on the desk
 */
public record KlingTerms(
    KlingMedia media, Predicate<String> knownAudio, ToDoubleFunction<TaskDesk> balance) {}
