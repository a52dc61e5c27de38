package io.vitj.cli;

/**
 * An image whose class is known.
 *
 * @param image the image
 * @param classIndex its class
 */
record LabelledImage(ImageSource image, int classIndex) {}
