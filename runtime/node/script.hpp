#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace gensynth::node {

/// A script of this project that runs a model through an npm package.
struct Script {
  std::string folder;    ///< "onnx": its place below share/gensynth of an installation, and below scripts/
  std::string name;      ///< "run.mjs"
  std::string package;   ///< "onnxruntime-node"; looked for beside the installed script and in build/FOLDER_OF_PACKAGE
  std::string built_in;  ///< the folder below build/ that scripts/setup installs the package in
  std::string variable;  ///< environment variable that names the package's folder instead
  std::string install;   ///< the npm command that installs the package
  std::string runtime;   ///< "ONNX Runtime", for messages
};

/// Runs the script under node with the packages' folder and then `arguments`; what it prints. Returns nothing, with the
/// reason in `why_not`, when node, the package or the script is not there. Throws Error, naming `model`, when the
/// script fails, and when the variable names a folder without the package. `scratch` is a folder for what the script
/// prints.
std::optional<nlohmann::json> run_script(const Script& script, const std::vector<std::string>& arguments,
                                         const std::string& model, const std::string& scratch, std::string& why_not);

/// Bytes to a file, and `count` arrays of `elements` float32 from one. Throw Error naming the file.
void write_bytes(const std::string& path, const void* data, std::size_t size);
std::vector<std::vector<float>> read_arrays(const std::string& path, std::size_t count, std::size_t elements);

}  // namespace gensynth::node
