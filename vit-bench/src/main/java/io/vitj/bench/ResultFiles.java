package io.vitj.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.OutputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Where reports go, and what they all begin with. */
public final class ResultFiles {
  /** The system property that names the folder of this module. */
  public static final String DIRECTORY = "vitj.bench.directory";

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  private ResultFiles() {}

  /**
   * Returns the folder of this module, which the launcher says.
   *
   * @return the folder
   */
  public static Path module() {
    return Path.of(System.getProperty(DIRECTORY, "vit-bench"));
  }

  /**
   * Returns the folder of the reports.
   *
   * @return the folder
   */
  public static Path directory() {
    return module().resolve("results");
  }

  /**
   * Returns the day.
   *
   * @return such as {@code 2026-11-22}
   */
  public static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }

  /**
   * Returns the revision that is measured, which the launcher says.
   *
   * @return a hash; a plus sign says that files differ from it
   */
  public static String commit() {
    return System.getProperty("vitj.bench.commit", "unknown");
  }

  /**
   * Writes {@code NAME.json} and {@code NAME.md}.
   *
   * @param name the name of the report
   * @param report what becomes JSON
   * @param markdown the same for readers
   * @return the file for readers
   * @throws IOException if they cannot be written
   */
  public static Path write(String name, Object report, String markdown) throws IOException {
    Files.createDirectories(directory());
    String json = MAPPER.writeValueAsString(report) + '\n';
    OutputFile.write(directory().resolve(name + ".json"), json.getBytes(StandardCharsets.UTF_8));
    Path readable = directory().resolve(name + ".md");
    OutputFile.write(readable, markdown.getBytes(StandardCharsets.UTF_8));
    return readable;
  }

  /**
   * Reads {@code NAME.json}.
   *
   * @param name the name of the report
   * @return its contents
   * @throws ModelException if there is no such report, or it cannot be read
   */
  public static JsonNode read(String name) {
    Path file = directory().resolve(name + ".json");
    if (!Files.isRegularFile(file)) {
      throw new ModelException("there is no report " + file + "; a suite or peers writes it");
    }
    try {
      return MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new ModelException(file + " cannot be read: " + ModelException.oneLine("" + e), e);
    }
  }

  /**
   * Makes a report of what {@link #read} returned.
   *
   * @param <T> its type
   * @param json its contents
   * @param type its type
   * @return the report
   * @throws IOException if the contents are not of that type
   */
  public static <T> T convert(JsonNode json, Class<T> type) throws IOException {
    return MAPPER.treeToValue(json, type);
  }
}
