#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gensynth::lowering {

/// The declarations of a model file of any format about its first input and its first output.
struct ModelFile {
  std::map<std::string, std::string> metadata;
  std::vector<std::int64_t> input;   ///< extents; -1 where the file leaves one open
  std::vector<std::int64_t> output;  ///< the same
  std::string input_name;
  std::string output_name;
  bool bytes = false;  ///< the input is uint8, else float32
};

}  // namespace gensynth::lowering
