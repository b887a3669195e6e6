#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
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
#include <thread>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

struct Result {
  int code = -1;
  std::string text;  ///< standard output and error
};

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
  /// What the run found, times and compute apart.
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

TEST_F(Program, HelpsAndCorrects) {
  EXPECT_EQ(run("--help").code, 0);
  for (const char* command : {"init", "search", "log", "check", "profile", "train", "export", "compare", "constraints",
                              "zoo", "worker", "bench", "calibrate"}) {
    const Result help = run(std::string(command) + " --help");
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_THAT(help.text, HasSubstr("--help")) << command;
  }
  const Result command = run("serach");
  EXPECT_EQ(command.code, 2);
  EXPECT_THAT(command.text, HasSubstr("did you mean 'search'"));
  const Result flag = run("search job.json --ouut run");
  EXPECT_EQ(flag.code, 2);
  EXPECT_THAT(flag.text, HasSubstr("did you mean '--out'"));
  EXPECT_EQ(run("profile zoo:mobilnet-v2-1").code, 2);
}

TEST_F(Program, JudgesAndProfilesReferenceNetworks) {
  EXPECT_GT(json::parse(run("zoo list --json").text).size(), 20u);
  write("yes.json", {{{"constraint", "expression"}, {"expression", "params < 1e9"}}});
  write("no.json", {{{"constraint", "expression"}, {"expression", "params < 1e3"}}});
  EXPECT_EQ(run("check zoo:mobilenet-v2-1 --constraints yes.json").code, 0);
  const Result no = run("check zoo:mobilenet-v2-1 --constraints no.json --json");
  EXPECT_EQ(no.code, 1);
  EXPECT_EQ(json::parse(no.text).at("feasible"), false);
  EXPECT_EQ(run("profile zoo:mobilenet-v2-1 --svg time.svg").code, 0);
  EXPECT_TRUE(fs::exists(folder + "/time.svg"));
  const json profile = json::parse(run("profile zoo:mobilenet-v2-1 --json").text);
  for (const char* key : {"params", "macs", "latency_ms", "low", "high", "layers"}) EXPECT_TRUE(profile.contains(key));
  EXPECT_LT(profile.at("low"), profile.at("latency_ms"));
  double sum = 0;
  for (const json& layer : profile.at("layers")) sum += layer.at("ms").get<double>();
  EXPECT_NEAR(sum, profile.at("latency_ms").get<double>(), 1e-6 * sum);
  // What is predicted is what will be deployed, unless it is wanted as it stands.
  const json train = json::parse(run("profile zoo:mobileone-s0-train --json").text);
  const json deployed = json::parse(run("profile zoo:mobileone-s0-reparam --json").text);
  EXPECT_EQ(train.at("latency_ms"), deployed.at("latency_ms"));
  EXPECT_GT(train.at("params"), deployed.at("params"));
  EXPECT_GT(train.at("folded").at("branch_sums"), 0);
  EXPECT_EQ(deployed.at("folded").at("batch_norms"), 0);
  const json given = json::parse(run("profile zoo:mobileone-s0-train --as-given --json").text);
  EXPECT_EQ(given.at("form"), "as_given");
  EXPECT_GT(given.at("latency_ms"), train.at("latency_ms"));
  EXPECT_GT(given.at("layers").size(), train.at("layers").size());
  EXPECT_THAT(run("profile zoo:mobileone-s0-train").text, HasSubstr("sums of parallel linear branches merged"));
}

