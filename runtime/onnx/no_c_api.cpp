#include "runtime/onnx/run_backend.hpp"

namespace gensynth {

// Built where onnxruntime_c_api.h is not there.
std::optional<OnnxRun> run_onnx_in_process(const OnnxCall&, std::string& why_not) {
  why_not = "the program was built without onnxruntime_c_api.h";
  return std::nullopt;
}

std::optional<TimingSamples> time_onnx_in_process(const OnnxCall&, const TimingOptions&, std::string& why_not) {
  why_not = "the program was built without onnxruntime_c_api.h";
  return std::nullopt;
}

}  // namespace gensynth
