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

ResultFiles write_result(const run::RunFolder& run, const job::Job& job, const trial::Trial& winner) {
  ResultFiles files;
  fs::create_directories(run.result());
  const std::string base = run.result() + "/attendnext";
  const auto attempt = [&](const std::string& path, const auto& write) {
    try {
      write(path);
      files.written.push_back(path);
    } catch (const std::exception& error) {
      files.remarks.push_back(error.what());
    }
  };
  const std::string weights = fs::exists(run.weights(winner.id)) ? run.weights(winner.id) : "";
  const Architecture network = run::network_of(job, winner, weights, "attendnext");
  attempt(base + ".json", [&](const std::string& path) { write_architecture(network, path, winner.genotype); });
  attempt(base + ".svg", [&](const std::string& path) { write_file_atomically(path, drawing::to_svg(network)); });
  if (weights.empty()) {
    for (const char* stale : {".safetensors", ".onnx"}) fs::remove(base + stale);
    if (job.proxy.enabled) files.remarks.push_back("the winner's weights are not there; no .safetensors, no .onnx");
    return files;
  }
  attempt(base + ".safetensors", [&](const std::string& path) {
    fs::copy_file(weights, path + ".tmp", fs::copy_options::overwrite_existing);
    fs::rename(path + ".tmp", path);
  });
  attempt(base + ".onnx", [&](const std::string& path) {
    companion::CallOptions call;
    call.log = run.worker_log(0);
    (void)companion::export_onnx({run.path + "#" + std::to_string(winner.id), path, 1}, call);
  });
  return files;
}

}  // namespace gensynth::loop
