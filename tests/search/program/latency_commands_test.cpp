#include <gmock/gmock.h>
#include <sched.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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
  for (const char* key : {"params", "macs", "latency_ms", "low", "high"}) EXPECT_TRUE(profile.contains(key));
  EXPECT_LT(profile.at("low"), profile.at("latency_ms"));
  double sum = 0;
  for (const json& layer : profile.at("layers")) sum += layer.at("ms").get<double>();
  EXPECT_NEAR(sum, profile.at("latency_ms").get<double>(), 1e-6 * sum);
  // Each stage is the sum of its layers, and its bound is that of most of its time.
  for (const json& stage : profile.at("stages")) {
    double ms = 0;
    std::map<std::string, double> by_bound;
    for (const json& layer : profile.at("layers")) {
      if (layer.at("stage") != stage.at("stage")) continue;
      ms += layer.at("ms").get<double>();
      by_bound[layer.at("bound")] += layer.at("ms").get<double>();
    }
    EXPECT_NEAR(stage.at("ms").get<double>(), ms, 1e-9);
    for (const auto& [bound, time] : by_bound) EXPECT_LE(time, by_bound.at(stage.at("bound")));
  }
  EXPECT_EQ(profile.at("stages").size(), 5u);
  // The prediction is that of the deployed network, unless --as-given is used.
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
  const std::string table = run("profile zoo:mobileone-s0-train").text;
  EXPECT_THAT(table, HasSubstr("sums of parallel linear branches merged"));
  EXPECT_THAT(table, HasSubstr("convolution_1 + convolution_3 "));
  EXPECT_THAT(table, HasSubstr("convolution_7 + 4 branches "));  // four 3x3 and a 1x1 convolution in parallel
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
  // Folding removes the branches: always from the latency, except with --as-given; from the size with --folded.
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
  // All runtimes of a precision; a name with commas is one field.
  const Result int8 = run("compare zoo:ofa-mbv3:ks=" + std::string(20, '3') + ",e=" + std::string(20, '3') +
                          ",d=22222,px=64 --runtime all --precision int8 --csv");
  EXPECT_EQ(int8.code, 0) << int8.text;
  EXPECT_THAT(int8.text, HasSubstr(",px=64\","));
  EXPECT_THAT(int8.text, HasSubstr(",tflite-ruy,"));
  EXPECT_THAT(int8.text, Not(HasSubstr("hw-nas-bench")));
  EXPECT_THAT(run(nets + "--runtime all --precision fp16").text, HasSubstr("'fp16'; there is fp32, int8"));
}

TEST_F(Program, OutputsThatCannotBeWrittenAreErrors) {
  const Result full = run("zoo list > /dev/full 2> said.txt || { code=$?; cat said.txt; exit $code; }");
  EXPECT_EQ(full.code, 4);
  EXPECT_THAT(full.text, HasSubstr("standard output cannot be written: No space left"));
  EXPECT_THAT(run("profile zoo:fbnet-c --clock-ghz nan").text, HasSubstr("'nan', expected a number from 0.1 to 10"));
  EXPECT_EQ(run("bench zoo:fbnet-c --json --csv").code, 2);
}