TEST_F(Program, ComparesOnSeveralRuntimes) {
  const std::string nets = "compare zoo:mobilenet-v2-1 zoo:mobileone-s0-train ";
  const json rows = json::parse(run(nets + "--runtime ncnn,tflite-ruy --threads 1,4 --json").text);
  ASSERT_EQ(rows.size(), 2u);
  ASSERT_EQ(rows[1].at("targets").size(), 4u);
  const json& last = rows[1].at("targets")[3];
  EXPECT_EQ(last.at("runtime"), "tflite-ruy");
  EXPECT_EQ(last.at("threads"), 4);
  EXPECT_NEAR(last.at("relative_throughput").get<double>(),
              rows[0].at("targets")[3].at("latency_ms").get<double>() / last.at("latency_ms").get<double>(), 1e-9);
  // The reference need not be among the networks.
  const json alone = json::parse(run("compare zoo:mobileone-s0-train --relative-to zoo:mobilenet-v2-1 --json").text);
  EXPECT_NE(alone[0].at("relative_throughput"), 1.0);
  // Folding takes the branches away: from the latency always, unless as given; from the size when asked.
  const json folded = json::parse(run(nets + "--runtime ncnn,tflite-ruy --threads 1,4 --folded --json").text);
  EXPECT_LT(folded[1].at("metrics").at("params").at("value"), rows[1].at("metrics").at("params").at("value"));
  EXPECT_EQ(folded[1].at("targets"), rows[1].at("targets"));
  const json given = json::parse(run(nets + "--runtime ncnn,tflite-ruy --threads 1,4 --as-given --json").text);
  EXPECT_GT(given[1].at("targets")[0].at("latency_ms"), rows[1].at("targets")[0].at("latency_ms"));
  EXPECT_EQ(given[1].at("metrics").at("params"), rows[1].at("metrics").at("params"));
  EXPECT_EQ(run(nets + "--folded --as-given").code, 2);
  EXPECT_EQ(run(nets + "--runtime all --csv --svg c.svg").code, 0);
  EXPECT_TRUE(fs::exists(folder + "/c.svg"));
  EXPECT_EQ(run(nets + "--runtime ncnm").code, 2);
  EXPECT_EQ(run(nets + "--json --csv").code, 2);
}

TEST_F(Program, TimesNetworksAndCalibratesABoard) {
  const std::string quick = " --runtime libtorch --warmup 0 --repeats 2 --min-seconds 0 ";
  const Result text = run("bench zoo:kernel:add-c8-px7 zoo:mobilenet-v1-0.25 --input 32" + quick);
  EXPECT_EQ(text.code, 0) << text.text;
  EXPECT_THAT(text.text, HasSubstr("measured: libtorch"));
  const json report = json::parse(run("bench zoo:kernel:add-c8-px7 --json" + quick).text);
  EXPECT_EQ(report.at("networks").at(0).at("provenance"), "measured");
  EXPECT_EQ(report.at("networks").at(0).at("runs"), 2);
  for (const char* key : {"date", "host_name", "num_cpus", "caches", "load_avg"}) {
    EXPECT_TRUE(report.at("context").contains(key)) << key;
  }
  const std::string rows = "bench zoo:kernel:add-c8-px7 zoo:kernel:linear-c8-px1 --clock-ghz 2 --csv" + quick;
  EXPECT_EQ(run("export zoo:kernel:blur2-c8-px7 --format json --out own.json").code, 0);
  ASSERT_EQ(run(rows + " own.json 2> context.txt | cat > rows.csv").code, 0);
  EXPECT_EQ(run("calibrate rows.csv --device cortex-a72 --out board.json --name board --cores 1 --macs-per-cycle 8 "
                "--cache-kib 512")
                .code,
            0);
  const Result profile =
      run("profile own.json --device board.json --runtime libtorch-onednn --threads 1 --clock-ghz 2");
  EXPECT_EQ(profile.code, 0) << profile.text;
  const Result unlike =
      run("profile zoo:mobilevit-xs --device board.json --runtime libtorch-onednn --threads 1 --clock-ghz 2");
  EXPECT_THAT(unlike.text, HasSubstr("outside calibrated range"));
  EXPECT_THAT(unlike.text, HasSubstr("kernels unlike those measured"));
}

TEST_F(Program, RefusesToTimeWhatMakesNoSense) {
  EXPECT_EQ(run("bench").code, 2);
  EXPECT_THAT(run("bench zoo:mobilnet-v1-1").text, HasSubstr("did you mean"));
  EXPECT_THAT(run("bench zoo:kernel:blurr2-c8-px7").text, HasSubstr("did you mean 'blur2'"));
  EXPECT_THAT(run("bench zoo:mobilenet-v1-1 --threads 2 --statistic cpu-median").text,
              HasSubstr("all threads together"));
  EXPECT_EQ(run("bench zoo:mobilenet-v1-1 --suite kernel").code, 2);
}

