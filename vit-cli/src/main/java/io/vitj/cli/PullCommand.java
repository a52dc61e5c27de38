package io.vitj.cli;

import io.vitj.model.hub.HubName;
import io.vitj.model.hub.ModelPull;
import io.vitj.model.hub.PullProgress;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code vit pull}: fetches a model for {@code --model org/name}. */
@Command(
    name = "pull",
    description = {
      "Fetches a model from the hub into the cache of Hugging Face's tools, and prints its folder.",
      "A pull that was cut goes on where it ended. HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and"
          + " HF_HUB_OFFLINE mean what they mean there."
    })
final class PullCommand implements Runnable {
  @ParentCommand private VitCommand vit;

  @Parameters(
      index = "0",
      paramLabel = "ORG/NAME[@REVISION]",
      description = "The model, at a branch, tag or commit (default: main).")
  private String model;

  @Parameters(
      index = "1..*",
      paramLabel = "FILE",
      description = "Files to fetch (default: configs, tokenizer and weights).")
  private List<String> files = List.of();

  @Override
  public void run() {
    vit.terminal().out().println(pull());
  }

  private Path pull() {
    try (Bars bars = new Bars(vit.terminal())) {
      return new ModelPull().pull(HubName.parse(model), files, bars);
    }
  }

  /** Draws one line at a time, for the file that arrives. */
  private static final class Bars implements PullProgress, AutoCloseable {
    private final Terminal terminal;
    private Progress bar;

    Bars(Terminal terminal) {
      this.terminal = terminal;
      this.bar = new Progress(terminal, 0);
    }

    @Override
    public void begin(String file, long bytes, long present) {
      bar.close();
      bar = new Progress(terminal, Progress.Unit.BYTES, file, present, bytes, System::nanoTime);
    }

    @Override
    public void advance(long bytes) {
      bar.advance(bytes);
    }

    @Override
    public void end(String file) {
      bar.close();
    }

    @Override
    public void waiting(String reason) {
      bar.complain(reason);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
