#include "inquisitor/surrogate/candidate_models.hpp"

#include <gtest/gtest.h>

#include "architecture/base/statistics.hpp"
#include "constraints/registry/registry.hpp"
#include "tests/inquisitor/surrogate/synthetic_cells.hpp"

namespace gensynth::surrogate {
namespace {

class CandidateModelsTest : public ::testing::Test {
 protected:
  std::vector<CandidatePrediction> predict(const CandidateModels& models, const std::vector<space::Genotype>& genotypes,
                                           const constraints::ConstraintSet& rules) const {
    const assessment::StructuralAssessor assessor(rules, latency, accuracy);
    const CandidateCache cache(*cells.space, assessor);
    std::vector<std::shared_ptr<const Candidate>> candidates;
    for (const space::Genotype& genotype : genotypes) candidates.push_back(cache.get(genotype));
    return models.predict(genotypes, candidates);
  }
  ObservationHistory history_of(int count, std::uint64_t seed = 1) const {
    ObservationHistory history;
    Rng rng(seed);
    for (int i = 1; i <= count; ++i) history.add(cells.observation(cells.space->sample(rng), i));
    return history;
  }
  std::vector<space::Genotype> fresh(int count) const {
    Rng rng(77);
    std::vector<space::Genotype> genotypes;
    for (int i = 0; i < count; ++i) genotypes.push_back(cells.space->sample(rng));
    return genotypes;
  }

  SyntheticCells cells;
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
};

TEST_F(CandidateModelsTest, PredictNothingBeforeSixObservations) {
  CandidateModels models(*cells.space, cells.performance);
  models.fit(history_of(5));
  EXPECT_FALSE(models.fitted());
  EXPECT_FALSE(models.expected_best());
  EXPECT_FALSE(models.incumbent());
  const auto predictions = predict(models, fresh(3), {});
  EXPECT_FALSE(predictions[0].accuracy);
  EXPECT_EQ(predictions[0].feasibility, 1);
  models.fit(history_of(6));
  EXPECT_TRUE(models.fitted());
  EXPECT_TRUE(predict(models, fresh(3), {})[0].accuracy);
}

TEST_F(CandidateModelsTest, PredictUOfUnseenCandidates) {
  CandidateModels models(*cells.space, cells.performance);
  models.fit(history_of(80));
  const std::vector<space::Genotype> genotypes = fresh(60);
  const auto predictions = predict(models, genotypes, {});
  std::vector<double> predicted, truth;
  for (std::size_t i = 0; i < genotypes.size(); ++i) {
    EXPECT_EQ(predictions[i].genotype, genotypes[i]);
    EXPECT_GT(predictions[i].u_deviation, 0);
    predicted.push_back(predictions[i].u);
    truth.push_back(40 * std::log10(SyntheticCells::true_accuracy(genotypes[i])));
  }
  EXPECT_GT(pearson_correlation(predicted, truth), 0.9);
}

TEST_F(CandidateModelsTest, PredictNoUForCandidatesThatAreRejected) {
  CandidateModels models(*cells.space, cells.performance);
  models.fit(history_of(20));
  const constraints::ConstraintSet rules =
      registry::ConstraintRegistry().create_all({{{"constraint", "max_params"}, {"bound", 1}}}, "test", "");
  const auto predictions = predict(models, fresh(2), rules);
  EXPECT_TRUE(predictions[0].assessment.rejected());
  EXPECT_FALSE(predictions[0].accuracy);
  EXPECT_EQ(predictions[0].u, 0);
}

TEST_F(CandidateModelsTest, IncumbentIsAtMostTheBestMeasuredU) {
  CandidateModels models(*cells.space, cells.performance);
  const ObservationHistory history = history_of(40);
  models.fit(history);
  ASSERT_TRUE(models.incumbent());
  EXPECT_LE(*models.incumbent(), *history.best_u());
  EXPECT_NEAR(*models.incumbent(), *history.best_u(), 1) << "dB; the observations have no noise";
}

TEST_F(CandidateModelsTest, ContinueFromTheirStateAsIfNeverInterrupted) {
  CandidateModels models(*cells.space, cells.performance);
  models.fit(history_of(10));
  CandidateModels restored(*cells.space, cells.performance);
  restored.restore(nlohmann::json::parse(models.state().dump()));
  restored.fit(history_of(10));
  models.fit(history_of(25));
  restored.fit(history_of(25));
  EXPECT_EQ(models.state(), restored.state());
  const auto a = predict(models, fresh(5), {}), b = predict(restored, fresh(5), {});
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].u, b[i].u);
}

}  // namespace
}  // namespace gensynth::surrogate
