package io.klingdrop.sandbox.samples;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** A drawn landscape at dusk: hills, a lake and a low sun; always the same picture. */
final class SampleLandscape {

  static final int WIDTH = 960;
  static final int HEIGHT = 640;

  private static final int SHORE = 470;

  private SampleLandscape() {}

  static BufferedImage draw() {
    var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    var pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setPaint(new GradientPaint(0, 0, new Color(0x35508A), 0, SHORE, new Color(0xFBC58A)));
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    for (int ring = 5; ring >= 0; ring--) {
      pen.setColor(new Color(255, 238, 190, ring == 0 ? 255 : 34));
      double radius = 54 + 26.0 * ring;
      pen.fill(new Ellipse2D.Double(620 - radius, 330 - radius, 2 * radius, 2 * radius));
    }
    hills(pen, 330, 60, 0.9, new Color(0x8C6F93));
    hills(pen, 385, 45, 2.4, new Color(0x5D5480));
    hills(pen, 430, 30, 4.1, new Color(0x3A3D66));
    pen.setPaint(new GradientPaint(0, SHORE, new Color(0xE7A97C), 0, HEIGHT, new Color(0x2C3E6B)));
    pen.fillRect(0, SHORE, WIDTH, HEIGHT - SHORE);
    for (int wave = 0; wave < 12; wave++) {
      pen.setColor(new Color(255, 240, 200, 110 - 7 * wave));
      int half = 60 - 3 * wave + wave * 37 % 23;
      pen.fillRoundRect(620 - half, SHORE + 10 + 13 * wave, 2 * half, 4, 4, 4);
    }
    pen.dispose();
    return image;
  }

  private static void hills(Graphics2D pen, int base, int height, double phase, Color color) {
    var line = new Path2D.Double();
    line.moveTo(0, SHORE);
    for (int x = 0; x <= WIDTH; x += 8) {
      double at = phase + x / 130.0;
      line.lineTo(x, base - height * (0.6 * Math.sin(at) + 0.4 * Math.sin(2.3 * at + 1)));
    }
    line.lineTo(WIDTH, SHORE);
    line.closePath();
    pen.setColor(color);
    pen.fill(line);
  }
}
