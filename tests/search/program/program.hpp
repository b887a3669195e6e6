#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace gensynth::program {

namespace fs = std::filesystem;
using nlohmann::json;

struct Result {
  int code = -1;
  std::string text;  ///< standard output and error
};

/// Runs the program as users do, in a folder of its own.
class Program : public ::testing::Test {
 protected:
  Program() {
    std::string name = (fs::temp_directory_path() / "gensynth-test-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    for (const char* variable : {"GENSYNTH_CACHE", "GENSYNTH_TORCH_PROGRAM"}) ::unsetenv(variable);
  }
  ~Program() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  Result run(const std::string& arguments) const {
    const std::string command = "cd '" + folder + "' && '" GENSYNTH_PROGRAM "' " + arguments + " 2>&1";
    Result result;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return result;
    char buffer[4096];
    std::size_t count = 0;
    while ((count = ::fread(buffer, 1, sizeof buffer, pipe)) > 0) result.text.append(buffer, count);
    const int status = ::pclose(pipe);
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return result;
  }

  pid_t start(const std::vector<std::string>& arguments) const {
    const pid_t child = ::fork();
    if (child != 0) return child;
    if (::chdir(folder.c_str()) != 0) ::_exit(127);
    (void)!::freopen("/dev/null", "w", stdout);
    (void)!::freopen("/dev/null", "w", stderr);
    std::vector<char*> words;
    std::vector<std::string> copy = arguments;
    copy.insert(copy.begin(), GENSYNTH_PROGRAM);
    for (std::string& word : copy) words.push_back(word.data());
    words.push_back(nullptr);
    ::execv(words[0], words.data());
    ::_exit(127);
  }

  /// A process that `parent` started; 0 when there is none.
  static pid_t child_of(pid_t parent) {
    for (const auto& entry : fs::directory_iterator("/proc")) {
      std::ifstream file(entry.path() / "stat");
      std::string line;
      std::getline(file, line);
      const std::size_t name_end = line.rfind(')');  // "PID (NAME) STATE PARENT ..."
      if (name_end == std::string::npos) continue;
      std::istringstream rest(line.substr(name_end + 1));
      char state = 0;
      pid_t found = 0;
      if (rest >> state >> found && found == parent) return std::stoi(entry.path().filename().string());
    }
    return 0;
  }

  int wait(pid_t child) const {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  static json tiny_job() {
    return {{"format", "gensynth.job"},
            {"version", 1},
            {"space", {{"kind", "columnar"}, {"px", 32}, {"max_stages", 3}}},
            {"strategy", {{"kind", "random"}}},
            {"constraints", {{{"constraint", "expression"}, {"expression", "params < 5e5 and latency_ms < 10"}}}},
            {"objective", {{"accuracy", "proxy_top1"}}},
            {"data", {{"kind", "drawn"}, {"px", 24}, {"classes", 3}, {"images", 60}}},
            {"proxy", {{"images", 192}, {"rungs", {96, 192}}, {"batch", 16}, {"probe_images", 2}}},
            {"budget", {{"trials", 4}, {"keep", 1}}},
            {"batch", 2},
            {"seed", 5}};
  }
  void write(const std::string& name, const json& content) const {
    std::ofstream(folder + "/" + name) << content.dump(1);
  }

  std::vector<json> lines(const std::string& arguments) const {
    std::vector<json> result;
    std::istringstream in(run(arguments).text);
    for (std::string line; std::getline(in, line);) result.push_back(json::parse(line));
    return result;
  }
  /// The results of the run except times and compute.
  std::vector<json> log_of(const std::string& name) const {
    std::vector<json> trials = lines("log " + name + " list --state all --json");
    for (json& trial : trials) trial.erase("core_seconds");
    return trials;
  }
  void expect_each_evaluated_once(const std::string& name, int trials) const {
    std::map<int, int> finished;
    for (const json& e : lines("log " + name + " --json")) {
      if (e.at("event") == "finished") ++finished[e.at("trial").get<int>()];
    }
    EXPECT_EQ(static_cast<int>(finished.size()), trials);
    for (const auto& [trial, times] : finished) EXPECT_EQ(times, 1) << trial;
  }
  /// Waits until the run has an event of that name.
  bool saw(const std::string& name, const std::string& event) const {
    for (int i = 0; i < 600; ++i) {
      if (fs::exists(folder + "/" + name + "/run.db") &&
          run("log " + name + " --json").text.find("\"event\":\"" + event + "\"") != std::string::npos) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  std::string folder;
};

}  // namespace gensynth::program
