#include "search/analysis/pareto_front.hpp"

#include <gtest/gtest.h>

#include "generator/nasbench201/nasbench201_space.hpp"

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

TEST(GroupFront, HasTheBestOfEachStructureWithItsVariants) {
  const nasbench201::NasBench201Space cells;
  const auto trial = [](std::int64_t id, double ms, double u, space::Genotype genotype) {
    trial::Trial t;
    t.id = id;
    t.u = u;
    t.genotype = std::move(genotype);
    t.metrics.set("latency_ms", Quantity::exact(ms, "ms"));
    return t;
  };
  // In this space one decision of six is already more than the radius, so that only equal cells are variants.
  const std::vector<trial::Trial> front{trial(1, 1, 50, {0, 0, 0, 0, 0, 0}), trial(2, 2, 52, {0, 0, 0, 0, 0, 0}),
                                        trial(3, 3, 51, {1, 1, 1, 1, 1, 1}), trial(4, 4, 49, {0, 0, 0, 0, 0, 0})};
  const std::vector<FrontStructure> grouped = group_front(cells, front);
  ASSERT_EQ(grouped.size(), 2U);
  EXPECT_EQ(grouped[0].best.id, 2);
  EXPECT_EQ(grouped[0].variants, 2);
  EXPECT_EQ(grouped[1].best.id, 3);
  EXPECT_EQ(grouped[1].variants, 0);
}

}  // namespace
}  // namespace gensynth::analysis
