#include "inquisitor/surrogate/acquisition.hpp"

#include <gtest/gtest.h>

#include "inquisitor/assessment/expected_improvement.hpp"
#include "tests/inquisitor/surrogate/synthetic_cells.hpp"

namespace gensynth::surrogate {
namespace {

TEST(UncertaintyInflation, GrowsWhileNoNewBestComes) {
  EXPECT_EQ(uncertainty_inflation(0), 1);
  EXPECT_EQ(uncertainty_inflation(10), 1);
  EXPECT_DOUBLE_EQ(uncertainty_inflation(20), 1.5);
  EXPECT_DOUBLE_EQ(uncertainty_inflation(50), 3);
  EXPECT_DOUBLE_EQ(uncertainty_inflation(70), 4);
  EXPECT_DOUBLE_EQ(uncertainty_inflation(1000), 4);
}

class AcquisitionTest : public ::testing::Test {
 protected:
  AcquisitionTest() {
    Rng rng(1);
    for (int i = 1; i <= 30; ++i) {
      Observation observation = cells.observation(cells.space->sample(rng), i);
      observation.latency_ms = 10 + i;
      acquisition.observe(observation);
      history.add(std::move(observation));
    }
    models.fit(history);
  }
  /// A prediction of this accuracy, whose standard deviation is that of `deviation` transformed units.
  CandidatePrediction prediction(double accuracy, double deviation, double latency_ms) const {
    CandidatePrediction result;
    result.accuracy = GaussianPrediction{models.accuracy().transform()(std::log10(accuracy)), deviation};
    result.u = 40 * std::log10(accuracy);
    result.assessment.metrics.set("latency_ms", Quantity::exact(latency_ms, "ms"));
    return result;
  }
  CandidatePrediction evaluated(const CandidatePrediction& prediction, double inflation = 1) const {
    std::vector<CandidatePrediction> predictions{prediction};
    acquisition.evaluate(predictions, models, inflation);
    return predictions[0];
  }

  SyntheticCells cells;
  ObservationHistory history;
  CandidateModels models{*cells.space, cells.performance};
  Acquisition acquisition;
};

TEST_F(AcquisitionTest, OfACertainPredictionIsTheImprovement) {
  EXPECT_NEAR(evaluated(prediction(75, 0, 20)).acquisition, 40 * std::log10(75) - *models.incumbent(), 0.05);
  EXPECT_EQ(evaluated(prediction(41, 0, 20)).acquisition, 0);
}

TEST_F(AcquisitionTest, RisesWithUncertaintyAndWithItsInflation) {
  const double sure = evaluated(prediction(60, 0.1, 20)).acquisition;
  const double unsure = evaluated(prediction(60, 0.8, 20)).acquisition;
  EXPECT_GT(unsure, sure);
  EXPECT_GT(evaluated(prediction(60, 0.8, 20), 2).acquisition, unsure);
}

TEST_F(AcquisitionTest, FallsWithTheDistanceToFeasible) {
  CandidatePrediction near = prediction(99, 1, 20);
  constraints::Verdict verdict;
  verdict.satisfied = false;
  verdict.bound = 1;
  verdict.violation = 0.1;
  near.assessment.verdicts = {verdict};
  near.assessment.rejected_by = 0;
  near.assessment.stage = Stage::latency;
  CandidatePrediction far = near, early = near;
  far.assessment.verdicts[0].violation = 0.7;
  early.assessment.stage = Stage::graph;
  EXPECT_LT(evaluated(near).acquisition, -1e5);
  EXPECT_LT(evaluated(far).acquisition, evaluated(near).acquisition);
  EXPECT_LT(evaluated(early).acquisition, evaluated(far).acquisition) << "the latency stage was not reached";
  EXPECT_EQ(evaluated(near).expected_hypervolume_improvement, 0);
}

TEST_F(AcquisitionTest, HypervolumeGrowsByWhatTheFrontDoesNotDominate) {
  EXPECT_GT(evaluated(prediction(75, 0, 9)).expected_hypervolume_improvement, 0) << "faster and better than all";
  EXPECT_EQ(evaluated(prediction(41, 0, 39)).expected_hypervolume_improvement, 0) << "dominated";
  EXPECT_EQ(evaluated(prediction(99, 0, 500)).expected_hypervolume_improvement, 0) << "beyond the reference point";
}

TEST_F(AcquisitionTest, IsWeightedByTheProbabilityOfFeasibility) {
  CandidatePrediction likely = prediction(75, 0.1, 9);
  likely.feasibility = 0.25;
  EXPECT_DOUBLE_EQ(evaluated(likely).expected_hypervolume_improvement,
                   0.25 * evaluated(prediction(75, 0.1, 9)).expected_hypervolume_improvement);
}

}  // namespace
}  // namespace gensynth::surrogate
