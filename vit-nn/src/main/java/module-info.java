/** The layers of a Vision Transformer: immutable, their weights packed once, shared by threads. */
module io.vitj.nn {
  requires transitive io.vitj.tensor;

  exports io.vitj.nn;
}
