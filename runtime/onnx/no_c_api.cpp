#include "architecture/error.hpp"
#include "runtime/onnx/run_backend.hpp"

// Built where onnxruntime_c_api.h is not there.

namespace gensynth {
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

std::optional<TimingSamples> time_onnx_in_process(const OnnxCall&, const TimingOptions&, std::string& why_not) {
  why_not = reason();
  return std::nullopt;
}

}  // namespace gensynth
