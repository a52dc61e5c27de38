package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitj.model.ModelException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessTest {
  private static final String FILE = "preprocessor_config.json";

  /** What each processor class does when its file says nothing else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ViT    | resize to 224×224 bilinear, rescale 1/255, normalise mean 0.5 std 0.5
          DeiT   | resize to 256×256 bicubic, centre crop 224×224, rescale 1/255, normalise mean 0.5 std 0.5
          Beit   | resize to 224×224 bicubic, rescale 1/255, normalise mean 0.5 std 0.5
          Siglip | resize to 224×224 bicubic, rescale 1/255, normalise mean 0.5 std 0.5
          CLIP   | resize shortest edge 224 bicubic, centre crop 224×224, rescale 1/255, normalise mean 0.48145466 0.4578275 0.40821073 std 0.26862954 0.26130258 0.27577711
          Bit    | resize shortest edge 224 bicubic, centre crop 224×224, rescale 1/255, normalise mean 0.48145466 0.4578275 0.40821073 std 0.26862954 0.26130258 0.27577711
          """)
  void defaults(String type, String expected) {
    for (String suffix : new String[] {"ImageProcessor", "ImageProcessorFast"}) {
      assertThat(huggingFace("{'image_processor_type': '" + type + suffix + "'}"))
          .hasToString(expected);
    }
    assertThat(huggingFace("{'feature_extractor_type': '" + type + "FeatureExtractor'}"))
        .hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "vit, ViT",
    "vit_mae, ViT",
    "deit, DeiT",
    "beit, Beit",
    "clip_vision_model, CLIP",
    "siglip_vision_model, Siglip",
    "dinov2, Bit",
    "dinov2_with_registers, Bit",
  })
  void theModelTypeDecidesWhereTheFileDoesNot(String modelType, String type) {
    assertThat(Preprocess.huggingFace(json("{}"), modelType, FILE))
        .hasToString(
            huggingFace("{'image_processor_type': '" + type + "ImageProcessor'}").toString());
  }

  /** The resizing grows with the crop. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ViT  |                                              | 448 | 336 | resize to 336×448 bilinear
          DeiT |                                              | 112 | 448 | resize to 512×128 bicubic, centre crop 448×112
          CLIP | 'size': {'shortest_edge': 250}               | 336 | 336 | resize shortest edge 375 bicubic, centre crop 336×336
          CLIP | 'size': {'shortest_edge': 256}               | 224 | 448 | resize to cover 512×256 bicubic, centre crop 448×224
          CLIP | 'size': {'shortest_edge': 256, 'longest_edge': 300} | 112 | 112 | resize shortest edge 128, longest at most 150 bicubic, centre crop 112×112
          CLIP | 'size': {'shortest_edge': 256, 'longest_edge': 300} | 112 | 224 | resize to cover 256×128 bicubic, centre crop 224×112
          CLIP | 'size': {'max_height': 300, 'max_width': 200} | 448 | 112 | resize to fit 100×600 bicubic, centre crop 112×448
          CLIP | 'do_resize': false                           | 64  | 32  | no resize, centre crop 32×64
          """)
  void anotherSizeScalesTheResizing(
      String type, String settings, int height, int width, String expected) {
    String more = settings == null ? "" : ", " + settings;
    Preprocess own =
        huggingFace("{'image_processor_type': '" + type + "ImageProcessor'" + more + "}");
    Preprocess other = own.at(height, width);
    assertThat(other.toString()).startsWith(expected + ", rescale");
    assertThat(other.height()).isEqualTo(height);
    assertThat(other.width()).isEqualTo(width);
    assertThat(other.mean()).isEqualTo(own.mean());
    assertThat(own.at(own.height(), own.width())).isSameAs(own);
  }

  @Test
  void nullIsAsGoodAsAbsent() {
    assertThat(
            huggingFace(
                "{'image_processor_type': 'DeiTImageProcessor', 'crop_size': null, 'size': null,"
                    + " 'do_center_crop': null, 'image_mean': null, 'resample': null}"))
        .hasToString(huggingFace("{'image_processor_type': 'DeiTImageProcessor'}").toString());
  }

  @Test
  void exposesSizeAndStatistics() {
    Preprocess preprocess =
        vit("'size': {'height': 20, 'width': 30}, 'image_mean': [0.1, 0.2, 0.3], 'image_std': 2");
    assertThat(preprocess.height()).isEqualTo(20);
    assertThat(preprocess.width()).isEqualTo(30);
    assertThat(preprocess.length()).isEqualTo(1800);
    assertThat(preprocess.mean()).containsExactly(0.1f, 0.2f, 0.3f);
    assertThat(preprocess.std()).containsExactly(2, 2, 2);
    Preprocess plain = vit("'do_normalize': false, 'do_rescale': false");
    assertThat(plain.mean()).containsExactly(0, 0, 0);
    assertThat(plain.std()).containsExactly(1, 1, 1);
    assertThat(plain).hasToString("resize to 224×224 bilinear");
  }

  @Test
  void timmDefaultsFollowTheModelsSize() {
    assertThat(Preprocess.defaults(224, 224))
        .hasToString(
            "resize shortest edge 256 bicubic, centre crop 224×224, rescale 1/255, normalise mean"
                + " 0.485 0.456 0.406 std 0.229 0.224 0.225");
    Preprocess preprocess =
        Preprocess.timm(json("{'input_size': [3, 224, 224], 'crop_pct': 1.0}"), 384, 384, "c.json");
    assertThat(preprocess.height()).isEqualTo(384);
    assertThat(preprocess.toString())
        .startsWith("resize shortest edge 384 bicubic, centre crop 384×384");
  }

  @Test
  void paddingIsNamed() {
    Preprocess preprocess =
        Preprocess.timm(json("{'crop_mode': 'border', 'crop_pct': 1.0}"), 32, 32, "config.json");
    assertThat(preprocess.toString())
        .startsWith("resize to fit 32×32 bicubic, centre crop 32×32, padded with 124 116 104");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'resample': 7                            | : resample must be Pillow's filter, 0 to 5, not 7
          'resample': 'cubic'                      | : resample must be Pillow's filter, 0 to 5, not "cubic"
          'size': 0                                | : size must be from 1 to 16384, not 0
          'size': {'height': 224}                  | : size must be {height, width}, {shortest_edge}
          'size': {'longest_edge': 224}            | : size must be {height, width}, {shortest_edge}
          'size': {'height': -1, 'width': 5}       | : size.height must be from 1 to 16384, not -1
          'size': {'height': 'a', 'width': 5}      | : size.height must be an integer, not "a"
          'size': {'shortest_edge': 256}           | : resize shortest edge 256 without a centre crop leaves the size open
          'do_resize': false                       | : no resize without a centre crop leaves the size open
          'do_resize': 'yes'                       | : do_resize must be true or false, not "yes"
          'do_center_crop': true                   | : do_center_crop is true, but there is no crop_size; add it
          'do_pad': true                           | : do_pad is not supported; set it to false
          'do_flip_channel_order': true            | : do_flip_channel_order is not supported
          'image_mean': [0.5, 0.5]                 | : image_mean must be a number or a list of 3, not [0.5,0.5]
          'image_std': [0.5, 0, 0.5]               | : image_std must be different from 0, not [0.5,0,0.5]
          'rescale_factor': 0                      | : rescale_factor must be different from 0, not 0
          'image_processor_type': 'SamImageProcessor' | : image processor SamImageProcessor is not supported; these are: ViTImageProcessor
          """)
  void namesTheSettingThatDoesNotServe(String settings, String message) {
    assertThatThrownBy(() -> Preprocess.huggingFace(json("{" + settings + "}"), "vit", FILE))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(FILE + message);
  }

  @Test
  void namesAModelTypeWithoutProcessor() {
    assertThatThrownBy(() -> Preprocess.huggingFace(json("{}"), "bert", FILE))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            FILE + ": no image_processor_type, and none belongs to model_type bert");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'interpolation': 'random' | interpolation must be nearest, bilinear, bicubic, box, hamming or lanczos, not "random"
          'crop_mode': 'top'        | crop_mode must be center, squash or border, not "top"
          'crop_pct': -1            | crop_pct must be above 0, not -1
          'crop_pct': 1000          | crop_pct must be at most the input size, not 1000
          'std': [1, 1, 0]          | std must be different from 0, not [1,1,0]
          """)
  void namesTheTimmSettingThatDoesNotServe(String settings, String message) {
    assertThatThrownBy(() -> Preprocess.timm(json("{" + settings + "}"), 32, 32, "config.json"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("config.json: " + message);
  }

  @Test
  void aPictureTooNarrowToResizeIsNamed() {
    Preprocess preprocess = Preprocess.timm(json("{'crop_mode': 'border'}"), 32, 32, "c.json");
    assertThatThrownBy(() -> preprocess.apply(new RgbImage(1, 900, new byte[2700])))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "a picture of 1×900 pixels is too narrow to resize to fit 36×36; crop it first");
  }

  /** Resized whole, the picture would have 768 million pixels. */
  @Test
  void onlyTheCroppedPartIsComputed() {
    RgbImage wide = new RgbImage(30_000, 1, new byte[90_000]);
    assertThat(Preprocess.defaults(140, 140).apply(wide)).hasSize(3 * 140 * 140);
  }

  @Test
  void theViewIsThePictureBeforeNormalising() {
    RgbImage grey = new RgbImage(4, 4, new byte[48]);
    Arrays.fill(grey.pixels(), (byte) 51);
    Preprocess preprocess = vit("'size': 2");
    RgbImage view = preprocess.view(grey);
    assertThat(view.toString()).isEqualTo("2×2 RGB");
    assertThat(view.pixels()).containsOnly(51);
    float[] out = new float[20];
    preprocess.apply(grey, out, 5);
    assertThat(out[4]).isZero();
    assertThat(out[5]).isEqualTo((0.2f - 0.5f) / 0.5f);
    assertThat(out[17]).isZero();
    assertThatThrownBy(() -> preprocess.apply(grey, out, 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static Preprocess huggingFace(String config) {
    return Preprocess.huggingFace(json(config), null, FILE);
  }

  private static Preprocess vit(String settings) {
    return Preprocess.huggingFace(json("{" + settings + "}"), "vit", FILE);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
