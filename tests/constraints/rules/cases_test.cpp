#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/serialize.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;

/// Small networks with the expected verdict of one rule on each, from cases/rules/ and its expected.json in the folder
/// that GENSYNTH_SHARED names; skipped elsewhere.
TEST(Cases, VerdictsAreAsExpected) {
  const char* shared = std::getenv("GENSYNTH_SHARED");
  const std::filesystem::path folder = std::filesystem::path(shared == nullptr ? "" : shared) / "cases" / "rules";
  if (shared == nullptr || !std::filesystem::exists(folder / "expected.json")) {
    GTEST_SKIP() << "GENSYNTH_SHARED has no cases/rules";
  }
  const nlohmann::json expected = read_json_file(folder / "expected.json");
  EXPECT_FALSE(expected.empty());
  for (const auto& [name, entry] : expected.items()) {
    const Architecture net = read_architecture(folder / (name + ".json"));
    const constraints::Verdict verdict = judge({{"constraint", entry.at("rule")}}, net);
    EXPECT_EQ(verdict.satisfied ? "met" : "violated", entry.at("expected").get<std::string>())
        << name << ": " << verdict.message;
    EXPECT_EQ(verdict.satisfied, verdict.violation == 0) << name;
  }
}

}  // namespace
}  // namespace gensynth::rules
