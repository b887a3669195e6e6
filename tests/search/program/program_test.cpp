#include "tests/search/program/program.hpp"

#include <gmock/gmock.h>
#include <signal.h>

namespace gensynth::program {
namespace {

using ::testing::HasSubstr;

TEST_F(Program, HelpsAndCorrects) {
  EXPECT_EQ(run("--help").code, 0);
  for (const char* command :
       {"init", "search", "log", "check", "predict", "profile", "train", "export", "compare", "constraints", "zoo",
        "worker", "bench", "calibrate", "generate", "benchmark-search", "completion", "man"}) {
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
  const Result inner = run("zoo lst");
  EXPECT_EQ(inner.code, 2);
  EXPECT_THAT(inner.text, HasSubstr("unknown command 'lst' (did you mean 'list'?)"));
  // The first word after log is a run, whatever its name.
  EXPECT_THAT(run("log lst lsit").text, HasSubstr("unknown command 'lsit' (did you mean 'list'?)"));
  EXPECT_EQ(run("profile zoo:mobilnet-v2-1").code, 2);
}

TEST_F(Program, PredictsOneNetworkAsAnObjectAndSeveralAsAnArray) {
  const json one = json::parse(run("predict zoo:mobilenet-v2-1 --json").text);
  EXPECT_LT(one.at("low"), one.at("top1"));
  EXPECT_TRUE(one.at("in_distribution").get<bool>());
  EXPECT_EQ(one.at("input_px"), 224);
  const json two = json::parse(run("predict zoo:mobilenet-v2-1 zoo:fbnet-c --input 192 --json").text);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[1].at("network"), "zoo:fbnet-c");
  EXPECT_LT(two[0].at("top1"), one.at("top1"));
  EXPECT_EQ(run("predict nothing.json").code, 2);
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

TEST_F(Program, ExportsTheDeployedForm) {
  const auto operators = [&](const std::string& file) {
    std::map<std::string, int> counts;
    const json network = json::parse(std::ifstream(folder + "/" + file));
    for (const json& vertex : network.at("vertices")) ++counts[vertex.at("op")];
    return counts;
  };
  const auto profile = [&](const std::string& net) {
    return json::parse(run("profile " + net + " --as-given --json").text);
  };
  const std::string train = "export zoo:mobileone-s0-train --untrained ";
  for (const char* format : {"json", "dot", "svg", "safetensors", "onnx"}) {
    for (const char* form : {"given", "deployed"}) {
      const bool folded = form == std::string("deployed");
      const Result result =
          run(train + "--format " + format + " --out " + form + "." + format + (folded ? " --folded" : ""));
      EXPECT_EQ(result.code, 0) << result.text;
    }
    const auto given = fs::file_size(folder + "/given." + format);
    const auto deployed = fs::file_size(folder + "/deployed." + format);
    if (format == std::string("onnx")) {
      EXPECT_EQ(deployed, given);  // folded always
    } else {
      EXPECT_LT(2 * deployed, given) << format;
    }
  }
  EXPECT_EQ(run("export zoo:mobileone-s0-reparam --format json --out reparam.json").code, 0);
  EXPECT_EQ(operators("given.json")["batch_norm"], 226);
  EXPECT_EQ(operators("deployed.json"), operators("reparam.json"));
  const json deployed = profile("deployed.json");
  const json reparam = profile("zoo:mobileone-s0-reparam");
  for (const char* key : {"params", "macs", "latency_ms", "peak_memory_bytes"}) {
    EXPECT_EQ(deployed.at(key), reparam.at(key)) << key;
  }
  EXPECT_LT(deployed.at("params"), profile("zoo:mobileone-s0-train").at("params"));
  // Its weights fit, and nothing is left to fold: the ONNX file is the same except for the rounding of sums.
  const Result again = run("export deployed.json --format onnx --out again.onnx");
  EXPECT_EQ(again.code, 0) << again.text;
  const json left = json::parse(run("profile deployed.json --json").text).at("folded");
  for (const char* key : {"batch_norms", "branch_sums", "identities"}) EXPECT_EQ(left.at(key), 0) << key;
}

TEST_F(Program, Figure3WritesAllOfItsFilesOrNone) {
  const auto figure3 = [&](const std::string& arguments) {
    return run("--version && bash '" GENSYNTH_SOURCE_DIR "/scripts/figure3' '" GENSYNTH_PROGRAM "' " + arguments);
  };
  const auto sizes = [&] {
    std::map<std::string, std::uintmax_t> files;
    for (const auto& entry : fs::directory_iterator(folder + "/figure"))
      files[entry.path().filename()] = entry.file_size();
    return files;
  };
  EXPECT_EQ(figure3("figure zoo:nothing").code, 2);
  EXPECT_FALSE(fs::exists(folder + "/figure"));
  ASSERT_EQ(figure3("figure").code, 0);
  const auto written = sizes();
  EXPECT_EQ(written.size(), 3u);
  EXPECT_EQ(figure3("figure zoo:nothing").code, 2);
  EXPECT_EQ(sizes(), written);
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

TEST_F(Program, MissingDataIsReportedBeforeAnythingIsWritten) {
  json job = tiny_job();
  for (const char* kind : {"archive", "folder", "idx"}) {
    job["data"] = {{"kind", kind}, {"path", "not/there"}, {"px", 24}};
    write("job.json", job);
    const Result result = run("search job.json --out fresh/run -q");
    EXPECT_EQ(result.code, 2) << kind;
    EXPECT_THAT(result.text, HasSubstr("not/there")) << kind;
    EXPECT_FALSE(fs::exists(folder + "/fresh")) << kind;
  }
  fs::create_directories(folder + "/photos/train/cat");
  fs::create_directories(folder + "/photos/train/dog");
  job["data"] = {{"kind", "folder"}, {"path", "photos"}, {"px", 24}};
  write("job.json", job);
  EXPECT_EQ(run("search job.json --out run -q").code, 2) << "there is no image in it";
  // A run whose data is missing, when its budget is raised.
  write("job.json", tiny_job());
  ASSERT_EQ(run("search job.json --out run2 --trials 1 --workers 1 -q").code, 0);
  json effective = json::parse(std::ifstream(folder + "/run2/job.json"));
  effective["data"] = {{"kind", "archive"}, {"path", "gone.tar"}, {"px", 24}, {"classes", 3}};
  write("run2/job.json", effective);
  const Result result = run("search --out run2 --resume --trials 2 -q");
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.text, HasSubstr("gone.tar"));
  EXPECT_EQ(json::parse(std::ifstream(folder + "/run2/job.json")), effective);
}

TEST_F(Program, AnyStrategyContinuesUnchangedAfterAStop) {
  json job = tiny_job();
  job["proxy"] = nullptr;
  job["objective"]["accuracy"] = "top1";
  for (const char* kind : {"random", "regularized_evolution", "local_search", "bayesian", "generative_synthesis"}) {
    job["strategy"] = {{"kind", kind}};
    if (job["strategy"]["kind"] == "regularized_evolution") job["strategy"]["population"] = 3;
    if (job["strategy"]["kind"] == "generative_synthesis") {
      job["strategy"].update({{"candidates", 8}, {"explore", 3}, {"teaching", {{"rounds", 2}, {"samples", 6}}}});
    }
    if (job["strategy"]["kind"] == "bayesian") job["strategy"].update({{"candidates", 12}, {"explore", 3}});
    const std::string name = kind;
    write("job.json", job);
    EXPECT_EQ(run("search job.json --out whole-" + name + " --trials 14 -q").code, 0) << kind;
    for (const char* trials : {"2", "7", "9", "14"}) {  // each by a process of its own
      EXPECT_EQ(run("search job.json --out cut-" + name + " --resume -q --trials " + trials).code, 0) << kind;
    }
    EXPECT_EQ(log_of("cut-" + name), log_of("whole-" + name)) << kind;
  }
}

TEST_F(Program, ContinuesAfterItsCoordinatorWasKilled) {
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

TEST_F(Program, StopsOnRequestAndResumes) {
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

TEST_F(Program, TrialsBeyondTheirLimitsFail) {
  json job = tiny_job();
  job["proxy"] = {{"images", 100'000'000}, {"probe_images", 0}};  // longer than this test runs
  job["budget"] = {{"trials", 1}, {"trial_minutes", 0.01}};
  write("long.json", job);
  EXPECT_EQ(run("search long.json --out long --workers 1 -q").code, 1);
  EXPECT_THAT(run("log long list --state failed --json").text, HasSubstr("(budget.trial_minutes)"));
  job["data"]["px"] = 96;
  job["proxy"]["batch"] = 256;
  job["budget"] = {{"trials", 1}, {"trial_memory_mb", 200}};
  write("large.json", job);
  EXPECT_EQ(run("search large.json --out large --workers 1 -q").code, 1);
  EXPECT_THAT(run("log large list --state failed --json").text, HasSubstr("(budget.trial_memory_mb)"));
}

TEST_F(Program, AWorkerFindsItsRunByEachFormOfStore) {
  json job = tiny_job();
  job["budget"]["trials"] = 3;
  write("job.json", job);
  const pid_t search = start({"search", "job.json", "--out", "run", "--workers", "1", "-q"});
  const bool claimed = saw("run", "claimed");
  ::kill(search, SIGKILL);
  (void)wait(search);
  ASSERT_TRUE(claimed);
  for (const char* store : {"sqlite3://run/run.db", "run/run.db", "run"}) {
    const Result worker = run("worker --once --name far --store " + std::string(store));
    EXPECT_EQ(worker.code, 0) << store << ": " << worker.text;
  }
  EXPECT_THAT(run("log run --json").text, HasSubstr("by far\""));
  EXPECT_FALSE(lines("log run list --state scored --json").empty());
  const Result nowhere = run("worker --once --store sqlite3://none/run.db");
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.text, HasSubstr("sqlite3://RUN/run.db"));
  EXPECT_EQ(run("search job.json --out run --resume --workers 1 -q").code, 0);
  expect_each_evaluated_once("run", 3);
}

}  // namespace

}  // namespace gensynth::program