TEST_F(Program, BadMeasurementsWriteNothing) {
  const std::string head = "network,runtime,precision,threads,clock_ghz,latency_ms\n";
  const std::string good = "mobilenet-v1-1,ncnn,fp32,1,1.5,100\n";
  const std::vector<std::vector<std::string>> cases = {
      {head + good + "mobilenet-v1-11,ncnn,fp32,1,1.5,100\n", "row 3", "network", "mobilenet-v1-11"},
      {"network,runtime,precision,threads,clock_ghz,latency\n" + good, "row 1", "latency", "no unit"},
      {head + good + "mobilenet-v2-1,ncnn,fp32,1,1.5,-3\n", "row 3", "latency_ms", "-3"},
      {head + good + "mobilenet-v2-1,ncnn,fp32,1,1.8,90\n", "row 3", "clock_ghz", "1.8"}};
  for (const auto& words : cases) {
    std::ofstream(folder + "/rows.csv") << words[0];
    const Result result = run("calibrate rows.csv --device cortex-a72 --out device.json");
    EXPECT_EQ(result.code, 2) << words[0];
    EXPECT_THAT(result.text, HasSubstr("rows.csv"));
    for (std::size_t i = 1; i < words.size(); ++i) EXPECT_THAT(result.text, HasSubstr(words[i]));
    EXPECT_FALSE(fs::exists(folder + "/device.json")) << words[0];
  }
}

TEST_F(Program, CalibratesAndDrawsOrWritesNothing) {
  const std::string heading = "network,runtime,precision,threads,clock_ghz,latency_ms\n";
  std::ofstream(folder + "/good.csv") << heading << "mobilenet-v1-1,ncnn,fp32,1,1.5,146\n"
                                      << "mobilenet-v2-1,ncnn,fp32,1,1.5,104\n";
  std::ofstream(folder + "/bad.csv") << heading << "mobilenet-v1-1,ncnn,fp32,1,1.5,-146\n";
  const Result bad = run("calibrate bad.csv --device cortex-a72 --out bad.json --svg bad.svg");
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.text, HasSubstr("-146"));
  for (const char* file : {"/bad.json", "/bad.svg"}) EXPECT_FALSE(fs::exists(folder + file));
  EXPECT_EQ(run("calibrate good.csv --device cortex-a72 --out good.json --svg good.svg").code, 0);
  std::ostringstream drawn;
  drawn << std::ifstream(folder + "/good.svg").rdbuf();
  EXPECT_THAT(drawn.str(), HasSubstr("mobilenet-v2-1: measured 104, predicted"));
  EXPECT_EQ(run("profile zoo:mobilenet-v2-1 --device good.json --runtime ncnn").code, 0);
}

TEST_F(Program, ExportsEveryFormat) {
  for (const char* format : {"json", "dot", "svg", "safetensors", "onnx"}) {
    const std::string out = std::string("net.") + format;
    const Result result =
        run("export zoo:squeezenet-1.1 --untrained --format " + std::string(format) + " --out " + out);
    EXPECT_EQ(result.code, 0) << result.text;
    EXPECT_GT(fs::file_size(folder + "/" + out), 100u);
  }
  const Result refused = run("export zoo:squeezenet-1.1 --format onnx --out x.onnx");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.text, HasSubstr("--untrained"));
}

TEST_F(Program, SearchesAndExplains) {
  EXPECT_EQ(run("init --out first.json").code, 0);
  write("job.json", tiny_job());
  const Result search = run("search job.json --out run --workers 2 -q");
  ASSERT_EQ(search.code, 0) << search.text;
  for (const char* file : {".json", ".svg", ".safetensors", ".onnx"}) {
    EXPECT_TRUE(fs::exists(folder + "/run/result/attendnext" + file)) << file;
  }
  const std::vector<json> trials = lines("log run list --json");
  ASSERT_EQ(trials.size(), 4u);
  const json winner = json::parse(run("search job.json --out run --resume -q --json").text).at("winner");
  const std::string id = winner.at("trial").dump();
  EXPECT_THAT(run("log run show " + id).text, HasSubstr("genotype"));
  const Result why = run("log run why " + id);
  EXPECT_EQ(why.code, 0);
  for (const char* part : {"claimed", "the inquisitor needs 6", "vertices with weights are idle", "hard constraints"}) {
    EXPECT_THAT(why.text, HasSubstr(part));
  }
  const json reasons = json::parse(run("log run why " + id + " --json").text);
  EXPECT_EQ(reasons.at("credit").at("observed"), 4);
  EXPECT_FALSE(reasons.at("credit").at("decisions").empty());
  EXPECT_FALSE(reasons.at("vertices").empty());
  EXPECT_EQ(run("log run why 99999").code, 2);
  EXPECT_FALSE(lines("log run front --json").empty());
  EXPECT_EQ(run("log run rejects --json").code, 0);
  for (const json& trial : trials) {
    if (trial.at("trial") == winner.at("trial")) continue;  // only the best one's weights are kept
    const Result gone = run("export 'run#" + trial.at("trial").dump() + "' --format safetensors --out x");
    EXPECT_EQ(gone.code, 2);
    EXPECT_THAT(gone.text, HasSubstr("--untrained"));
  }
}

