#include "architecture/base/error.hpp"
#include "runtime/onnx/run_backend.hpp"

// Built where onnxruntime_c_api.h is not installed.

namespace gensynth::onnx {
namespace {

std::string reason() {
  const std::string missing = "the program was built without onnxruntime_c_api.h";
  if (const auto named = named_in_environment("GENSYNTH_ONNXRUNTIME_LIBRARY")) {
    throw Error("GENSYNTH_ONNXRUNTIME_LIBRARY: " + *named + ": " + missing);
  }
  return missing;
}

}  // namespace

std::optional<OnnxRun> run_onnx_in_process(const OnnxCall&, std::string& why_not) {
  why_not = reason();
  return std::nullopt;
}

std::optional<timing::TimingSamples> time_onnx_in_process(const OnnxCall&, const timing::TimingOptions&,
                                                          std::string& why_not) {
  why_not = reason();
  return std::nullopt;
}

}  // namespace gensynth::onnx
