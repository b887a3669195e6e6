#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "architecture/base/json_reader.hpp"
#include "search/command/exit_code.hpp"
#include "search/worker/tasks.hpp"

/// gensynth-torch: the part of the program that carries LibTorch, so that everything else starts in milliseconds.
/// Not meant to be started by hand: `gensynth` does, with a task and a JSON request.
int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "gensynth-torch: started by the program gensynth; see gensynth --help\n");
    return gensynth::command::kBadInput;
  }
  const std::string task = argv[1];
  try {
    const nlohmann::json request = gensynth::parse_json(argv[2], "request");
    if (task == "worker") return gensynth::worker::run_worker_task(request);
    if (task == "train") return gensynth::worker::run_train_task(request);
    if (task == "onnx") return gensynth::worker::run_onnx_task(request);
    if (task == "bench") return gensynth::worker::run_bench_task(request);
    std::fprintf(stderr, "gensynth-torch: unknown task '%s'\n", task.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth: %s\n", error.what());
  }
  return gensynth::command::kBadInput;
}
