#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "architecture/base/json_reader.hpp"
#include "search/command/exit_code.hpp"
#include "search/worker/tasks.hpp"

namespace {

int run(const std::string& task, const std::string& text) {
  const nlohmann::json request = gensynth::parse_json(text, "request");
  if (task == "worker") return gensynth::worker::run_worker_task(request);
  if (task == "train") return gensynth::worker::run_train_task(request);
  if (task == "onnx") return gensynth::worker::run_onnx_task(request);
  if (task == "tflite") return gensynth::worker::run_tflite_task(request);
  if (task == "bench") return gensynth::worker::run_bench_task(request);
  throw gensynth::Error("gensynth-torch: unknown task '" + task + "'", gensynth::ErrorKind::usage);
}

}  // namespace

/// gensynth-torch: the part of the program that links LibTorch, so that everything else starts in milliseconds. It is
/// not meant to be started by hand: `gensynth` starts it with a task and a JSON request, and ends with its exit code.
int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "gensynth-torch: started by the program gensynth; see gensynth --help\n");
    return gensynth::command::kBadInput;
  }
  try {
    const int code = run(argv[1], argv[2]);
    gensynth::command::finish_output();
    return code;
  } catch (const std::exception& error) {
    const gensynth::command::Failure failure = gensynth::command::failure_of(error);
    std::fprintf(stderr, "gensynth: %s\n", failure.message.c_str());
    return gensynth::command::exit_code_of(failure.kind);
  }
}
