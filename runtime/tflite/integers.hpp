#pragma once

#include "runtime/quantisation/quantised_network.hpp"
#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {

/// Turns the finished float32 graph of `net.network` into one that computes in 8-bit integers as `net` says. Its input
/// stays float32, or becomes bytes that represent 0 to 1 when `bytes`; its output stays float32. Operators of vertices
/// that are not computed in integers lie between DEQUANTIZE and QUANTIZE. Matrices become 1 x 1 convolutions, whose
/// weights every version of the runtime reads with a scale for each output.
void use_integers(format::ModelT& model, const quantisation::QuantisedNetwork& net, bool bytes);

}  // namespace gensynth::tflite
