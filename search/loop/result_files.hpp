#pragma once

#include <string>
#include <vector>

#include "search/run/run.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::loop {

/// The files of a winner. A file that could not be written gives a remark: a failed export never fails a search.
struct ResultFiles {
  std::vector<std::string> written;
  std::vector<std::string> remarks;
};

/// Writes the winner as AttendNeXt into the run's result/: attendnext.json and .svg, and, when its weights exist,
/// .safetensors and .onnx (verified against LibTorch by gensynth-torch; blocks until that has ended).
ResultFiles write_result(const run::Run& run, const trial::Trial& winner);

}  // namespace gensynth::loop
