package io.vitj.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.bench.peer.PeerReport;
import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Draws the charts of reports that are there. */
final class ChartsCommand {
  private final List<String> names;

  private ChartsCommand(List<String> names) {
    this.names = names;
  }

  static ChartsCommand parse(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("charts needs the name of a report");
    }
    return new ChartsCommand(names);
  }

  void run() throws IOException {
    for (String name : names) {
      JsonNode json = ResultFiles.read(name);
      List<Path> files =
          json.path("suite").asText().equals(PeerReport.SUITE)
              ? ResultFiles.convert(json, PeerReport.class).draw(name)
              : ResultFiles.convert(json, Report.class).draw(name);
      if (files.isEmpty()) {
        throw new ModelException("the report " + name + " has nothing that there is a chart of");
      }
      files.forEach(file -> System.out.println("drawn: " + file));
    }
  }
}
