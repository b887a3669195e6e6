#include "inquisitor/gaussian_process.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "architecture/error.hpp"
#include "architecture/random.hpp"

namespace gensynth {
namespace {

struct Samples {
  std::vector<std::vector<double>> rows;
  std::vector<double> targets;
};

Samples wave(int count, double constant = 7) {
  Samples s;
  for (int i = 0; i < count; ++i) {
    const double x = 4.0 * i / (count - 1);
    s.rows.push_back({x, constant});
    s.targets.push_back(std::sin(x) + 2);
  }
  return s;
}

TEST(GaussianProcess, InterpolatesASmoothFunction) {
  const Samples s = wave(25);
  GaussianProcess gp;
  EXPECT_FALSE(gp.fitted());
  gp.fit(s.rows, s.targets);
  EXPECT_TRUE(gp.fitted());
  for (double x = 0.1; x < 4; x += 0.27) EXPECT_NEAR(gp.predict({x, 7}).mean, std::sin(x) + 2, 0.05) << x;
}

TEST(GaussianProcess, IsLessSureAwayFromData) {
  const Samples s = wave(25);
  GaussianProcess gp;
  gp.fit(s.rows, s.targets);
  EXPECT_LT(gp.predict({2, 7}).deviation, 0.1);
  EXPECT_GT(gp.predict({6, 7}).deviation, 3 * gp.predict({2, 7}).deviation);
  EXPECT_GT(gp.predict({12, 7}).deviation, gp.predict({6, 7}).deviation);
}

TEST(GaussianProcess, IgnoresFeaturesThatDoNotVary) {
  const Samples s = wave(12);
  GaussianProcess with;
  with.fit(s.rows, s.targets);
  EXPECT_EQ(with.predict({1.3, 7}).mean, with.predict({1.3, 1e6}).mean);
  GaussianProcess without;
  std::vector<std::vector<double>> narrow;
  for (const auto& row : s.rows) narrow.push_back({row[0]});
  without.fit(narrow, s.targets);
  EXPECT_EQ(with.predict({1.3, 7}).mean, without.predict({1.3}).mean);
}

TEST(GaussianProcess, TellsNoiseFromSignal) {
  Rng rng(3);
  Samples s = wave(60);
  GaussianProcess clean;
  clean.fit(s.rows, s.targets);
  for (double& y : s.targets) y += 0.5 * standard_normal(rng);
  GaussianProcess noisy;
  noisy.fit(s.rows, s.targets);
  EXPECT_GT(noisy.noise(), 0.25);
  EXPECT_LT(clean.noise(), 0.1);
}

TEST(GaussianProcess, RefusesWhatDoesNotFit) {
  GaussianProcess gp;
  EXPECT_THROW((void)gp.predict({1}), Error);
  EXPECT_THROW(gp.fit({{1}, {2}}, {1}), Error);
  EXPECT_THROW(gp.fit({{1}}, {1}), Error);
  EXPECT_THROW(gp.fit({{1}, {2, 3}}, {1, 2}), Error);
  gp.fit({{1, 0}, {2, 0}}, {1, 2});
  EXPECT_THROW((void)gp.predict({1}), Error);
}

TEST(GaussianProcess, IsDeterministic) {
  const Samples s = wave(30);
  GaussianProcess a;
  GaussianProcess b;
  a.fit(s.rows, s.targets);
  b.fit(s.rows, s.targets);
  EXPECT_EQ(a.predict({2.2, 1}).mean, b.predict({2.2, 1}).mean);
  EXPECT_EQ(a.predict({2.2, 1}).deviation, b.predict({2.2, 1}).deviation);
}

}  // namespace
}  // namespace gensynth
