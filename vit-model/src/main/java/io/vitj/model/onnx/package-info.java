/** Models as ONNX graphs. Needs {@code org.tribuo:tribuo-util-onnx}, an optional dependency. */
package io.vitj.model.onnx;