TEST_F(Program, TimesNetworksAndCalibratesABoard) {
  const std::string quick = " --runtime libtorch --warmup 0 --repeats 2 --min-seconds 0 ";
  const Result text = run("bench zoo:kernel:add-c8-px7 zoo:mobilenet-v1-0.25 --input 32" + quick);
  EXPECT_EQ(text.code, 0) << text.text;
  EXPECT_THAT(text.text, HasSubstr("measured: libtorch"));
  const json report = json::parse(run("bench zoo:kernel:add-c8-px7 --json" + quick).text);
  EXPECT_EQ(report.at("networks").at(0).at("provenance"), "measured");
  EXPECT_EQ(report.at("networks").at(0).at("runs"), 2);
  for (const char* key : {"date", "host_name", "executable", "num_cpus", "caches", "load_avg"}) {
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

TEST_F(Program, TimesLibTorchWithAndWithoutOneDnn) {
  // LibTorch calls oneDNN for maps of more than 20,480 values.
  const auto bench = [&](const std::string& runtime, const std::string& more) {
    return run("bench zoo:kernel:dense3x3-c32-px28 --warmup 0 --repeats 1 --min-seconds 0 --clock-ghz 2 --runtime " +
               runtime + more);
  };
  const Result native = bench("libtorch-native", " --csv");
  EXPECT_EQ(native.code, 0) << native.text;
  EXPECT_THAT(native.text, HasSubstr("kernel:dense3x3-c32-px28,libtorch-native,"));
  const json report = json::parse(bench("libtorch-native", " --json").text);
  EXPECT_EQ(report.at("runtime"), "libtorch-native");
  EXPECT_THAT(bench("libtorch-native", "").text, HasSubstr("measured: libtorch-native, libtorch "));

  // If oneDNN runs, its log names the kernels.
  ::setenv("ONEDNN_VERBOSE", "1", 1);
  const Result with = bench("libtorch", " --csv");
  const Result without = bench("libtorch-native", " --csv");
  ::unsetenv("ONEDNN_VERBOSE");
  EXPECT_THAT(without.text, Not(HasSubstr("onednn_verbose")));
  if (with.text.find("kernel:dense3x3-c32-px28,libtorch-native,") != std::string::npos) {
    GTEST_SKIP() << "this LibTorch was built without oneDNN";
  }
  EXPECT_THAT(with.text, HasSubstr("kernel:dense3x3-c32-px28,libtorch-onednn,"));
  EXPECT_THAT(with.text, HasSubstr("onednn_verbose,exec,cpu,convolution"));
}

TEST_F(Program, RefusesMoreThreadsThanThereAreProcessors) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  const int usable = CPU_COUNT(&before);
  if (usable >= 256) GTEST_SKIP() << "as many processors as threads may be asked for";
  for (const char* runtime : {"onnxruntime", "libtorch", "libtorch-native"}) {
    const Result many = run("bench zoo:kernel:add-c8-px7 --runtime " + std::string(runtime) + " --threads " +
                            std::to_string(usable + 1));
    EXPECT_EQ(many.code, 2);
    EXPECT_THAT(many.text, HasSubstr("--threads " + std::to_string(usable + 1) + ": this "));
    EXPECT_THAT(many.text, HasSubstr("expected at most " + std::to_string(usable)));
    EXPECT_THAT(many.text, Not(HasSubstr("measured")));
  }
  if (usable == 1) GTEST_SKIP() << "one processor";
  cpu_set_t one;
  CPU_ZERO(&one);
  for (std::size_t cpu = 0; CPU_COUNT(&one) == 0; ++cpu) {
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  }
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  const Result bound = run("bench zoo:kernel:add-c8-px7 --runtime libtorch --threads 2");
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(bound.code, 2);
  EXPECT_THAT(bound.text, HasSubstr("--threads 2: this process may use 1 of this machine's"));
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
      {head + good + "mobilenet-v2-1,ncnn,fp32,1,1.8,90\n", "row 3", "clock_ghz", "1.8"},
      {head + good + "mobilenet-v2-1,ncnm,fp32,1,1.5,90\n", "row 3, column runtime: 'ncnm'", "did you mean 'ncnn'?"},
      {head + good + "mobilenet-v2-1,ncnn,fp16,1,1.5,90\n", "row 3, column precision: 'fp16'", "cortex-a72"},
      {head + good + "mobilenet-v2-1,ncnn,fp32,8,1.5,90\n", "row 3, column threads: '8'", "4 cores"},
      {"", "empty, expected a header"}};
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
  for (const char* wrong :
       {"--out none/a.json", "--out .", "--out a.json --svg none/a.svg", "--out a.json --svg a.json"}) {
    EXPECT_EQ(run(std::string("calibrate good.csv --device cortex-a72 ") + wrong).code, 2) << wrong;
    EXPECT_FALSE(fs::exists(folder + "/a.json")) << wrong;
  }
  const json report =
      json::parse(run("calibrate good.csv --device cortex-a72 --out j.json --json 2> log.txt | cat").text);
  const json& fit = report.at("runtimes").at(0);
  EXPECT_EQ(fit.at("rows").at(1).at("row"), 3);
  EXPECT_EQ(fit.at("rows").at(1).at("measured_ms"), 104);
  EXPECT_NEAR(fit.at("fitted").at("mape").get<double>(),
              50 * (std::abs(fit.at("rows").at(0).at("fitted_ms").get<double>() / 146 - 1) +
                    std::abs(fit.at("rows").at(1).at("fitted_ms").get<double>() / 104 - 1)),
              1e-6);
  EXPECT_EQ(fit.at("families").at(1).at("family"), "mobilenet-v2");
  EXPECT_GT(fit.at("families").at(1).at("unseen_mape"), 0);
  EXPECT_EQ(fit.at("parameters").at("overhead").at("meaning"), "fixed cost of a kernel");
  EXPECT_EQ(report.at("sources").at(0).at("measurements"), 2);
  const Result own = run("calibrate good.csv --device cortex-a72 --out new.json --svg good.csv");
  EXPECT_EQ(own.code, 2);
  EXPECT_THAT(own.text, HasSubstr("good.csv: --svg names a file that is read"));
  EXPECT_FALSE(fs::exists(folder + "/new.json"));
  const Result device = run("calibrate good.csv --device j.json --out new.json --svg j.json");
  EXPECT_EQ(device.code, 2);
  EXPECT_THAT(device.text, HasSubstr("j.json: --svg names a file that is read"));
  const Result over = run("calibrate good.csv --device cortex-a72 --out good.csv");
  EXPECT_EQ(over.code, 2);
  EXPECT_THAT(over.text, HasSubstr("good.csv: --out names a file that is read"));
  EXPECT_EQ(run("calibrate good.csv --device j.json --out new.json").code, 0);  // neither was touched
  fs::remove(folder + "/new.json");
  EXPECT_EQ(run("calibrate good.csv --device cortex-a72 --out good.json --svg good.svg").code, 0);
  std::ostringstream drawn;
  drawn << std::ifstream(folder + "/good.svg").rdbuf();
  EXPECT_THAT(drawn.str(), HasSubstr("mobilenet-v2-1 at 224: measured 104, predicted"));
  EXPECT_EQ(run("profile zoo:mobilenet-v2-1 --device good.json --runtime ncnn").code, 0);
}

}  // namespace
}  // namespace gensynth::program
