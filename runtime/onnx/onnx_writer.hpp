#pragma once

#include <string>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace gensynth::onnx {

/// Writes an ONNX model (opset 13, IR version 7) of the network in inference form: folded first, then checked by
/// onnx's checker with strict shape inference. Input "images" (1, C, H, W), output "scores". Throws Error with
/// the checker's message.
void write_onnx(const Architecture& architecture, const Weights& weights, const std::string& path);

/// The same model as bytes.
std::string onnx_model(const Architecture& architecture, const Weights& weights);

}  // namespace gensynth::onnx
