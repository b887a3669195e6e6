#include "search/analysis/pareto_front.hpp"

#include <gtest/gtest.h>

namespace gensynth::analysis {
namespace {

TEST(ParetoFront, KeepsTrialsThatNoOtherBeatsInBoth) {
  const auto trial = [](std::int64_t id, double ms, double top1, bool feasible = true) {
    trial::Trial t;
    t.id = id;
    t.feasible = feasible;
    t.metrics.set("latency_ms", Quantity::exact(ms, "ms"));
    t.metrics.set("top1", Quantity::exact(top1, "%"));
    return t;
  };
  std::vector<std::int64_t> ids;
  for (const trial::Trial& t : pareto_front({trial(1, 5, 70), trial(2, 3, 60), trial(3, 4, 60), trial(4, 1, 99, false),
                                             trial(5, 5, 71), trial(6, 9, 80), trial::Trial{}},
                                            "top1")) {
    ids.push_back(t.id);
  }
  EXPECT_EQ(ids, (std::vector<std::int64_t>{2, 5, 6}));
}

}  // namespace
}  // namespace gensynth::analysis
