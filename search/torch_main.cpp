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
    } else if (task == "evaluate") {
      gensynth::worker::run_evaluate_task(request, reply);
    } else if (task == "quantise") {
      gensynth::worker::run_quantise_task(request, reply);
    } else if (task == "bench") {
      gensynth::worker::run_bench_task(request, reply);
    } else {
      throw gensynth::Error("gensynth-torch: unknown task '" + task + "'", gensynth::ErrorKind::internal);
    }
    return ExitCode::kDone;
  } catch (const std::exception& error) {
    const gensynth::command::shared::Failure failure = gensynth::command::shared::failure_of(error);
    reply.error(failure.message, failure.kind);
    return gensynth::command::shared::exit_code_of(failure.kind);
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
    const gensynth::command::shared::Failure failure = gensynth::command::shared::failure_of(error);
    std::fputs(failure_text(failure).c_str(), stderr);
    return gensynth::command::shared::exit_code_of(failure.kind);
  }
}
