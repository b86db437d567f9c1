package io.klingdrop.sandbox.video;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jcodec.codecs.h264.H264Encoder;
import org.jcodec.codecs.h264.H264Utils;
import org.jcodec.codecs.h264.encode.DumbRateControl;
import org.jcodec.codecs.h264.io.model.NALUnit;
import org.jcodec.codecs.h264.io.model.NALUnitType;
import org.jcodec.codecs.h264.io.model.SliceHeader;
import org.jcodec.codecs.h264.io.model.SliceType;
import org.jcodec.codecs.h264.io.write.CAVLCWriter;
import org.jcodec.codecs.h264.io.write.SliceHeaderWriter;
import org.jcodec.common.io.BitWriter;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Picture;
import org.jcodec.common.model.Rect;
import org.jcodec.common.model.Size;
import org.jcodec.containers.mp4.boxes.SampleEntry;

/**
 * Turns pictures of one size into H.264 packets that can be put in any order: every picture is a
 * key frame of its own, and between two pictures stand packets of a dozen bytes that say "as
 * before". Two key frames must not follow each other directly.
 */
final class H264Stills {
  /**
   * From quantiser 20, the library's choice, to 14. Below 16 the standard's deblocking filter does
   * nothing; above, this encoder predicts from filtered samples and players from unfiltered ones,
   * and the colours of flat areas drift apart.
   */
  private static final int FINER_BY = 6;

  private final H264Encoder encoder = new H264Encoder(new FinerRateControl());
  private final Size size;
  private final List<ByteBuffer> sps = new ArrayList<>();
  private final List<ByteBuffer> pps = new ArrayList<>();

  H264Stills(int width, int height) {
    size = new Size(width, height);
  }

  /** Encodes a picture as a key frame, in the form an MP4 file stores. */
  ByteBuffer encode(BufferedImage image) {
    var picture = toPicture(image);
    var room = ByteBuffer.allocate(4096 + 2 * picture.getWidth() * picture.getHeight());
    var frame = encoder.encodeIDRFrame(picture, room);
    sps.clear();
    pps.clear();
    H264Utils.wipePSinplace(frame, sps, pps);
    return H264Utils.encodeMOVPacket(frame);
  }

  /**
   * A packet that repeats the picture before it.
   *
   * @param sinceKey how many frames after the last key frame, from 1
   */
  ByteBuffer repeat(int sinceKey) {
    var header = new SliceHeader();
    header.sps = encoder.initSPS(size);
    header.pps = encoder.initPPS();
    header.sliceType = SliceType.P;
    header.frameNum = sinceKey % (1 << (header.sps.log2MaxFrameNumMinus4 + 4));
    header.picOrderCntLsb = 2 * sinceKey % (1 << (header.sps.log2MaxPicOrderCntLsbMinus4 + 4));
    var bits = ByteBuffer.allocate(64);
    var writer = new BitWriter(bits);
    SliceHeaderWriter.write(header, false, 2, writer);
    CAVLCWriter.writeUE(
        writer, (header.sps.picWidthInMbsMinus1 + 1) * (header.sps.picHeightInMapUnitsMinus1 + 1));
    writer.write1Bit(1);
    writer.flush();
    bits.flip();
    var packet = ByteBuffer.allocate(128).putInt(0);
    new NALUnit(NALUnitType.NON_IDR_SLICE, 2).write(packet);
    H264Utils.escapeNAL(bits, packet);
    packet.putInt(0, packet.position() - 4);
    return packet.flip();
  }

  /** What the MP4 file says about the track; known once a picture was encoded. */
  SampleEntry sampleEntry() {
    return H264Utils.createMOVSampleEntryFromSpsPpsList(sps, pps, 4);
  }

  /** ITU-R BT.601, video range; sides rounded up to whole macroblocks by repeating the edge. */
  private static Picture toPicture(BufferedImage image) {
    int width = (image.getWidth() + 15) & ~15;
    int height = (image.getHeight() + 15) & ~15;
    var crop = new Rect(0, 0, image.getWidth(), image.getHeight());
    var picture = Picture.createCropped(width, height, ColorSpace.YUV420J, crop);
    var luma = picture.getPlaneData(0);
    var blue = new int[width / 2 * height / 2];
    var red = new int[blue.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb =
            image.getRGB(Math.min(x, image.getWidth() - 1), Math.min(y, image.getHeight() - 1));
        int r = rgb >> 16 & 0xFF;
        int g = rgb >> 8 & 0xFF;
        int b = rgb & 0xFF;
        luma[y * width + x] = (byte) (((66 * r + 129 * g + 25 * b + 128) >> 8) + 16 - 128);
        int quarter = y / 2 * (width / 2) + x / 2;
        blue[quarter] += -38 * r - 74 * g + 112 * b;
        red[quarter] += 112 * r - 94 * g - 18 * b;
      }
    }
    for (int i = 0; i < blue.length; i++) {
      picture.getPlaneData(1)[i] = (byte) ((blue[i] + 512) >> 10);
      picture.getPlaneData(2)[i] = (byte) ((red[i] + 512) >> 10);
    }
    return picture;
  }

  /** The library's own policy, starting from a finer quantiser. */
  private static final class FinerRateControl extends DumbRateControl {
    @Override
    public int startPicture(Size size, int maxSize, SliceType sliceType) {
      return super.startPicture(size, maxSize, sliceType) - FINER_BY;
    }
  }
}