TEST_F(Program, DeterministicRunsAgreeForAnyNumberOfWorkers) {
  write("job.json", tiny_job());
  EXPECT_EQ(run("search job.json --out one --workers 1 --deterministic -q").code, 0);
  EXPECT_EQ(run("search job.json --out two --workers 2 --deterministic -q").code, 0);
  EXPECT_EQ(log_of("one"), log_of("two"));
}

TEST_F(Program, GoesOnAfterItsCoordinatorWasKilled) {
  json job = tiny_job();
  job["proxy"]["images"] = 960;  // long enough to be cut
  job["proxy"]["rungs"] = {480, 960};
  write("job.json", job);
  const pid_t search = start({"search", "job.json", "--out", "run", "--workers", "2", "-q"});
  const bool claimed = saw("run", "claimed");
  ::kill(search, SIGKILL);
  EXPECT_EQ(wait(search), 128 + SIGKILL);
  ASSERT_TRUE(claimed);
  EXPECT_EQ(run("search job.json --out run --resume --workers 2 -q").code, 0);
  expect_each_evaluated_once("run", 4);
}

TEST_F(Program, StopsOnRequestAndGoesOn) {
  json job = tiny_job();
  job["proxy"]["images"] = 960;
  job["proxy"]["rungs"] = {480, 960};
  write("job.json", job);
  const pid_t search = start({"search", "job.json", "--out", "run", "--workers", "1", "-q"});
  const bool claimed = saw("run", "claimed");
  ::kill(search, SIGINT);
  EXPECT_EQ(wait(search), 75);
  ASSERT_TRUE(claimed);
  EXPECT_EQ(run("search job.json --out run --resume --workers 2 -q").code, 0);
  expect_each_evaluated_once("run", 4);
}

TEST_F(Program, ALostWorkerCostsAnAttemptOnly) {
  json job = tiny_job();
  job["proxy"]["images"] = 1920;
  job["proxy"]["rungs"] = {96, 1920};
  job["budget"]["trials"] = 2;
  write("job.json", job);
  const pid_t search = start({"search", "job.json", "--out", "run", "--workers", "1", "-q"});
  const bool claimed = saw("run", "claimed");
  const pid_t worker = child_of(search);
  if (worker > 0) ::kill(worker, SIGKILL);
  const int code = wait(search);
  ASSERT_TRUE(claimed && worker > 0);
  EXPECT_EQ(code, 0);
  const std::string log = run("log run --json").text;
  EXPECT_THAT(log, HasSubstr("\"event\":\"lost\""));
  EXPECT_THAT(log, HasSubstr("\"event\":\"requeued\""));
  expect_each_evaluated_once("run", 2);
}

TEST_F(Program, PluginsJudgeInTheWorker) {
  json job = tiny_job();
  job["proxy"] = nullptr;
  job["objective"]["accuracy"] = "top1";
  job["constraints"].push_back(
      {{"constraint", "max_skip_length"}, {"plugin", MAX_SKIP_LENGTH_PLUGIN}, {"bound", 10000}, {"hard", true}});
  write("accepting.json", job);
  EXPECT_EQ(run("search accepting.json --out yes --workers 1 -q").code, 0);
  job["constraints"][1]["bound"] = 1;
  write("rejecting.json", job);
  const Result no = run("search rejecting.json --out no --workers 1 -q");
  EXPECT_EQ(no.code, 1) << no.text;
  for (const json& trial : lines("log no list --json")) {
    EXPECT_EQ(trial.at("state"), "rejected");
    EXPECT_EQ(trial.at("rule"), "max_skip_length");
    EXPECT_EQ(trial.at("stage"), "plugin");
  }
}

}  // namespace
