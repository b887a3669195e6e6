#include "inquisitor/surrogate/gaussian_process.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"

namespace gensynth::surrogate {
namespace {

struct Samples {
  std::vector<std::vector<double>> rows;
  std::vector<double> targets;
};

/// A Gaussian process over values alone.
class Process {
 public:
  void fit(const std::vector<std::vector<double>>& rows, const std::vector<double>& targets) {
    std::vector<features::Description> described(rows.size());
    std::vector<const features::Description*> pointers;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      described[i].values = rows[i];
      pointers.push_back(&described[i]);
    }
    gp.fit(pointers, targets);
  }
  GaussianPrediction predict(const std::vector<double>& values) const {
    features::Description description;
    description.values = values;
    return gp.predict({&description}).front();
  }
  bool fitted() const { return gp.fitted(); }
  double noise() const { return gp.noise(); }
  GaussianProcess gp;
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
  Process gp;
  EXPECT_FALSE(gp.fitted());
  gp.fit(s.rows, s.targets);
  EXPECT_TRUE(gp.fitted());
  for (double x = 0.1; x < 4; x += 0.27) EXPECT_NEAR(gp.predict({x, 7}).mean, std::sin(x) + 2, 0.05) << x;
}

TEST(GaussianProcess, ExtendedIsTheSameHoweverTheRowsAreDividedAndNearlyAFitToAll) {
  Rng rng(8);
  std::vector<features::Description> rows(150);
  std::vector<const features::Description*> pointers;
  std::vector<double> targets;
  for (features::Description& row : rows) {
    row.values = {uniform01(rng), uniform01(rng), uniform01(rng)};
    pointers.push_back(&row);
    targets.push_back(std::sin(6 * row.values[0]) + row.values[1] + 0.05 * standard_normal(rng));
  }
  const auto first = [](const auto& list, std::size_t count) {
    return std::vector(list.begin(), list.begin() + count);
  };
  const auto fitted = [&](const std::vector<std::size_t>& parts) {
    GaussianProcess process;
    process.fit(first(pointers, parts[0]), first(targets, parts[0]));
    for (std::size_t i = 1; i < parts.size(); ++i) {
      process.extend({pointers.begin() + parts[i - 1], pointers.begin() + parts[i]}, first(targets, parts[i]));
    }
    return process;
  };
  const GaussianProcess at_once = fitted({60, 150});
  const GaussianProcess step_by_step = fitted({60, 61, 62, 64, 65, 100, 128, 129, 150});
  GaussianProcess whole;
  whole.fit(first(pointers, 60), first(targets, 60));
  const std::vector<double> parameters = whole.parameters();
  whole.set_parameters(parameters);
  whole.fit(pointers, targets, 0);
  std::vector<features::Description> asked(40);
  for (features::Description& candidate : asked) {
    candidate.values = {uniform01(rng), uniform01(rng), uniform01(rng)};
    const GaussianPrediction a = at_once.predict({&candidate})[0];
    const GaussianPrediction b = step_by_step.predict({&candidate})[0];
    const GaussianPrediction c = whole.predict({&candidate})[0];
    EXPECT_EQ(a.mean, b.mean) << "to the last bit";
    EXPECT_EQ(a.deviation, b.deviation);
    EXPECT_NEAR(a.mean, c.mean, 0.03) << "only the standardisation differs";
    EXPECT_NEAR(a.deviation, c.deviation, 0.03);
  }
  EXPECT_EQ(at_once.smoothed(), step_by_step.smoothed());
  EXPECT_EQ(at_once.smoothed().size(), 150U);
}

TEST(GaussianProcess, SaysSoWhenItIsExtendedWronglyOrTooEarly) {
  GaussianProcess process;
  features::Description row;
  row.values = {1, 7};
  EXPECT_THROW(process.extend({&row}, {1}), Error);
  Process fitted;
  const Samples s = wave(12);
  fitted.fit(s.rows, s.targets);
  EXPECT_THROW(fitted.gp.extend({&row}, {1}), Error) << "targets of all rows are needed";
}

TEST(GaussianProcess, IsLessSureAwayFromData) {
  const Samples s = wave(25);
  Process gp;
  gp.fit(s.rows, s.targets);
  EXPECT_LT(gp.predict({2, 7}).deviation, 0.1);
  EXPECT_GT(gp.predict({6, 7}).deviation, 3 * gp.predict({2, 7}).deviation);
  EXPECT_GT(gp.predict({12, 7}).deviation, gp.predict({6, 7}).deviation);
}

TEST(GaussianProcess, IgnoresFeaturesThatDoNotVary) {
  const Samples s = wave(12);
  Process with;
  with.fit(s.rows, s.targets);
  EXPECT_EQ(with.predict({1.3, 7}).mean, with.predict({1.3, 1e6}).mean);
  Process without;
  std::vector<std::vector<double>> narrow;
  for (const auto& row : s.rows) narrow.push_back({row[0]});
  without.fit(narrow, s.targets);
  EXPECT_EQ(with.predict({1.3, 7}).mean, without.predict({1.3}).mean);
}

TEST(GaussianProcess, SeparatesNoiseFromSignal) {
  Rng rng(3);
  Samples s = wave(60);
  Process clean;
  clean.fit(s.rows, s.targets);
  for (double& y : s.targets) y += 0.5 * standard_normal(rng);
  Process noisy;
  noisy.fit(s.rows, s.targets);
  EXPECT_GT(noisy.noise(), 0.25);
  EXPECT_LT(clean.noise(), 0.1);
}

TEST(GaussianProcess, KnowsHowErrorsGoTogether) {
  const Samples s = wave(8);
  Process gp;
  gp.fit(s.rows, s.targets);
  std::vector<features::Description> at(4);
  std::vector<const features::Description*> pointers;
  for (std::size_t i = 0; i < at.size(); ++i) {
    at[i].values = {std::vector<double>{6, 6.01, 9, 6}[i], 7};  // beyond the data; the last is the first once more
    pointers.push_back(&at[i]);
  }
  const JointPrediction joint = gp.gp.predict_jointly(pointers);
  const std::vector<GaussianPrediction> single = gp.gp.predict(pointers);
  ASSERT_EQ(joint.covariance.size(), 16U);
  const auto covariance = [&](std::size_t i, std::size_t j) { return joint.covariance[4 * i + j]; };
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(joint.mean[i], single[i].mean, 1e-12);
    EXPECT_NEAR(std::sqrt(covariance(i, i)), single[i].deviation, 1e-9);
    for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(covariance(i, j), covariance(j, i), 1e-12);
  }
  const auto of_difference = [&](std::size_t i, std::size_t j) {
    return covariance(i, i) + covariance(j, j) - 2 * covariance(i, j);
  };
  EXPECT_NEAR(of_difference(0, 3), 0, 1e-12);
  EXPECT_LT(of_difference(0, 1), 1e-3 * covariance(0, 0)) << "neighbours are wrong together";
  EXPECT_GT(of_difference(0, 2), 0.1 * covariance(0, 0));
}

