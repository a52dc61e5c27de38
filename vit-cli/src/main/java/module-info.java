/** The {@code vit} command: one thin class per verb on top of {@code io.vitj.model}. */
module io.vitj.cli {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires io.vitj.model;

  opens io.vitj.cli to
      info.picocli;
}
