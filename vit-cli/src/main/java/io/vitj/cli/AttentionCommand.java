package io.vitj.cli;

import io.vitj.model.ModelException;
import io.vitj.model.draw.ColourMap;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMaps;
import io.vitj.model.pipeline.HeadFusion;
import io.vitj.model.pipeline.QueryToken;
import io.vitj.model.pipeline.Rollout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code vit attention}: what a model looked at. */
@Command(
    name = "attention",
    description = {
      "Shows what a model looked at: its attention in colours over the photo.",
      "Rollout (Abnar and Zuidema, 2020) follows the attention of a token back through all layers;"
          + " last and head show a single layer, or a single head of it."
    })
final class AttentionCommand implements Callable<Integer> {
  /** Which attention is shown. */
  enum Method {
    /** Through all layers. */
    ROLLOUT,
    /** One layer, its heads fused. */
    LAST,
    /** One head. */
    HEAD;

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  @ParentCommand private VitCommand vit;
  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;
  @Mixin private ImageSizeOption size;

  @Parameters(paramLabel = "IMAGE", description = "An image file, or - for standard input.")
  private String image;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Where the picture goes, FILE.png (default: IMAGE's name with -attention.png, in this"
              + " folder); or the bare numbers to FILE.npy or FILE.json.")
  private Path output;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description = "${COMPLETION-CANDIDATES} (default: rollout; with --head or --grid, head).")
  private Method method;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description =
          "The layer, from 0, or from the end as -1: of a head, of last, or up to which a rollout"
              + " goes (default: the last; with --grid, all).")
  private Integer layer;

  @Option(
      names = "--head",
      paramLabel = "N",
      description = "The head, from 0, or from the end as -1.")
  private Integer head;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      converter = QueryTokenConverter.class,
      description =
          "Whose attention: cls, dist, patches (their mean), pool (the query of attention pooling),"
              + " or x,y for the patch at this pixel of the photo (default: what the model answers"
              + " from; of a distilled model cls and dist, apart).")
  private QueryToken token;

  @Option(names = "--grid", description = "A contact sheet of all heads.")
  private boolean grid;

  @Option(
      names = "--fuse",
      paramLabel = "KIND",
      description =
          "How heads become one, in rollout and last: ${COMPLETION-CANDIDATES} (default: mean).")
  private HeadFusion fusion;

  @Option(
      names = "--discard",
      paramLabel = "R",
      description =
          "In a rollout, ignore this share of the smallest values of each layer, from 0 to below 1"
              + " (default: 0).")
  private Double discard;

  @Option(
      names = "--start-layer",
      paramLabel = "N",
      description = "The first layer of a rollout (default: 0).")
  private Integer startLayer;

  @Option(
      names = {"--colour-map", "--color-map"},
      paramLabel = "MAP",
      description = "${COMPLETION-CANDIDATES} (default: inferno).")
  private ColourMap colours = ColourMap.INFERNO;

  @Mixin private DecodeOptions decoding;

  @Override
  public Integer call() throws IOException {
    Method chosen = method != null ? method : head != null || grid ? Method.HEAD : Method.ROLLOUT;
    requireFitting(chosen);
    ImageSource source = ImageFiles.single("IMAGE", image, vit, spec);
    Path file = output == null ? defaultOutput() : output;
    AttentionWriter writer = AttentionWriter.of(file, spec);
    RgbImage photo = source.decode(decoding.limits());
    try (AttentionMaps attention = size.pipeline(AttentionMaps::builder, model, vit).build()) {
      List<QueryToken> tokens = token == null ? attention.answering() : List.of(token);
      AttentionResult result;
      try {
        result = query(chosen, new AttentionQuery(attention, photo, tokens));
      } catch (ModelException e) {
        throw source.named(e);
      }
      writer.write(result, colours, file);
    }
    if (output == null) {
      vit.terminal().out().println(file);
    }
    return 0;
  }

  private AttentionResult query(Method chosen, AttentionQuery query) {
    HeadFusion fuse = fusion == null ? HeadFusion.MEAN : fusion;
    int shown = layer == null ? -1 : layer;
    if (grid) {
      return query.grid(layer);
    }
    return switch (chosen) {
      case ROLLOUT ->
          query.rollout(
              new Rollout(
                  fuse, discard == null ? 0 : discard, startLayer == null ? 0 : startLayer, shown));
      case LAST -> query.fused(shown, fuse);
      case HEAD -> query.head(shown, head);
    };
  }

  /** An option that would have no effect was meant to have one. */
  private void requireFitting(Method chosen) {
    boolean rollout = chosen == Method.ROLLOUT;
    String with = "has no meaning with " + (grid ? "--grid" : "--method " + chosen);
    Require.that(
        !grid || chosen == Method.HEAD, spec, "--grid", grid, "shows heads: with head only");
    Require.that(head == null || (chosen == Method.HEAD && !grid), spec, "--head", head, with);
    Require.that(discard == null || rollout, spec, "--discard", discard, with);
    Require.that(startLayer == null || rollout, spec, "--start-layer", startLayer, with);
    Require.that(fusion == null || chosen != Method.HEAD, spec, "--fuse", fusion, with);
    Require.that(
        head != null || grid || chosen != Method.HEAD,
        spec,
        "--method",
        chosen,
        "needs --head, or --grid for all of them");
    Require.that(
        discard == null || (discard >= 0 && discard < 1),
        spec,
        "--discard",
        discard,
        "is not at least 0 and below 1");
  }

  private Path defaultOutput() {
    String name = image.equals("-") ? "stdin" : String.valueOf(Path.of(image).getFileName());
    int dot = name.lastIndexOf('.');
    return Path.of((dot > 0 ? name.substring(0, dot) : name) + "-attention.png");
  }
}