TEST(GaussianProcess, RefusesWhatDoesNotFit) {
  Process gp;
  EXPECT_THROW((void)gp.predict({1}), Error);
  EXPECT_THROW(gp.fit({{1}, {2}}, {1}), Error);
  EXPECT_THROW(gp.fit({{1}}, {1}), Error);
  EXPECT_THROW(gp.fit({{1}, {2, 3}}, {1, 2}), Error);
  gp.fit({{1, 0}, {2, 0}}, {1, 2});
  EXPECT_THROW((void)gp.predict({1}), Error);
}

TEST(GaussianProcess, IsDeterministic) {
  const Samples s = wave(30);
  Process a;
  Process b;
  a.fit(s.rows, s.targets);
  b.fit(s.rows, s.targets);
  EXPECT_EQ(a.predict({2.2, 1}).mean, b.predict({2.2, 1}).mean);
  EXPECT_EQ(a.predict({2.2, 1}).deviation, b.predict({2.2, 1}).deviation);
}

TEST(GaussianProcess, KeepsItsParametersAfterRestore) {
  const Samples s = wave(30);
  std::vector<features::Description> rows(30);
  std::vector<const features::Description*> pointers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].values = s.rows[i];
    rows[i].decisions = {{i % 3, 2.0F}};
    pointers.push_back(&rows[i]);
  }
  GaussianProcess searched;
  searched.fit(pointers, s.targets, 25);
  GaussianProcess restored;
  restored.set_parameters(searched.parameters());
  restored.fit(pointers, s.targets, 0);
  EXPECT_EQ(restored.parameters(), searched.parameters());
  EXPECT_EQ(restored.smoothed(), searched.smoothed());
  EXPECT_EQ(restored.predict(pointers)[4].deviation, searched.predict(pointers)[4].deviation);
  EXPECT_THROW(restored.set_parameters({1, 2}), Error);
}

/// Targets that only one part of a description explains, the others being noise.
class Part : public ::testing::TestWithParam<int> {};

TEST_P(Part, OfADescriptionThatExplainsTheTargetsIsFound) {
  Rng rng(7);
  std::vector<features::Description> all(90);
  std::vector<double> targets;
  for (features::Description& d : all) {
    double level[3];
    for (double& l : level) l = below(rng, 6);
    d.values = {level[0] + 0.01 * standard_normal(rng), standard_normal(rng)};
    for (features::TokenCounts& round : d.motifs) {
      round = {{1, static_cast<float>(1 + 4 * level[1])}, {2, static_cast<float>(1 + below(rng, 3))}};
    }
    const auto answer = static_cast<std::uint64_t>(level[2]);
    d.decisions =
        features::counted({{10 + answer, 1.0F}, {5, 1.0F}, {20 + static_cast<std::uint64_t>(below(rng, 4)), 1.0F}});
    const double explained = level[GetParam()];
    targets.push_back(GetParam() == 2 ? (explained < 3 ? explained : 4 - explained) : explained);
  }
  std::vector<const features::Description*> rows, held;
  for (std::size_t i = 0; i < all.size(); ++i) (i < 60 ? rows : held).push_back(&all[i]);
  GaussianProcess gp;
  gp.fit(rows, {targets.begin(), targets.begin() + 60});
  const std::vector<GaussianPrediction> guesses = gp.predict(held);
  double error = 0, variance = 0;
  for (std::size_t i = 0; i < held.size(); ++i) {
    error += std::pow(guesses[i].mean - targets[60 + i], 2);
    variance += std::pow(targets[60 + i] - 2, 2);
  }
  EXPECT_LT(error, 0.15 * variance);
}

INSTANTIATE_TEST_SUITE_P(Parts, Part, ::testing::Values(0, 1, 2));

}  // namespace
}  // namespace gensynth::surrogate
