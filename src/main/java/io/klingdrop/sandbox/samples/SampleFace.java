package io.klingdrop.sandbox.samples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Arc2D;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * A drawn portrait: always the same picture for the same colours.
 *
 * @param sky background, top
 * @param ground background, bottom
 * @param skin face and neck
 * @param hair hair and brows
 * @param coat clothes
 * @param longHair whether the hair falls to the shoulders
 * @param glasses whether the person wears glasses
 */
record SampleFace(
    Color sky,
    Color ground,
    Color skin,
    Color hair,
    Color coat,
    boolean longHair,
    boolean glasses) {

  static final int WIDTH = 640;
  static final int HEIGHT = 720;

  static final SampleFace WELCOME =
      new SampleFace(
          new Color(0xF9E7D2),
          new Color(0xE9B9A0),
          new Color(0xE8B48F),
          new Color(0x4A2B20),
          new Color(0x2F7A78),
          true,
          false);

  static final SampleFace LESSON =
      new SampleFace(
          new Color(0xD6E6F2),
          new Color(0x8FB3CF),
          new Color(0x9A6A4B),
          new Color(0x1E1A1C),
          new Color(0x3B4A7A),
          false,
          true);

  static final SampleFace FORBIDDEN =
      new SampleFace(
          new Color(0xE9E3EE),
          new Color(0xB59CC4),
          new Color(0xF0C9A8),
          new Color(0xB5622F),
          new Color(0x7A2E3C),
          false,
          false);

  BufferedImage draw() {
    var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    var pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    pen.setPaint(new GradientPaint(0, 0, sky, 0, HEIGHT, ground));
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.setColor(new Color(255, 255, 255, 60));
    pen.fill(circle(320, 330, 285));
    hairBehind(pen);
    body(pen);
    head(pen);
    hairInFront(pen);
    eyes(pen);
    noseAndMouth(pen);
    pen.dispose();
    return image;
  }

  private void hairBehind(Graphics2D pen) {
    pen.setColor(hair.darker());
    if (longHair) {
      pen.fill(new Ellipse2D.Double(150, 130, 340, 330));
      pen.fill(new Rectangle2D.Double(152, 290, 336, 220));
      pen.fill(new Ellipse2D.Double(152, 450, 336, 120));
    }
  }

  private void body(Graphics2D pen) {
    pen.setColor(coat);
    pen.fill(new Ellipse2D.Double(85, 545, 470, 420));
    pen.setColor(skin.darker());
    pen.fill(new Rectangle2D.Double(268, 450, 104, 120));
    pen.fill(new Ellipse2D.Double(248, 515, 144, 100));
    pen.setColor(coat.brighter());
    var collar = new Path2D.Double();
    collar.moveTo(236, 552);
    collar.lineTo(320, 650);
    collar.lineTo(404, 552);
    collar.lineTo(430, 585);
    collar.lineTo(320, 705);
    collar.lineTo(210, 585);
    collar.closePath();
    pen.fill(collar);
  }

  private void head(Graphics2D pen) {
    pen.setColor(skin.darker());
    pen.fill(circle(188, 345, 32));
    pen.fill(circle(452, 345, 32));
    pen.setColor(skin);
    pen.fill(new Ellipse2D.Double(185, 165, 270, 345));
    pen.setColor(new Color(0xE0, 0x6A, 0x5A, 45));
    pen.fill(circle(236, 400, 38));
    pen.fill(circle(404, 400, 38));
  }

  private void hairInFront(Graphics2D pen) {
    pen.setColor(hair);
    var crown = new Area(new Ellipse2D.Double(168, 120, 304, 330));
    crown.subtract(new Area(new Ellipse2D.Double(longHair ? 120 : 196, 255, 310, 330)));
    crown.subtract(new Area(new Rectangle2D.Double(100, longHair ? 420 : 335, 440, 300)));
    if (!longHair) {
      crown.subtract(new Area(new Ellipse2D.Double(206, 238, 228, 260)));
    }
    pen.fill(crown);
  }

  private void eyes(Graphics2D pen) {
    for (int x : new int[] {262, 378}) {
      pen.setColor(Color.WHITE);
      pen.fill(new Ellipse2D.Double(x - 27, 327, 54, 36));
      pen.setColor(new Color(0x4B3A2E));
      pen.fill(circle(x, 345, 16));
      pen.setColor(new Color(0x16, 0x12, 0x10));
      pen.fill(circle(x, 345, 8));
      pen.setColor(Color.WHITE);
      pen.fill(circle(x + 5, 340, 4));
      pen.setStroke(new BasicStroke(8, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      pen.setColor(hair);
      pen.draw(new Arc2D.Double(x - 34, 298, 68, 40, 35, 110, Arc2D.OPEN));
      if (glasses) {
        pen.setStroke(new BasicStroke(6));
        pen.setColor(new Color(0x2A, 0x2A, 0x33));
        pen.draw(new Ellipse2D.Double(x - 46, 305, 92, 80));
      }
    }
    if (glasses) {
      pen.draw(new Arc2D.Double(306, 332, 28, 24, 20, 140, Arc2D.OPEN));
    }
  }

  private void noseAndMouth(Graphics2D pen) {
    pen.setStroke(new BasicStroke(6, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    pen.setColor(skin.darker());
    pen.draw(new Arc2D.Double(300, 372, 40, 34, 200, 140, Arc2D.OPEN));
    pen.setColor(new Color(0xA8, 0x3E, 0x42));
    pen.fill(new Arc2D.Double(266, 398, 108, 72, 192, 156, Arc2D.CHORD));
    pen.setColor(Color.WHITE);
    pen.fill(new Arc2D.Double(280, 428, 80, 18, 180, 180, Arc2D.CHORD));
  }

  private static Ellipse2D circle(double x, double y, double radius) {
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }
}
