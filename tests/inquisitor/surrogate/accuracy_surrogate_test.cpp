#include "inquisitor/surrogate/accuracy_surrogate.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/random.hpp"

namespace gensynth::surrogate {
namespace {

TEST(TargetTransform, IsMonotoneInvertibleAndLinearAboveTheBest) {
  const TargetTransform transform({1.0, 1.7, 1.8, 1.9, 1.95});
  double before = -1e9;
  for (double t = 0.5; t < 2.3; t += 0.01) {
    EXPECT_GT(transform(t), before);
    before = transform(t);
    EXPECT_NEAR(transform.inverse(transform(t)), t, 1e-9);
    EXPECT_NEAR(transform.slope(transform(t)),
                (transform.inverse(transform(t) + 1e-6) - transform.inverse(transform(t) - 1e-6)) / 2e-6, 1e-6);
  }
  EXPECT_NEAR(transform(2.15) - transform(2.05), transform(2.05) - transform(1.95), 1e-9);
  EXPECT_LT(transform(1.1) - transform(1.0), 0.5 * (transform(1.9) - transform(1.8)))
      << "differences far below count less";
}

TEST(TargetTransform, HandlesEqualTargets) {
  const TargetTransform transform({2.0, 2.0, 2.0});
  EXPECT_EQ(transform(2.0), 0);
  EXPECT_EQ(transform.inverse(transform(2.5)), 2.5);
}

class AccuracySurrogateTest : public ::testing::Test {
 protected:
  AccuracySurrogateTest() : rows(60) {
    Rng rng(2);
    for (features::Description& row : rows) {
      row.values = {uniform01(rng), uniform01(rng)};
      accuracies.push_back(1.9 - 0.3 * row.values[0] * row.values[0]);
      pointers.push_back(&row);
    }
  }
  void learn(AccuracySurrogate& surrogate, std::size_t count) const {
    surrogate.fit({pointers.begin(), pointers.begin() + static_cast<std::ptrdiff_t>(count)},
                  {accuracies.begin(), accuracies.begin() + static_cast<std::ptrdiff_t>(count)});
  }
  std::vector<features::Description> rows;
  std::vector<const features::Description*> pointers;
  std::vector<double> accuracies;
};

TEST_F(AccuracySurrogateTest, RowsThatItHoldsAlreadyChangeNothing) {
  std::vector<std::size_t> identities;
  for (std::size_t i = 0; i < rows.size(); ++i) identities.push_back(100 + i);
  AccuracySurrogate growing;
  for (std::size_t count = 20; count <= 60; ++count) {
    growing.fit({pointers.begin(), pointers.begin() + static_cast<std::ptrdiff_t>(count)},
                {accuracies.begin(), accuracies.begin() + static_cast<std::ptrdiff_t>(count)},
                {identities.begin(), identities.begin() + static_cast<std::ptrdiff_t>(count)});
    AccuracySurrogate restored;  // as after a restart: the state and all rows at once
    restored.restore(growing.state());
    learn(restored, count);
    ASSERT_EQ(restored.smoothed(), growing.smoothed()) << count << " rows, to the last bit";
    EXPECT_EQ(restored.state(), growing.state());
  }
}

TEST_F(AccuracySurrogateTest, ASelectionMadeAnewIsFittedAnew) {
  const std::vector<const features::Description*> some(pointers.begin(), pointers.begin() + 30);
  const std::vector<double> their(accuracies.begin(), accuracies.begin() + 30);
  std::vector<std::size_t> identities(30);
  for (std::size_t i = 0; i < 30; ++i) identities[i] = i;
  AccuracySurrogate surrogate;
  surrogate.fit(some, their, identities, 25);
  const nlohmann::json state = surrogate.state();
  std::vector<const features::Description*> others(pointers.begin() + 20, pointers.begin() + 50);
  const std::vector<double> values(accuracies.begin() + 20, accuracies.begin() + 50);
  for (std::size_t i = 0; i < 30; ++i) identities[i] = 20 + i;
  surrogate.fit(others, values, identities, 25);
  AccuracySurrogate restored;
  restored.restore(state);
  restored.fit(others, values, {}, 25);
  EXPECT_EQ(restored.smoothed(), surrogate.smoothed());
}

TEST_F(AccuracySurrogateTest, SearchesForParametersAsRowsComeIn) {
  AccuracySurrogate surrogate;
  learn(surrogate, 20);
  const auto first = surrogate.state();
  EXPECT_EQ(first["searched_with"], 20);
  learn(surrogate, 21);
  EXPECT_EQ(surrogate.state(), first);
  learn(surrogate, 40);
  EXPECT_EQ(surrogate.state()["searched_with"], 40);
}

TEST_F(AccuracySurrogateTest, GoesOnAfterARestoreAsItWouldHave) {
  AccuracySurrogate whole;
  learn(whole, 30);
  AccuracySurrogate restored;
  restored.restore(nlohmann::json::parse(whole.state().dump()));
  for (const std::size_t count : {31, 45, 60}) {
    learn(whole, count);
    learn(restored, count);
    EXPECT_EQ(whole.state(), restored.state());
    EXPECT_EQ(whole.predict(pointers)[50].mean, restored.predict(pointers)[50].mean);
  }
}

TEST_F(AccuracySurrogateTest, SmoothsNoiseAway) {
  Rng rng(8);
  const std::vector<double> clean = accuracies;
  for (double& value : accuracies) value += 0.03 * standard_normal(rng);
  AccuracySurrogate surrogate;
  learn(surrogate, 60);
  const std::vector<double> smoothed = surrogate.smoothed();
  double before = 0, after = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    before += std::abs(accuracies[i] - clean[i]);
    after += std::abs(smoothed[i] - clean[i]);
  }
  EXPECT_LT(after, 0.7 * before);
}

}  // namespace
}  // namespace gensynth::surrogate
