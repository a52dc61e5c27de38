package io.vitj.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The images that a verb works on. */
final class ImageOptions {
  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description =
          "Image files, folders (all images below them, sorted), or - for standard input.")
  private List<String> arguments;

  @Mixin private LoadOptions loading;

  /**
   * Lists the images.
   *
   * @param vit the command they were given to
   * @return files as named and what folders hold
   * @throws IOException if a folder cannot be read
   */
  List<ImageSource> sources(VitCommand vit) throws IOException {
    return ImageFiles.expand(arguments, vit);
  }

  /**
   * Returns what was named.
   *
   * @return the arguments as they are
   */
  List<String> arguments() {
    return arguments;
  }

  /**
   * Returns how to load them.
   *
   * @return the options
   */
  LoadOptions loading() {
    return loading;
  }
}
