#include "constraints/plugin/plugin_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "architecture/base/error.hpp"
#include "architecture/base/process_tree.hpp"
#include "architecture/base/temporary_folder.hpp"

namespace gensynth::plugin {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kHostile = HOSTILE_PLUGIN;

std::string in_constructor(const char* how) { return std::string(HOSTILE_CONSTRUCTOR_PLUGIN_STEM) + how + ".so"; }

std::string parameters(const json& changed = json::object()) {
  json all = {{"how", "not"}, {"making", "not"}, {"from_params", 0}, {"once", ""}};
  all.update(changed);
  return all.dump();
}

std::string metrics(double params = 1) { return json{{"params", {{"value", params}}}}.dump(); }

template <class Body>
std::string message_of(Body body) {
  try {
    body();
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

Limits short_limits() {
  Limits limits;
  limits.load_seconds = 5;
  limits.check_seconds = 10;
  limits.memory_mb = 256;
  return limits;
}

std::string failure(const char* how, double seconds = 10) {
  Limits limits = short_limits();
  limits.check_seconds = seconds;
  PluginProcess process(kHostile, limits);
  const std::size_t rule = process.create(0, "who", parameters({{"how", how}, {"from_params", 10}}));
  const std::string message = message_of([&] { (void)process.check(rule, "{}", metrics(10)); });
  // Whatever happened, the next network finds the plugin as it was.
  EXPECT_THAT(process.check(rule, "{}", metrics(9)), HasSubstr("\"violation\":0.0")) << how;
  return message;
}

TEST(PluginProcess, WhateverACheckDoesIsAnErrorWithItsReason) {
  EXPECT_EQ(failure("exit"), "who: its process ended with code 0");
  EXPECT_EQ(failure("quick_exit"), "who: its process ended with code 0");
  EXPECT_THAT(failure("abort"), HasSubstr("signal 6"));
  EXPECT_THAT(failure("crash"), HasSubstr("signal"));
  EXPECT_THAT(failure("loop", 0.5), HasSubstr("no answer within 0.5 s"));
  EXPECT_THAT(failure("stop", 0.5), HasSubstr("no answer within 0.5 s"));
  EXPECT_THAT(failure("memory"), HasSubstr("signal 6"));
  EXPECT_THAT(failure("close"), HasSubstr("who: "));
}

TEST(PluginProcess, NothingIsLeftBehind) {
  {
    PluginProcess process(kHostile, short_limits());
    const std::size_t rule = process.create(0, "who", parameters({{"how", "fork"}}));
    for (int i = 0; i < 3; ++i) EXPECT_THAT(process.check(rule, "{}", metrics()), HasSubstr("violation"));
    EXPECT_EQ(children_of(::getpid()).size(), 1u) << "the guard";
  }
  EXPECT_THAT(children_of(::getpid()), IsEmpty());
}

TEST(PluginProcess, WhatIsMadeSurvivesTheLossOfTheHelper) {
  PluginProcess process(kHostile, short_limits());
  const std::size_t gone = process.create(0, "first", parameters());
  const std::size_t bad = process.create(0, "second", parameters({{"how", "exit"}}));
  const std::size_t good = process.create(0, "third", parameters());
  process.destroy(gone);
  EXPECT_THAT(message_of([&] { (void)process.check(bad, "{}", metrics()); }), HasSubstr("second: "));
  EXPECT_THAT(process.check(good, "{}", metrics()), HasSubstr("violation"));
  EXPECT_THAT(message_of([&] { (void)process.check(bad, "{}", metrics()); }), HasSubstr("second: "));
}

TEST(PluginProcess, AHelperOrGuardThatOthersKilledIsNoFault) {
  TemporaryFolder folder("plugin");
  PluginProcess process(kHostile, short_limits());
  const std::size_t rule = process.create(0, "who", parameters());
  for (const bool whole : {false, true}) {
    const pid_t guard = children_of(::getpid()).at(0);
    ::kill(whole ? guard : children_of(guard).at(0), SIGKILL);
    for (int i = 0; i < 3; ++i) EXPECT_THAT(process.check(rule, "{}", metrics()), HasSubstr("violation")) << whole;
  }
}

TEST(PluginProcess, AForkHasAHelperOfItsOwn) {
  PluginProcess process(kHostile, short_limits());
  const std::size_t rule = process.create(0, "who", parameters());
  const pid_t child = ::fork();
  if (child == 0) {
    bool same = true;
    for (int i = 0; i < 20; ++i)
      same = same && process.check(rule, "{}", metrics()).find("violation") != std::string::npos;
    ::_exit(same ? 0 : 1);
  }
  for (int i = 0; i < 20; ++i) EXPECT_THAT(process.check(rule, "{}", metrics()), HasSubstr("violation"));
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(PluginProcess, ManyThreadsMayAsk) {
  PluginProcess process(kHostile, short_limits());
  const std::size_t rule = process.create(0, "who", parameters());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k)
        EXPECT_THAT(process.check(rule, "{}" + std::string(50'000, ' '), metrics()), HasSubstr("violation"));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(PluginProcess, MakingAConstraintMayFailInEveryWay) {
  PluginProcess process(kHostile, short_limits());
  const auto making = [&](const char* how) {
    return message_of([&] { (void)process.create(0, "who", parameters({{"making", how}})); });
  };
  EXPECT_EQ(making("exit"), "who: its process ended with code 0");
  EXPECT_THAT(making("crash"), HasSubstr("signal"));
  EXPECT_EQ(making("not"), "");
}

TEST(PluginProcess, ALibraryThatEndsTheProcessWhileItIsLoadedIsRefused) {
  for (const char* how : {"exit", "crash", "abort"}) {
    const std::string path = in_constructor(how);
    EXPECT_THAT(message_of([&] { PluginProcess process(path, short_limits()); }),
                AllOf(HasSubstr("plugin " + path), HasSubstr("its process")))
        << how;
  }
  Limits limits = short_limits();
  limits.load_seconds = 0.5;
  EXPECT_THAT(message_of([&] { PluginProcess process(in_constructor("loop"), limits); }), HasSubstr("no answer"));
  EXPECT_THAT(children_of(::getpid()), IsEmpty());
}

}  // namespace
}  // namespace gensynth::plugin
