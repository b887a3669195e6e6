#include "search/strategy/ranking.hpp"

#include <gtest/gtest.h>

namespace gensynth::strategy {
namespace {

std::vector<surrogate::CandidatePrediction> predictions_of(const std::vector<double>& values) {
  std::vector<surrogate::CandidatePrediction> predictions(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    predictions[i].genotype = {static_cast<int>(i)};
    predictions[i].acquisition = values[i];
    predictions[i].expected_hypervolume_improvement = values[i];
  }
  return predictions;
}

surrogate::ObservationHistory history_of(const space::Genotype& genotype) {
  surrogate::ObservationHistory history;
  surrogate::Observation observation;
  observation.genotype = genotype;
  history.add(observation);
  return history;
}

using Genotypes = std::vector<space::Genotype>;

TEST(Ranking, TakesUnknownCandidatesWithTheBestLast) {
  const auto predictions = predictions_of({3, 0, 9, 5, 7});
  const surrogate::ObservationHistory history = history_of({2});
  EXPECT_EQ(best_by_acquisition(predictions, history, 2), (Genotypes{{3}, {4}}));
  EXPECT_EQ(best_by_acquisition(predictions, history, 9), (Genotypes{{1}, {0}, {3}, {4}}));
  EXPECT_EQ(best_by_hypervolume_improvement(predictions, history, 2), (Genotypes{{3}, {4}}));
  EXPECT_EQ(best_by_hypervolume_improvement(predictions, history, 9), (Genotypes{{0}, {3}, {4}}))
      << "a candidate that adds nothing is left out";
}

TEST(Ranking, TakesEachGenotypeOnceAndEqualsInTheirOrder) {
  auto predictions = predictions_of({1, 1, 2});
  predictions.push_back(predictions[2]);
  EXPECT_EQ(best_by_acquisition(predictions, {}, 9), (Genotypes{{1}, {0}, {2}}));
}

TEST(Ranking, TakeLastRemovesTheBest) {
  Genotypes genotypes{{1}, {2}};
  EXPECT_EQ(take_last(genotypes), (space::Genotype{2}));
  EXPECT_EQ(genotypes, (Genotypes{{1}}));
}

}  // namespace
}  // namespace gensynth::strategy
