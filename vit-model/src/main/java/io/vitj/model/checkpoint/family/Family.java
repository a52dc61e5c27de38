package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;
import java.util.List;

/**
 * One layout of checkpoints. Messages of the exceptions that it throws do not name the config file;
 * the caller puts its path in front.
 */
interface Family {
  /**
   * Returns the family of one file, where files of the same config differ.
   *
   * @param file the checkpoint
   * @return the family that reads it
   */
  default Family of(CheckpointFile file) {
    return this;
  }

  /**
   * Returns what to call this family.
   *
   * @return a name for people
   */
  String name();

  /**
   * Returns the architecture that a config names.
   *
   * @param config the contents of {@code config.json}
   * @return its name in the library that the family comes from
   * @throws io.vitj.model.ModelException if it is none that the family knows
   */
  String architecture(ObjectNode config);

  /**
   * Reads a config.
   *
   * @param config the contents of {@code config.json}
   * @param file the checkpoint, for what a config of this family leaves open
   * @return the architecture
   * @throws io.vitj.model.ModelException if a value is wrong, or asks for what is not implemented
   */
  ViTConfig config(ObjectNode config, CheckpointFile file);

  /**
   * Returns the names in the files of this family.
   *
   * @param config the architecture, as {@link #config} read it
   * @param file the checkpoint
   * @return a table that covers all its parameters
   */
  NameTable names(ViTConfig config, CheckpointFile file);

  /**
   * Returns whether the models of this family run at whatever size their images are preprocessed
   * to.
   *
   * @return false if they are meant for the size of their config
   */
  default boolean takesAnySize() {
    return false;
  }

  /**
   * Returns the description of the preprocessing inside a config.
   *
   * @param config the contents of {@code config.json}
   * @return what timm would have as {@code pretrained_cfg}; a missing node if it lies elsewhere
   * @throws io.vitj.model.ModelException if it asks for what is not implemented
   */
  default JsonNode preprocessing(ObjectNode config) {
    return MissingNode.getInstance();
  }

  /**
   * Reads the names of the classes.
   *
   * @param config the contents of {@code config.json}
   * @param classes the number of classes of the head
   * @return one label for each class
   * @throws io.vitj.model.ModelException if the labels contradict the number of classes
   */
  List<String> labels(ObjectNode config, int classes);
}
