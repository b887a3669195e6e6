#pragma once

#include <string>
#include <vector>

#include "search/run/run.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::result {

struct ResultFiles {
  std::vector<std::string> written;  ///< paths
  std::vector<std::string> remarks;  ///< reasons why others were not written
};

/// Writes the winner to the folder `result/` of the run: attendnext.json and .svg. If its weights exist, also
/// attendnext.safetensors and .onnx, the card in attendnext.json, and for users of the network labels.txt, README.md (a
/// model card), infer.py and infer.mjs; if not, those of an earlier winner are removed. A file that cannot be written
/// leaves a remark, and the others are written. Throws Error if the folder cannot be made.
ResultFiles write_result(const run::Run& run, const trial::Trial& winner);

}  // namespace gensynth::result
