#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "architecture/base/json_reader.hpp"
#include "search/command/shared/exit_code.hpp"
#include "search/worker/tasks.hpp"

namespace {

using gensynth::command::shared::ExitCode;

int answer(const std::string& task, const nlohmann::json& request) {
  gensynth::companion::Reply reply;
  try {
    if (task == "train") {
      gensynth::worker::run_train_task(request, reply);
    } else if (task == "onnx") {
      gensynth::worker::run_onnx_task(request, reply);
    } else if (task == "tflite") {
      gensynth::worker::run_tflite_task(request, reply);
    } else if (task == "bench") {
      gensynth::worker::run_bench_task(request, reply);
    } else {
      reply.error("gensynth-torch: unknown task '" + task + "'");
      return ExitCode::kBadInput;
    }
    return ExitCode::kDone;
  } catch (const std::exception& error) {
    reply.error(error.what());
    return ExitCode::kBadInput;
  }
}

}  // namespace

/// gensynth-torch: the part of the program that links LibTorch, so that every other command starts in milliseconds.
/// `gensynth` starts it with a task and a JSON request (companion/messages.hpp).
int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "gensynth-torch: started by the program gensynth; see gensynth --help\n");
    return ExitCode::kBadInput;
  }
  const std::string task = argv[1];
  try {
    const nlohmann::json request = gensynth::parse_json(argv[2], "request");
    return task == "worker" ? gensynth::worker::run_worker_task(request) : answer(task, request);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth: %s\n", error.what());
    return ExitCode::kBadInput;
  }
}
