#include "search/simulation/surrogate_objective.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "architecture/base/error.hpp"
#include "tests/search/simulation/trained_fixture.hpp"

namespace gensynth::simulation {
namespace {

TEST(SurrogateObjective, FitsItsCandidatesAndReportsItsError) {
  const TrainedCandidates trained = testing::made_up_candidates(300, 0.5);
  const SurrogateObjective world(trained);
  EXPECT_GT(world.quality().r2, 0.8);
  EXPECT_GT(world.quality().kendall, 0.7);
  EXPECT_GT(world.quality().rmse, 0.4) << "the noise cannot be predicted";
  EXPECT_LT(world.quality().rmse, 1.2);
  EXPECT_EQ(world.quality().candidates, 300U);
  const run::SearchContext parts(trained.job);
  Rng rng(99);
  double squares = 0;
  for (int i = 0; i < 100; ++i) {
    const Architecture fresh = parts.space->build(parts.space->sample(rng));
    const double params = *parts.assessor.assess(fresh, true).metrics.value("params");
    squares += std::pow(world.expected(fresh) - (10 * std::log10(params) - 20), 2) / 100;
  }
  EXPECT_LT(std::sqrt(squares), 1.0);
}

TEST(SurrogateObjective, MeasuresWithTheNoiseOfItsResidualsAndRepeatably) {
  const SurrogateObjective world(testing::made_up_candidates(300, 2));
  double mean = 0, squares = 0;
  for (std::uint64_t draw = 0; draw < 2000; ++draw) {
    const double off = world.measured(40, draw) - 40;
    EXPECT_EQ(world.measured(40, draw), 40 + off);
    mean += off / 2000;
    squares += off * off / 2000;
  }
  EXPECT_NEAR(mean, 0, 0.2);
  EXPECT_NEAR(std::sqrt(squares), world.quality().rmse, 0.2);
  EXPECT_GT(world.quality().rmse, 1.8);
}

TEST(SurrogateObjective, RefusesToLearnFromAHandful) {
  EXPECT_THROW(SurrogateObjective(testing::made_up_candidates(SurrogateObjective::kFewest - 1, 0)), Error);
}

}  // namespace
}  // namespace gensynth::simulation
