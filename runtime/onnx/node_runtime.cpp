#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/onnx/run_backend.hpp"

extern char** environ;

namespace gensynth::onnx {
namespace {

namespace fs = std::filesystem;

/// share/gensynth/onnx of the installation that the running program belongs to.
fs::path installed_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path() : program.parent_path().parent_path() / "share" / "gensynth" / "onnx";
}

std::optional<fs::path> find_script(const char* name) {
  for (const auto& folder : {installed_folder(), fs::path(GENSYNTH_ONNX_SCRIPTS)}) {
    if (!folder.empty() && fs::exists(folder / name)) return folder / name;
  }
  return std::nullopt;
}

bool holds_runtime(const fs::path& folder) { return fs::exists(folder / "onnxruntime-node" / "package.json"); }

std::optional<fs::path> find_packages() {
  if (const auto named = named_in_environment("GENSYNTH_ONNXRUNTIME_NODE")) {
    for (const auto& folder : {fs::path(*named), fs::path(*named) / "node_modules"}) {
      if (holds_runtime(folder)) return folder;
    }
    throw Error("GENSYNTH_ONNXRUNTIME_NODE: " + *named + ": holds no onnxruntime-node");
  }
  for (const auto& folder : {installed_folder(), fs::path(GENSYNTH_ONNX_PACKAGES)}) {
    if (!folder.empty() && holds_runtime(folder / "node_modules")) return folder / "node_modules";
  }
  return std::nullopt;
}

std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// Runs a program with its output in two files; its exit status, or nothing when there is no such program.
std::optional<int> spawn(std::vector<std::string> words, const std::string& out, const std::string& err) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT) return std::nullopt;
  if (failed != 0) throw Error(words[0] + ": cannot be started: " + std::strerror(failed));
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw Error(words[0] + ": cannot be waited for: " + std::strerror(errno));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void write_tensors(const std::string& path, const std::vector<std::vector<float>>& tensors) {
  std::ofstream out(path, std::ios::binary);
  for (const auto& tensor : tensors) {
    out.write(reinterpret_cast<const char*>(tensor.data()),
              static_cast<std::streamsize>(tensor.size() * sizeof(float)));
  }
  out.close();
  if (!out) throw Error(path + ": cannot be written: " + std::strerror(errno));
}

std::vector<std::vector<float>> read_tensors(const std::string& path, std::size_t count, std::size_t elements) {
  const std::string bytes = read_all(path);
  if (bytes.size() != count * elements * sizeof(float)) {
    throw Error(path + ": " + std::to_string(bytes.size()) + " bytes, expected " +
                std::to_string(count * elements * sizeof(float)));
  }
  std::vector<std::vector<float>> tensors(count, std::vector<float>(elements));
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(tensors[i].data(), bytes.data() + i * elements * sizeof(float), elements * sizeof(float));
  }
  return tensors;
}

std::string comma_separated(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const auto extent : shape) text += (text.empty() ? "" : ",") + std::to_string(extent);
  return text;
}

/// Runs a script of ours with the model, the inputs and `more`; what it prints, or nothing, with the reason, when node,
/// the runtime or the script is not there.
std::optional<nlohmann::json> run_script(const char* name, const OnnxCall& call, const TemporaryFolder& scratch,
                                         const std::vector<std::string>& more, std::string& why_not) {
  const auto packages = find_packages();
  if (!packages) {
    why_not =
        "onnxruntime-node is not installed (npm install --prefix build/onnx onnxruntime-node@1.20.1 "
        "--ignore-scripts, or set GENSYNTH_ONNXRUNTIME_NODE)";
    return std::nullopt;
  }
  const auto script = find_script(name);
  if (!script) {
    why_not = std::string(name) + " is neither installed nor in " GENSYNTH_ONNX_SCRIPTS;
    return std::nullopt;
  }
  write_tensors(scratch.file("inputs"), call.inputs);
  std::vector<std::string> words{"node", script->string(), packages->string(), call.model_path, scratch.file("inputs")};
  words.insert(words.end(), more.begin(), more.end());
  const auto status = spawn(words, scratch.file("stdout"), scratch.file("stderr"));
  if (!status) {
    why_not = "there is no program node";
    return std::nullopt;
  }
  if (*status != 0) {
    throw Error(call.model_path + ": ONNX Runtime failed (status " + std::to_string(*status) +
                "): " + read_all(scratch.file("stderr")));
  }
  return parse_json(read_all(scratch.file("stdout")), script->string());
}

std::vector<double> numbers(const nlohmann::json& array) {
  std::vector<double> values;
  for (const auto& value : array) values.push_back(value.get<double>());
  return values;
}

}  // namespace

std::optional<OnnxRun> run_onnx_in_node(const OnnxCall& call, std::string& why_not) {
  const TemporaryFolder scratch("onnx");
  const auto report = run_script("run.mjs", call, scratch,
                                 {scratch.file("outputs"), comma_separated(call.shape),
                                  std::to_string(call.inputs.size()), std::to_string(call.threads)},
                                 why_not);
  if (!report) return std::nullopt;
  JsonReader reader(*report, "run.mjs");
  OnnxRun run;
  run.runtime = reader.string("runtime");
  const auto elements = reader.integer("elements", 0, std::int64_t{1} << 32);
  run.milliseconds = numbers(reader.array("milliseconds"));
  reader.finish();
  run.outputs = read_tensors(scratch.file("outputs"), call.inputs.size(), static_cast<std::size_t>(elements));
  return run;
}

std::optional<timing::TimingSamples> time_onnx_in_node(const OnnxCall& call, const timing::TimingOptions& options,
                                                       std::string& why_not) {
  const TemporaryFolder scratch("onnx");
  const auto report =
      run_script("time.mjs", call, scratch,
                 {comma_separated(call.shape), std::to_string(options.threads), std::to_string(options.warmup),
                  std::to_string(options.repeats), std::to_string(options.min_seconds)},
                 why_not);
  if (!report) return std::nullopt;
  JsonReader reader(*report, "time.mjs");
  timing::TimingSamples samples;
  samples.runtime = reader.string("runtime");
  samples.wall_ms = numbers(reader.array("wall_ms"));
  samples.cpu_ms = numbers(reader.array("cpu_ms"));
  reader.finish();
  return samples;
}

}  // namespace gensynth::onnx
