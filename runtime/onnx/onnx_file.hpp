#pragma once

#include <string>

#include "runtime/lowering/model_file.hpp"

namespace gensynth::onnx {

/// Reads what an ONNX file declares. Throws Error naming the file when it is none, when it has other than one input
/// that is no constant, or when that is neither float32 nor uint8.
lowering::ModelFile read_onnx(const std::string& path);

}  // namespace gensynth::onnx
