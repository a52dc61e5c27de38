package io.vitj.cli;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Finds the images that a person names: files as they are, folders with all images below them. */
final class ImageFiles {
  /** Extensions taken from folders; a file named on the command line may have any name. */
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp");

  private ImageFiles() {}

  /**
   * Tells whether a file of a folder or archive is taken for an image.
   *
   * @param path its path, with {@code /} or the separator of the system
   * @return true if the extension is that of an image and the name is not hidden
   */
  static boolean isImage(String path) {
    String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && EXTENSIONS.contains(extension);
  }

  /**
   * Replaces folders by the images below them.
   *
   * @param arguments files, folders, or {@code -} for standard input
   * @param command whose standard input it is
   * @return the images, those of a folder sorted by path; files are not looked at yet
   * @throws IOException if a folder cannot be read
   */
  static List<ImageSource> expand(List<String> arguments, VitCommand command) throws IOException {
    List<ImageSource> images = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals("-")) {
        images.add(new ImageSource("-", command::input));
      } else if (Files.isDirectory(Path.of(argument))) {
        List<Path> files = below(Path.of(argument));
        if (files.isEmpty()) {
          throw new ModelException(argument + ": no image in this folder or below it");
        }
        files.forEach(file -> images.add(of(file)));
      } else {
        images.add(of(Path.of(argument)));
      }
    }
    return images;
  }

  /**
   * Takes an argument that is one image.
   *
   * @param label what the argument is called
   * @param argument a file, {@code -} for standard input, or a folder with a single image
   * @param vit whose standard input it is
   * @param command the command it was given to
   * @return the image; a file is not looked at yet
   * @throws IOException if a folder cannot be read
   * @throws ParameterException if a folder has several images
   */
  static ImageSource single(String label, String argument, VitCommand vit, CommandSpec command)
      throws IOException {
    List<ImageSource> images = expand(List.of(argument), vit);
    if (images.size() > 1) {
      throw new ParameterException(
          command.commandLine(),
          label + " is one image, but " + argument + " is a folder with " + images.size());
    }
    return images.getFirst();
  }

  /**
   * Lists the images below a folder.
   *
   * @param folder the folder; symbolic links below it are followed
   * @return the images sorted by path
   * @throws IOException if it cannot be read
   */
  static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return tree.filter(path -> isImage(path.toString()) && Files.isRegularFile(path))
          .sorted()
          .toList();
    }
  }

  /**
   * Names an image file.
   *
   * @param file the file
   * @return the image, under the path as given
   */
  static ImageSource of(Path file) {
    return new ImageSource(file.toString(), () -> Files.newInputStream(file));
  }
}
