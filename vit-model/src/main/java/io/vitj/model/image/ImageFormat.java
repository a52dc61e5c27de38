package io.vitj.model.image;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Encoded pictures by their first bytes. */
enum ImageFormat {
  JPEG("JPEG"),
  PNG("PNG"),
  GIF("GIF"),
  BMP("BMP"),
  TIFF("TIFF"),
  WEBP("WebP");

  /** What every message about an unusable format offers instead. */
  static final String SUPPORTED = "JPEG, PNG, GIF, BMP, TIFF or WebP";

  private final String label;

  ImageFormat(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }

  /** The format, or empty if it is none that is decoded here. */
  static Optional<ImageFormat> of(byte[] data) {
    if (startsWith(data, 0, "\377\330\377")) {
      return Optional.of(JPEG);
    }
    if (startsWith(data, 0, "\211PNG\r\n\032\n")) {
      return Optional.of(PNG);
    }
    if (startsWith(data, 0, "GIF87a") || startsWith(data, 0, "GIF89a")) {
      return Optional.of(GIF);
    }
    if (startsWith(data, 0, "BM")) {
      return Optional.of(BMP);
    }
    if (startsWith(data, 0, "RIFF") && startsWith(data, 8, "WEBP")) {
      return Optional.of(WEBP);
    }
    boolean tiff =
        startsWith(data, 0, "II*\0")
            || startsWith(data, 0, "MM\0*")
            || startsWith(data, 0, "II+\0")
            || startsWith(data, 0, "MM\0+");
    return tiff ? Optional.of(TIFF) : Optional.empty();
  }

  /** The name of a format that is recognised but not decoded here. */
  static Optional<String> unsupported(byte[] data) {
    if (startsWith(data, 4, "ftyp")) {
      return Optional.of(isoBrand(data));
    }
    String[][] signatures = {
      {"8BPS", "Photoshop (PSD)"},
      {"%PDF-", "PDF"},
      {"\377\012", "JPEG XL"},
      {"\0\0\0\014JXL ", "JPEG XL"},
      {"\0\0\0\014jP  ", "JPEG 2000"},
      {"\377\117\377\121", "JPEG 2000"},
      {"\0\0\1\0", "Windows icon (ICO)"},
      {"qoif", "QOI"},
      {"v/1\1", "OpenEXR"},
      {"#?RADIANCE", "Radiance HDR"},
      {"\327\315\306\232", "Windows metafile (WMF)"},
      {"\037\213", "gzip"},
      {"PK\3\4", "ZIP"},
      {"DDS ", "DirectDraw surface (DDS)"},
      {"\223NUMPY", "NumPy array"},
    };
    for (String[] signature : signatures) {
      if (startsWith(data, 0, signature[0])) {
        return Optional.of(signature[1]);
      }
    }
    if (data.length > 2 && data[0] == 'P' && data[1] >= '1' && data[1] <= '7' && data[2] <= ' ') {
      return Optional.of("Netpbm (PNM)");
    }
    return markup(data);
  }

  private static String isoBrand(byte[] data) {
    String brands = new String(data, 8, Math.min(data.length, 64) - 8, StandardCharsets.ISO_8859_1);
    if (brands.contains("avif") || brands.contains("avis")) {
      return "AVIF";
    }
    if (brands.contains("hei") || brands.contains("hevc") || brands.contains("mif1")) {
      return "HEIC/HEIF";
    }
    return brands.startsWith("crx") ? "Canon raw (CR3)" : "MP4/QuickTime video";
  }

  private static Optional<String> markup(byte[] data) {
    String head =
        new String(data, 0, Math.min(data.length, 1024), StandardCharsets.ISO_8859_1).strip();
    if (head.contains("<svg")) {
      return Optional.of("SVG");
    }
    String lower = head.toLowerCase(Locale.ROOT);
    return lower.contains("<html") || lower.startsWith("<!doctype")
        ? Optional.of("HTML (a web page, perhaps of an error)")
        : Optional.empty();
  }

  /** Whether the bytes at an offset are the characters of an ISO-8859-1 string. */
  static boolean startsWith(byte[] data, int offset, String signature) {
    if (data.length - offset < signature.length()) {
      return false;
    }
    for (int i = 0; i < signature.length(); i++) {
      if ((data[offset + i] & 0xff) != signature.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
