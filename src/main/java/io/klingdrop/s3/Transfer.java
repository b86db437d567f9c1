package io.klingdrop.s3;

import io.klingdrop.fault.CrashPoint;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Sends one object in parts, one after another. Each part carries its MD5, which every server
 * compares; a part that got lost is sent again by itself. Whatever goes wrong, the parts are thrown
 * away, those of an earlier try that died included. Thread-safe.
 */
record Transfer(S3Client client, long partSize, UploadNotes notes) {
  private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);

  private static final int MOST_PARTS = 10_000;

  PutObjectResponse inParts(PutObjectRequest request, RequestBody body, boolean onlyIfNone) {
    notes.left().forEach(this::throwAway);
    var note = notes.keep(request.bucket(), request.key());
    try {
      var upload = client.createMultipartUpload(begin(request)).uploadId();
      note = notes.named(note, upload);
      var parts = parts(request, body, upload);
      var done =
          client.completeMultipartUpload(
              complete ->
                  complete
                      .bucket(request.bucket())
                      .key(request.key())
                      .uploadId(upload)
                      .ifNoneMatch(onlyIfNone ? "*" : null)
                      .multipartUpload(all -> all.parts(parts)));
      notes.forget(note);
      return PutObjectResponse.builder().eTag(done.eTag()).versionId(done.versionId()).build();
    } catch (StoreException | UncheckedIOException e) {
      throwAway(note);
      throw e;
    }
  }

  private static CreateMultipartUploadRequest begin(PutObjectRequest request) {
    return CreateMultipartUploadRequest.builder()
        .bucket(request.bucket())
        .key(request.key())
        .metadata(request.metadata())
        .contentType(request.contentType())
        .contentDisposition(request.contentDisposition())
        .cacheControl(request.cacheControl())
        .storageClass(request.storageClass())
        .acl(request.acl())
        .serverSideEncryption(request.serverSideEncryption())
        .ssekmsKeyId(request.ssekmsKeyId())
        .build();
  }

  private List<CompletedPart> parts(PutObjectRequest request, RequestBody body, String upload) {
    var bytes = body.optionalContentLength().orElseThrow();
    var size = Math.max(partSize, (bytes + MOST_PARTS - 1) / MOST_PARTS);
    var parts = new ArrayList<CompletedPart>();
    for (long from = 0; from < bytes; from += size) {
      var number = parts.size() + 1;
      try (var part = new Part(body.contentStreamProvider(), from, Math.min(size, bytes - from))) {
        var md5 = part.md5();
        var answer =
            client.uploadPart(
                piece ->
                    piece
                        .bucket(request.bucket())
                        .key(request.key())
                        .uploadId(upload)
                        .partNumber(number)
                        .contentMD5(md5),
                RequestBody.fromContentProvider(part, part.length(), "application/octet-stream"));
        parts.add(CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build());
      }
      CrashPoint.at("deliver.s3-part-sent");
    }
    return parts;
  }

  private void throwAway(UploadNotes.Note note) {
    try {
      if (!note.key().isEmpty()) {
        uploads(note).forEach(id -> abort(note, id));
      }
      notes.forget(note);
    } catch (StoreException e) {
      LOG.debug("the parts of {} stay for now: {}", note.key(), e.getMessage());
      notes.leave(note);
    }
  }

  /**
   * The upload of a note; all of its key, if the answer that named it never came, but none if
   * another node may just be sending under that key.
   */
  private List<String> uploads(UploadNotes.Note note) {
    if (note.id().isEmpty() && notes.withOthers()) {
      return List.of();
    }
    return note.id().isEmpty()
        ? client
            .listMultipartUploads(list -> list.bucket(note.bucket()).prefix(note.key()))
            .uploads()
            .stream()
            .filter(upload -> note.key().equals(upload.key()))
            .map(upload -> upload.uploadId())
            .toList()
        : List.of(note.id());
  }

  private void abort(UploadNotes.Note note, String id) {
    try {
      client.abortMultipartUpload(
          abort -> abort.bucket(note.bucket()).key(note.key()).uploadId(id));
    } catch (StoreException e) {
      if (!BucketErrors.notFound(e)) {
        throw e;
      }
    }
  }
}
