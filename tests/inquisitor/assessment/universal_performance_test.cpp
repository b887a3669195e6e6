#include "inquisitor/assessment/universal_performance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"

namespace gensynth::assessment {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Metrics metrics() {
  Metrics m;
  m.set("top1", Quantity::exact(75.8, "%"));
  m.set("params", Quantity::exact(2.0e6, ""));
  m.set("macs", Quantity::exact(0.2e9, ""));
  m.set("latency_ms", Quantity::exact(25, "ms"));
  return m;
}

constraints::Verdict violated(bool hard, double weight, double violation, double bound) {
  constraints::Verdict v;
  v.satisfied = false;
  v.hard = hard;
  v.weight = weight;
  v.violation = violation;
  v.bound = bound;
  return v;
}

TEST(UniversalPerformance, AGoalFixesTheExponents) {
  const auto read = [](const char* text) {
    return universal_performance_from_json(nlohmann::json::parse(text), "job.json", "/objective");
  };
  const UniversalPerformance accurate = read(R"({"goal": "most_accurate", "accuracy": "proxy_top1"})");
  EXPECT_EQ(accurate.formula(), "20 log10(a^2)");
  EXPECT_EQ(accurate.accuracy, "proxy_top1");
  const UniversalPerformance fastest = read(R"({"goal": "fastest"})");
  EXPECT_EQ(fastest.formula(), "20 log10(l^-1)");
  Metrics slow = metrics();
  slow.set("latency_ms", Quantity::exact(50, "ms"));
  slow.set("top1", Quantity::exact(80, "%"));
  EXPECT_LT(fastest.score(slow, {}), fastest.score(metrics(), {}));
  EXPECT_GT(accurate.score(slow, {}, 80), accurate.score(metrics(), {}, 75.8));
  EXPECT_EQ(read("{}").goal, Goal::balanced);
  EXPECT_EQ(read("{}").formula(), "20 log10(a^2 p^-0.25 l^-0.5)");
}

TEST(UniversalPerformance, ExponentsThatContradictTheGoalAreRefused) {
  const auto read = [](const char* text) {
    return universal_performance_from_json(nlohmann::json::parse(text), "job.json", "/objective");
  };
  EXPECT_THAT(
      [&] { read(R"({"goal": "fastest", "alpha": 2})"); },
      ThrowsMessage<Error>(AllOf(HasSubstr("/objective/alpha"), HasSubstr("'fastest'"), HasSubstr("balanced"))));
  EXPECT_THAT([&] { read(R"({"goal": "fast"})"); }, ThrowsMessage<Error>(HasSubstr("fastest")));
  // An objective that was written can be read again.
  for (const char* goal : {"balanced", "most_accurate", "fastest"}) {
    const UniversalPerformance u = read((std::string(R"({"goal": ")") + goal + "\"}").c_str());
    const UniversalPerformance again = universal_performance_from_json(to_json(u), "job.json", "/objective");
    EXPECT_EQ(to_json(again), to_json(u));
  }
}

TEST(UniversalPerformance, IsTheFormulaByHand) {
  // 20 (2 lg 75.8 - 0.25 lg 2 - 0.5 lg 25) = 75.1868 - 1.5051 - 13.9794
  EXPECT_NEAR(UniversalPerformance{}.score(metrics(), {}), 59.7023, 1e-3);
  // NetScore: 20 (2 lg 75.8 - 0.5 lg 2 - 0.5 lg 0.2) = 75.1868 - 3.0103 + 6.9897
  EXPECT_NEAR((UniversalPerformance{2, 0.5, 0.5, 0, "top1"}).score(metrics(), {}), 79.1662, 1e-3);
}

TEST(UniversalPerformance, TakesTheLowerEndOfWhatIsNotTrusted) {
  const auto score = [](bool in_distribution, bool extrapolate) {
    Metrics m;
    Quantity top1 = Quantity::predicted(76, "%", "model", 60, 85);
    top1.in_distribution = in_distribution;
    top1.extrapolate = extrapolate;
    m.set("top1", top1);
    return UniversalPerformance{2, 0, 0, 0, "top1"}.score(m, {});
  };
  EXPECT_NEAR(score(true, false), 40 * std::log10(76.0), 1e-9);
  EXPECT_NEAR(score(false, false), 40 * std::log10(60.0), 1e-9);
  EXPECT_NEAR(score(false, true), 40 * std::log10(76.0), 1e-9);
}

TEST(UniversalPerformance, TakesPredictionsAtAConfidence) {
  Metrics m = metrics();
  m.set("latency_ms", Quantity::predicted(25, "ms", "model", 20, 40));
  m.set("top1", Quantity::predicted(76, "%", "model", 74, 77));
  Metrics worse = metrics();
  worse.set("latency_ms", Quantity::exact(40, "ms"));
  worse.set("top1", Quantity::exact(74, "%"));
  UniversalPerformance u;
  u.confidence = 0.95;
  EXPECT_NEAR(u.score(m, {}), UniversalPerformance{}.score(worse, {}), 1e-9);
}

TEST(UniversalPerformance, SoftViolationsCostTheirWeightAndHardOnesNothing) {
  const UniversalPerformance u;
  const double clean = u.score(metrics(), {});
  constraints::Verdict met = violated(false, 7, 1, 1);
  met.satisfied = true;
  EXPECT_NEAR(u.score(metrics(), {violated(false, 4, 3, 2), violated(true, 4, 3, 2), met}), clean - 6, 1e-12);
  EXPECT_NEAR(u.score(metrics(), {violated(false, 4, 3, 0)}), clean - 12, 1e-12);
}

TEST(UniversalPerformance, NeedsOnlyTheMetricsThatCount) {
  Metrics m;
  m.set("top1", Quantity::exact(50, "%"));
  EXPECT_NO_THROW((UniversalPerformance{2, 0, 0, 0, "top1"}).score(m, {}));
  EXPECT_THAT(
      [&] {
        (void)(UniversalPerformance{2, 0, 0, 0.5, "top1"}).score(m, {});
      },
      ThrowsMessage<Error>(HasSubstr("latency_ms")));
  EXPECT_THAT(
      [&] {
        (void)(UniversalPerformance{2, 0, 0, 0, "proxy_top1"}).score(m, {});
      },
      ThrowsMessage<Error>(HasSubstr("proxy_top1")));
}

TEST(UniversalPerformance, PutsAFloorUnderAccuracy) {
  const UniversalPerformance u;
  EXPECT_DOUBLE_EQ(u.score(metrics(), {}, 0), u.score(metrics(), {}, 0.1));
  EXPECT_LT(u.score(metrics(), {}, 0.1), u.score(metrics(), {}, 0.2));
}

TEST(UniversalPerformance, ReadsWhatItWritesAndNothingElse) {
  const UniversalPerformance u{1, 0.1, 0.2, 0.3, "proxy_top1", 0.9};
  const auto same = universal_performance_from_json(nlohmann::json(to_json(u)), "job", "/objective");
  EXPECT_EQ(to_json(same), to_json(u));
  EXPECT_THAT(
      [] {
        (void)universal_performance_from_json({{"alhpa", 2}}, "job", "/objective");
      },
      ThrowsMessage<Error>(HasSubstr("did you mean 'alpha'")));
  EXPECT_THROW((void)universal_performance_from_json({{"alpha", -1}}, "job", "/objective"), Error);
}

}  // namespace
}  // namespace gensynth::assessment
