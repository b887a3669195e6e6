#include "search/loop/result_files.hpp"

#include <filesystem>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/serialize.hpp"
#include "runtime/drawing/drawing.hpp"
#include "search/companion/calls.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::loop {
namespace fs = std::filesystem;

ResultFiles write_result(const run::Run& run, const trial::Trial& winner) {
  const run::RunFolder& folder = run.folder();
  ResultFiles files;
  fs::create_directories(folder.result());
  const std::string base = folder.result() + "/attendnext";
  const auto attempt = [&](const std::string& path, const auto& write) {
    try {
      write(path);
      files.written.push_back(path);
    } catch (const std::exception& error) {
      files.remarks.push_back(error.what());
    }
  };
  const std::string weights = fs::exists(folder.weights(winner.id)) ? folder.weights(winner.id) : "";
  const Architecture network = run::network_of(run.job(), winner, weights, "attendnext");
  attempt(base + ".json", [&](const std::string& path) { write_architecture(network, path, winner.genotype); });
  attempt(base + ".svg", [&](const std::string& path) { write_file_atomically(path, drawing::to_svg(network)); });
  if (weights.empty()) {
    for (const char* stale : {".safetensors", ".onnx"}) fs::remove(base + stale);
    if (run.job().proxy.enabled)
      files.remarks.push_back("the winner's weights are not there; no .safetensors, no .onnx");
    return files;
  }
  attempt(base + ".safetensors", [&](const std::string& path) {
    fs::copy_file(weights, path + ".tmp", fs::copy_options::overwrite_existing);
    fs::rename(path + ".tmp", path);
  });
  attempt(base + ".onnx", [&](const std::string& path) {
    companion::CallOptions call;
    call.log = folder.worker_log(0);
    (void)companion::export_onnx({folder.path + "#" + std::to_string(winner.id), path, 1}, call);
  });
  return files;
}

}  // namespace gensynth::loop
