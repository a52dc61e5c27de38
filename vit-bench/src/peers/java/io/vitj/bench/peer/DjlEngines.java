package io.vitj.bench.peer;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.util.Map;

/** Opens PyTorch by DJL, with the model as TorchScript. */
public final class DjlEngines implements Engine.Factory {
  /** For the worker. */
  public DjlEngines() {}

  @Override
  public Engine open(Job job) throws Exception {
    // Before its classes are loaded, which read them. Natives come from the class path, by way of
    // files.
    Map.of(
            "ai.djl.offline",
            "true",
            "ENGINE_CACHE_DIR",
            job.directory().resolve("djl").toString(),
            "ai.djl.pytorch.num_threads",
            String.valueOf(job.threads()),
            "ai.djl.pytorch.num_interop_threads",
            "1")
        .forEach(System::setProperty);
    return new Djl(job);
  }

  private static final class Djl implements Engine {
    private final Model model = Model.newInstance("vit", "PyTorch");
    private final Predictor<NDList, NDList> predictor;
    private final NDArray pixels;
    private NDList logits = new NDList();

    Djl(Job job) throws Exception {
      model.load(job.directory(), job.torchScript().getFileName().toString());
      predictor = model.newPredictor(new NoopTranslator());
      NDManager manager = model.getNDManager();
      float[] values = FloatFile.read(job.input());
      long side = Math.round(Math.sqrt(values.length / (3.0 * job.batch())));
      pixels = manager.create(values, new Shape(job.batch(), 3, side, side));
    }

    @Override
    public String name() {
      return EngineKind.DJL.id();
    }

    @Override
    public String version() {
      ai.djl.engine.Engine engine = ai.djl.engine.Engine.getEngine("PyTorch");
      return "PyTorch " + engine.getVersion() + " by DJL " + ai.djl.engine.Engine.getDjlVersion();
    }

    @Override
    public void run() throws TranslateException {
      logits.close();
      logits = predictor.predict(new NDList(pixels));
    }

    @Override
    public float[] output() {
      return logits.singletonOrThrow().toFloatArray();
    }

    @Override
    public void close() {
      logits.close();
      predictor.close();
      model.close();
    }
  }
}
