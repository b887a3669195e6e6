#pragma once

#include <string>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/lowering/file_options.hpp"
#include "runtime/quantisation/quantised_network.hpp"

namespace gensynth::onnx {

/// Writes an ONNX model (opset 13, IR version 7) of the network in inference form: folded first, then checked by
/// onnx's checker with strict shape inference. Input "images" (N, C, H, W); output "logits" or "probabilities",
/// (N, classes). Metadata as lowering::file_metadata says. Throws Error with the checker's message, and for options
/// out of range.
void write_onnx(const Architecture& architecture, const Weights& weights, const std::string& path,
                const lowering::FileOptions& options = {});

/// The same model as bytes.
std::string onnx_model(const Architecture& architecture, const Weights& weights,
                       const lowering::FileOptions& options = {});

/// The same in 8-bit integers: every value and weight that is stored as int8 passes QuantizeLinear and
/// DequantizeLinear. The network is folded, and begins with a normalisation where the options' input is not normalised;
/// the file adds none.
std::string onnx_model(const quantisation::QuantisedNetwork& network, const lowering::FileOptions& options = {});

}  // namespace gensynth::onnx
