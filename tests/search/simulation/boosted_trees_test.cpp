#include "search/simulation/boosted_trees.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"

namespace gensynth::simulation {
namespace {

struct Sample {
  std::vector<std::vector<float>> rows;
  std::vector<float> targets;
};

/// Two columns matter, by a product; the third does not.
Sample made_up(std::uint64_t seed, int count) {
  Rng rng(seed);
  Sample sample;
  for (int i = 0; i < count; ++i) {
    const double a = uniform01(rng), b = uniform01(rng);
    sample.rows.push_back({static_cast<float>(a), static_cast<float>(b), static_cast<float>(uniform01(rng))});
    sample.targets.push_back(static_cast<float>(10 + 20 * a * b));
  }
  return sample;
}

TEST(BoostedTrees, LearnWhatTheyDidNotSee) {
  const Sample seen = made_up(1, 500), unseen = made_up(2, 200);
  BoostedTreesOptions options;
  options.column_share = 1;  // of three
  const BoostedTrees trees(seen.rows, seen.targets, options);
  double squares = 0;
  for (std::size_t i = 0; i < unseen.rows.size(); ++i) {
    squares += std::pow(trees.predict(unseen.rows[i]) - unseen.targets[i], 2) / 200;
  }
  EXPECT_LT(std::sqrt(squares), 1.0) << "targets deviate by 4.4";
}

TEST(BoostedTrees, AreTheSameForTheSameSeed) {
  const Sample seen = made_up(3, 200);
  const BoostedTrees first(seen.rows, seen.targets), second(seen.rows, seen.targets);
  BoostedTreesOptions other;
  other.seed = 2;
  const BoostedTrees third(seen.rows, seen.targets, other);
  bool differs = false;
  for (const std::vector<float>& row : seen.rows) {
    EXPECT_EQ(first.predict(row), second.predict(row));
    differs = differs || first.predict(row) != third.predict(row);
  }
  EXPECT_TRUE(differs);
}

TEST(BoostedTrees, FollowTheWeightsOfTheRows) {
  const std::vector<std::vector<float>> rows(40, std::vector<float>{1.0F});
  std::vector<float> targets(40, 10.0F), weights(40, 1.0F);
  for (std::size_t i = 0; i < 10; ++i) {
    targets[i] = 50;
    weights[i] = 3;
  }
  EXPECT_NEAR(BoostedTrees(rows, targets).predict(rows[0]), 20, 2);
  EXPECT_NEAR(BoostedTrees(rows, targets, {}, weights).predict(rows[0]), 30, 2);
  weights.pop_back();
  EXPECT_THROW(BoostedTrees(rows, targets, {}, weights), Error);
}

TEST(BoostedTrees, RefuseWhatIsNoTable) {
  EXPECT_THROW(BoostedTrees({}, {}), Error);
  EXPECT_THROW(BoostedTrees({{1, 2}}, {1, 2}), Error);
  EXPECT_THROW(BoostedTrees({{1, 2}, {1}}, {1, 2}), Error);
  EXPECT_THROW(BoostedTrees({{1}, {2}}, {1, std::numeric_limits<float>::quiet_NaN()}), Error);
}

}  // namespace
}  // namespace gensynth::simulation
