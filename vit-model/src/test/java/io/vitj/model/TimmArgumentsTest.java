package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.tensor.kernel.Activation;
import org.junit.jupiter.api.Test;

/** What arguments do was read off timm's {@code VisionTransformer.__init__} (1.0.29). */
class TimmArgumentsTest {
  private static final ViTConfig TINY = Presets.config("vit_tiny_patch16_224");

  @Test
  void sizes() {
    assertThat(
            with(
                "{'img_size':[96,64],'patch_size':32,'in_chans':1,'num_classes':0,'embed_dim':60,"
                    + "'depth':2,'num_heads':5,'reg_tokens':3}"))
        .isEqualTo(
            TINY.toBuilder()
                .imageHeight(96)
                .imageWidth(64)
                .patch(32)
                .channels(1)
                .classes(0)
                .width(60)
                .depth(2)
                .heads(5)
                .mlpHidden(240)
                .registerTokens(3)
                .build());
  }

  @Test
  void theHiddenWidthIsCutToAnInteger() {
    assertThat(with("{'mlp_ratio':2.6667}").mlpHidden()).isEqualTo(512);
    assertThat(with("{'mlp_ratio':3}").mlpHidden()).isEqualTo(576);
  }

  @Test
  void theNormMovesBehindAMean() {
    ViTConfig avg = with("{'global_pool':'avg'}");
    assertThat(avg.pooling()).isEqualTo(Pooling.AVG);
    assertThat(avg.finalNorm()).isFalse();
    assertThat(avg.fcNorm()).isTrue();
    ViTConfig before = with("{'global_pool':'avg','fc_norm':false}");
    assertThat(before.finalNorm()).isTrue();
    assertThat(before.fcNorm()).isFalse();
    ViTConfig token = with("{'fc_norm':true}");
    assertThat(token.finalNorm()).isFalse();
    assertThat(token.fcNorm()).isTrue();
    ViTConfig none = with("{'final_norm':false,'global_pool':'avg'}");
    assertThat(none.finalNorm()).isFalse();
    assertThat(none.fcNorm()).isFalse();
  }

  @Test
  void tokensAndPositions() {
    assertThat(with("{'no_embed_class':true}").positions()).isEqualTo(Positions.PATCHES_ONLY);
    assertThat(with("{'pos_embed':'none'}").positions()).isEqualTo(Positions.NONE);
    assertThat(with("{'pos_embed':''}").positions()).isEqualTo(Positions.NONE);
    assertThat(with("{'class_token':false,'global_pool':'avg'}").prefixTokens()).isZero();
    ViTConfig sequence = with("{'num_classes':0,'global_pool':''}");
    assertThat(sequence.pooling()).isEqualTo(Pooling.NONE);
  }

  @Test
  void blocks() {
    assertThat(with("{'qkv_bias':false}").qkvBias()).isEqualTo(QkvBias.NONE);
    assertThat(with("{'init_values':1e-5}").layerScale()).isTrue();
    assertThat(with("{'init_values':0}").layerScale()).isFalse();
    assertThat(with("{'init_values':null}").layerScale()).isFalse();
    assertThat(with("{'act_layer':'gelu_tanh'}").activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(with("{'act_layer':'quick_gelu'}").activation()).isEqualTo(Activation.QUICK_GELU);
    assertThat(with("{'act_layer':'silu'}").activation()).isEqualTo(Activation.SILU);
    ViTConfig preNorm = with("{'pre_norm':true}");
    assertThat(preNorm.preNorm()).isTrue();
    assertThat(preNorm.patchBias()).isFalse();
  }

  @Test
  void whatConcernsTrainingOrIsTheOnlyWayChangesNothing() {
    assertThat(
            with(
                "{'drop_rate':0.1,'drop_path_rate':0.2,'weight_init':'jax','dynamic_img_size':true,"
                    + "'qk_norm':false,'proj_bias':true,'norm_layer':'layernorm','fc_norm':null}"))
        .isEqualTo(TINY);
  }

  private static ViTConfig with(String json) {
    try {
      ObjectNode overrides = (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
      return Presets.arguments("vit_tiny_patch16_224").with(overrides).config();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
