package io.vitj.bench.peer;

import io.vitj.model.Parameter;
import io.vitj.model.ViTConfig;
import java.util.Locale;

/**
 * A Vision Transformer in the source language of TorchScript: the calls that tracing timm's model
 * records. Shapes: B images, N patches, T tokens, D width, H heads of width dh.
 */
final class TorchScriptCode {
  /** The name of the class. */
  static final String CLASS = "ViT";

  private final ViTConfig config;
  private final StringBuilder text = new StringBuilder();

  TorchScriptCode(ViTConfig config) {
    this.config = config;
  }

  /** What a parameter is called in the class. */
  static String attribute(String parameter) {
    return parameter.replace('.', '_');
  }

  String text() {
    text.append("class ").append(CLASS).append("(Module):\n  __parameters__ = [");
    for (Parameter p : config.parameters()) {
      text.append('"').append(attribute(p.name())).append("\", ");
    }
    text.append("]\n  __buffers__ = []\n");
    config.parameters().forEach(p -> text.append("  " + attribute(p.name()) + " : Tensor\n"));
    text.append("  training : bool\n  def forward(self: __torch__.").append(CLASS);
    text.append(",\n    pixels: Tensor) -> Tensor:\n");
    embed();
    for (int i = 0; i < config.depth(); i++) {
      block("blocks." + i + '.');
    }
    line("x = " + norm("x", "norm"));
    line("return " + linear("torch.select(x, 1, 0)", "head"));
    return text.toString();
  }

  private void line(String line) {
    text.append("    ").append(line).append('\n');
  }

  private void embed() {
    line("batch = torch.size(pixels, 0)");
    line(
        String.format(
            Locale.ROOT,
            "map = torch.conv2d(pixels, %s, [%d, %d])", // (B, D, H/P, W/P)
            parameters("patch_embed.proj"),
            config.patch(),
            config.patch()));
    line("patches = torch.transpose(torch.flatten(map, 2), 1, 2)"); // (B, N, D)
    line("cls = torch.expand(self.cls_token, [batch, -1, -1])");
    line("x = torch.add(torch.cat([cls, patches], 1), self.pos_embed)"); // (B, T, D)
  }

  private void block(String name) {
    line("qkv = " + linear(norm("x", name + "norm1"), name + "attn.qkv")); // (B, T, 3·D)
    line(
        String.format(
            Locale.ROOT,
            "qkv = torch.permute(torch.reshape(qkv, [batch, -1, 3, %d, %d]), [2, 0, 3, 1, 4])",
            config.heads(),
            config.headWidth()));
    line("q, k, v, = torch.unbind(qkv)"); // (B, H, T, dh)
    line("heads = torch.transpose(torch.scaled_dot_product_attention(q, k, v), 1, 2)");
    String joined = "torch.reshape(heads, [batch, -1, " + config.width() + "])"; // (B, T, D)
    line("x = torch.add(x, " + linear(joined, name + "attn.proj") + ')');
    line("hidden = torch.gelu(" + linear(norm("x", name + "norm2"), name + "mlp.fc1") + ')');
    line("x = torch.add(x, " + linear("hidden", name + "mlp.fc2") + ')');
  }

  private static String linear(String x, String name) {
    return "torch.linear(" + x + ", " + parameters(name) + ')';
  }

  private String norm(String x, String name) {
    return String.format(
        Locale.ROOT,
        "torch.layer_norm(%s, [%d], %s, %.9e)",
        x,
        config.width(),
        parameters(name),
        config.layerNormEps());
  }

  private static String parameters(String name) {
    String attribute = "self." + attribute(name);
    return attribute + "_weight, " + attribute + "_bias";
  }
}
