#include "search/simulation/surrogate_objective.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "generator/make_space.hpp"
#include "tests/search/simulation/trained_fixture.hpp"

namespace gensynth::simulation {
namespace {

double depth_accuracy(const Architecture& net) { return 10 * std::log2(1.0 + cost(net).depth); }

TEST(SurrogateObjective, FitsItsCandidatesAndReportsItsError) {
  TrainedCandidates trained = testing::made_up_candidates(300, 0);
  const std::unique_ptr<space::SearchSpace> space = generator::make_space(trained.job.space);
  Rng noise(3);
  for (TrainedCandidates::Row& row : trained.rows) {
    row.accuracy = depth_accuracy(space->build(row.genotype)) + 0.5 * standard_normal(noise);
  }
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
    squares += std::pow(world.expected(fresh) - depth_accuracy(fresh), 2) / 100;
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

/// A tenth of the candidates, which nothing distinguishes, is far more accurate: an error that hardly counts, unless
/// they are all that one strategy proposed.
TEST(SurrogateObjective, CountsEachOriginAsMuchAsAnother) {
  TrainedCandidates trained = testing::made_up_candidates(100, 0);
  for (std::size_t i = 0; i < trained.rows.size(); ++i) trained.rows[i].accuracy = i % 10 == 0 ? 60 : 20;
  const double unbalanced = SurrogateObjective(trained).quality().rmse;
  for (std::size_t i = 0; i < trained.rows.size(); ++i) {
    trained.rows[i].origin = i % 10 == 0 ? "random" : "local_search";
  }
  EXPECT_GT(SurrogateObjective(trained).quality().rmse, 1.5 * unbalanced);
}

TEST(SurrogateObjective, RefusesToLearnFromAHandful) {
  EXPECT_THROW(SurrogateObjective(testing::made_up_candidates(SurrogateObjective::kFewest - 1, 0)), Error);
}

}  // namespace
}  // namespace gensynth::simulation
