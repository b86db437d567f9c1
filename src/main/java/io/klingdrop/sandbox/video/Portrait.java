package io.klingdrop.sandbox.video;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The picture a video is made of, no side longer than 480 pixels, both sides even, and the ways it
 * moves.
 *
 * @param still the picture at rest
 */
record Portrait(BufferedImage still) {
  private static final Logger LOG = LoggerFactory.getLogger(Portrait.class);

  private static final int LONGEST_SIDE = 480;
  private static final int SHORTEST_SIDE = 32;

  /** How much a picture that speaks grows at its loudest, and one that only moves on its way. */
  private static final double NOD = 0.014;

  private static final double ZOOM = 0.08;

  private static final int BARS = 11;
  private static final double[] BAR_SHAPE = {
    0.35, 0.6, 0.45, 0.85, 0.65, 1, 0.7, 0.9, 0.5, 0.65, 0.3
  };

  /** Opens a picture; a neutral figure stands in for one that cannot be decoded (WebP, say). */
  static Portrait open(Path file) {
    return new Portrait(fitted(decode(file).orElseGet(Portrait::neutral)));
  }

  /** The picture as it speaks: grown a little, and a meter at the foot. Loudness is 0 to 1. */
  BufferedImage speaking(double loudness) {
    var frame = grown(1 + NOD * loudness);
    var pen = pen(frame);
    double unit = Math.min(frame.getWidth(), frame.getHeight()) / 100.0;
    double width = Math.min(frame.getWidth() * 0.9, 44 * unit);
    double height = 15 * unit;
    double left = (frame.getWidth() - width) / 2;
    double top = frame.getHeight() - height - 5 * unit;
    pen.setComposite(AlphaComposite.SrcOver.derive(0.55f));
    pen.setColor(new Color(0x10, 0x18, 0x26));
    pen.fill(new RoundRectangle2D.Double(left, top, width, height, height, height));
    pen.setComposite(AlphaComposite.SrcOver);
    pen.setColor(new Color(0x9C, 0xF0, 0xD0));
    double step = (width - height) / BARS;
    for (int i = 0; i < BARS; i++) {
      double bar = height * (0.1 + 0.66 * loudness * BAR_SHAPE[i]);
      double x = left + height / 2 + i * step + step * 0.2;
      double round = step * 0.6;
      pen.fill(
          new RoundRectangle2D.Double(
              x, top + (height - bar) / 2, step * 0.6, bar, round, Math.min(round, bar)));
    }
    pen.dispose();
    return frame;
  }

  /** The picture as the camera moves in. Progress is 0 to 1. */
  BufferedImage approached(double progress) {
    return grown(1 + ZOOM * progress);
  }

  private BufferedImage grown(double factor) {
    var frame = new BufferedImage(still.getWidth(), still.getHeight(), BufferedImage.TYPE_INT_RGB);
    var pen = pen(frame);
    pen.translate(still.getWidth() / 2.0, still.getHeight() * 0.75);
    pen.scale(factor, factor);
    pen.translate(-still.getWidth() / 2.0, -still.getHeight() * 0.75);
    pen.drawImage(still, 0, 0, null);
    pen.dispose();
    return frame;
  }

  private static Optional<BufferedImage> decode(Path file) {
    try (var input = ImageIO.createImageInputStream(file.toFile())) {
      var readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) {
        return Optional.empty();
      }
      var reader = readers.next();
      try {
        reader.setInput(input, true, true);
        int longest = Math.max(reader.getWidth(0), reader.getHeight(0));
        var param = reader.getDefaultReadParam();
        int every = Math.max(1, longest / (3 * LONGEST_SIDE));
        param.setSourceSubsampling(every, every, 0, 0);
        return Optional.of(reader.read(0, param));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} cannot be shown: {}", file.getFileName(), e.toString());
      return Optional.empty();
    }
  }

  private static BufferedImage fitted(BufferedImage image) {
    double scale =
        Math.min(1, (double) LONGEST_SIDE / Math.max(image.getWidth(), image.getHeight()));
    int width = side(image.getWidth() * scale);
    int height = side(image.getHeight() * scale);
    var from = image;
    while (from.getWidth() >= 2 * width && from.getHeight() >= 2 * height) {
      from = scaled(from, from.getWidth() / 2, from.getHeight() / 2);
    }
    return scaled(from, width, height);
  }

  private static int side(double pixels) {
    return Math.max(SHORTEST_SIDE, (int) Math.round(pixels / 2) * 2);
  }

  private static BufferedImage scaled(BufferedImage image, int width, int height) {
    var small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    var pen = pen(small);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    pen.drawImage(image, 0, 0, width, height, null);
    pen.dispose();
    return small;
  }

  private static BufferedImage neutral() {
    var image = new BufferedImage(384, LONGEST_SIDE, BufferedImage.TYPE_INT_RGB);
    var pen = pen(image);
    pen.setPaint(
        new GradientPaint(0, 0, new Color(0x8F, 0xA6, 0xBD), 0, 480, new Color(0x4A, 0x5E, 0x78)));
    pen.fillRect(0, 0, 384, LONGEST_SIDE);
    pen.setColor(new Color(0xD6, 0xDF, 0xE8));
    pen.fill(new Ellipse2D.Double(112, 90, 160, 190));
    pen.fill(new Ellipse2D.Double(32, 310, 320, 340));
    pen.dispose();
    return image;
  }

  private static Graphics2D pen(BufferedImage image) {
    var pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    return pen;
  }
}
