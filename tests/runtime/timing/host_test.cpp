#include "runtime/timing/host.hpp"

#include <gmock/gmock.h>
#include <sched.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace gensynth::timing {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

/// A machine written by hand.
class Host : public testing::Test {
 protected:
  Host() : root_(testing::TempDir() + "host_test_" + std::to_string(getpid())) {}
  ~Host() override { fs::remove_all(root_); }
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }
  std::string root_;
};

TEST_F(Host, ReadsABoard) {
  write("/proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 108.00\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n");
  write("/proc/self/cmdline", std::string("./gensynth-torch\0bench\0", 23));
  write("/proc/loadavg", "0.52 0.58 0.59 1/467 12345\n");
  write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq", "1500000\n");
  write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "ondemand\n");
  const std::string cache = "/sys/devices/system/cpu/cpu0/cache/";
  for (const auto& [name, text] : {std::pair{"index0/type", "Data"},
                                   {"index0/level", "1"},
                                   {"index0/size", "32K"},
                                   {"index0/shared_cpu_list", "0"},
                                   {"index1/type", "Unified"},
                                   {"index1/level", "2"},
                                   {"index1/size", "1M"},
                                   {"index1/shared_cpu_list", "0-2,5"}}) {
    write(cache + name, text);
  }
  const HostContext context = host_context(root_);
  EXPECT_EQ(context.processor, "Cortex-A72");
  ASSERT_TRUE(context.ghz);
  EXPECT_DOUBLE_EQ(*context.ghz, 1.5);
  EXPECT_EQ(context.cpu_scaling, true);
  EXPECT_EQ(context.executable, "./gensynth-torch");
  ASSERT_EQ(context.caches.size(), 2U);
  EXPECT_EQ(context.caches[0].bytes, 32 << 10);
  EXPECT_EQ(context.caches[0].shared_by, 1);
  EXPECT_EQ(context.caches[1].level, 2);
  EXPECT_EQ(context.caches[1].bytes, 1 << 20);
  EXPECT_EQ(context.caches[1].shared_by, 4);
  EXPECT_THAT(context.load_average, ElementsAre(0.52, 0.58, 0.59));
  EXPECT_THAT(to_text(context), HasSubstr("1500 MHz (the clock may change"));
  // Google Benchmark's keys and forms, in its order; then ours.
  const auto json = to_json(context);
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("date", "host_name", "executable", "num_cpus", "mhz_per_cpu", "cpu_scaling_enabled",
                                "caches", "load_avg", "library_version", "library_build_type", "processor"));
  EXPECT_THAT(json.at("date").get<std::string>(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}"));
  EXPECT_EQ(json.at("executable"), "./gensynth-torch");
  EXPECT_EQ(json.at("mhz_per_cpu"), 1500);
  EXPECT_EQ(json.at("cpu_scaling_enabled"), true);
  EXPECT_EQ(json.at("caches").at(1).dump(), R"({"type":"Unified","level":2,"size":1048576,"num_sharing":4})");
  EXPECT_THAT(json.at("library_build_type").get<std::string>(), MatchesRegex("release|debug"));
}

TEST_F(Host, UsesTheClockOfCpuinfoWithoutScaling) {
  write("/proc/cpuinfo", "processor\t: 0\nmodel name\t: Some Processor\ncpu MHz\t\t: 1999.998\n");
  const HostContext context = host_context(root_);
  EXPECT_EQ(context.processor, "Some Processor");
  EXPECT_DOUBLE_EQ(context.ghz.value_or(0), 2.0);
  EXPECT_FALSE(context.cpu_scaling);
}

TEST_F(Host, TheClockMayChangeWhereAnyProcessorsGovernorMayChangeIt) {
  const std::string processors = "/sys/devices/system/cpu/cpu";
  fs::create_directories(root_ + processors + "0");
  fs::create_directories(root_ + processors + "1");
  EXPECT_EQ(host_context(root_).cpu_scaling, false);
  EXPECT_EQ(to_json(host_context(root_)).at("cpu_scaling_enabled"), false);
  write(processors + "0/cpufreq/scaling_governor", "performance\n");
  write(processors + "1/cpufreq/scaling_governor", "performance\n");
  EXPECT_EQ(host_context(root_).cpu_scaling, false);
  write(processors + "1/cpufreq/scaling_governor", "schedutil\n");
  EXPECT_EQ(host_context(root_).cpu_scaling, true);
}

TEST(UsableProcessors, AreThoseThatTheProcessIsBoundTo) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(usable_processors(), CPU_COUNT(&before));
  cpu_set_t one;
  CPU_ZERO(&one);
  for (std::size_t cpu = 0; CPU_COUNT(&one) == 0; ++cpu) {
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable_processors(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

TEST_F(Host, SaysNothingOfWhatItCannotRead) {
  const HostContext context = host_context(root_);
  EXPECT_FALSE(context.ghz);
  EXPECT_TRUE(context.caches.empty());
  const auto json = to_json(context);
  for (const char* key : {"executable", "mhz_per_cpu", "cpu_scaling_enabled"}) EXPECT_FALSE(json.contains(key)) << key;
  for (const char* key :
       {"date", "host_name", "num_cpus", "caches", "load_avg", "library_version", "library_build_type"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_GE(json.at("num_cpus"), 1);
}

}  // namespace
}  // namespace gensynth::timing
