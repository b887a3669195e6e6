#include "runtime/node/script.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/json_reader.hpp"

extern char** environ;

namespace gensynth::node {
namespace {

namespace fs = std::filesystem;

/// share/gensynth/FOLDER of the installation that the running program belongs to.
fs::path installed_folder(const Script& script) {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path() : program.parent_path().parent_path() / "share" / "gensynth" / script.folder;
}

std::optional<fs::path> find_script(const Script& script) {
  for (const auto& folder : {installed_folder(script), fs::path(GENSYNTH_SOURCE_SCRIPTS) / script.folder}) {
    if (!folder.empty() && fs::exists(folder / script.name)) return folder / script.name;
  }
  return std::nullopt;
}

bool holds_package(const fs::path& folder, const Script& script) {
  return fs::exists(folder / script.package / "package.json");
}

std::optional<fs::path> find_packages(const Script& script) {
  if (const char* named = std::getenv(script.variable.c_str()); named != nullptr && *named != '\0') {
    for (const auto& folder : {fs::path(named), fs::path(named) / "node_modules"}) {
      if (holds_package(folder, script)) return folder;
    }
    throw Error(script.variable + ": " + named + ": holds no " + script.package);
  }
  for (const auto& folder : {installed_folder(script), fs::path(GENSYNTH_SOURCE_BUILD) / script.built_in}) {
    if (!folder.empty() && holds_package(folder / "node_modules", script)) return folder / "node_modules";
  }
  return std::nullopt;
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

}  // namespace

std::optional<nlohmann::json> run_script(const Script& script, const std::vector<std::string>& arguments,
                                         const std::string& model, const std::string& scratch, std::string& why_not) {
  const auto packages = find_packages(script);
  if (!packages) {
    why_not = script.package + " is not installed (" + script.install + ", or set " + script.variable + ")";
    return std::nullopt;
  }
  const auto file = find_script(script);
  if (!file) {
    why_not = script.name + " is neither installed nor in " GENSYNTH_SOURCE_SCRIPTS "/" + script.folder;
    return std::nullopt;
  }
  std::vector<std::string> words{"node", file->string(), packages->string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto status = spawn(words, scratch + "/stdout", scratch + "/stderr");
  if (!status) {
    why_not = "there is no program node";
    return std::nullopt;
  }
  if (*status != 0) {
    throw Error(model + ": " + script.runtime + " failed (status " + std::to_string(*status) +
                "): " + read_file(scratch + "/stderr"));
  }
  return parse_json(read_file(scratch + "/stdout"), file->string());
}

void write_bytes(const std::string& path, const void* data, std::size_t size) {
  std::ofstream out(path, std::ios::binary);
  out.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
  out.close();
  if (!out) throw Error(path + ": cannot be written: " + std::strerror(errno));
}

std::vector<std::vector<float>> read_arrays(const std::string& path, std::size_t count, std::size_t elements) {
  const std::string bytes = read_file(path);
  if (bytes.size() != count * elements * sizeof(float)) {
    throw Error(path + ": " + std::to_string(bytes.size()) + " bytes, expected " +
                std::to_string(count * elements * sizeof(float)));
  }
  std::vector<std::vector<float>> arrays(count, std::vector<float>(elements));
  for (std::size_t i = 0; i < count && elements > 0; ++i) {
    std::memcpy(arrays[i].data(), bytes.data() + i * elements * sizeof(float), elements * sizeof(float));
  }
  return arrays;
}

}  // namespace gensynth::node
