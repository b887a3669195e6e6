#include "inquisitor/teaching/teaching.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "generator/make_space.hpp"

namespace gensynth::teaching {
namespace {

using nlohmann::json;

/// Cells of NAS-Bench-201; feasible ones begin with an answer below `feasible_below`, acquisition is the second answer.
class TeachingTest : public ::testing::Test {
 protected:
  TeachingInput input(int feasible_below) const {
    TeachingInput result;
    result.check_feasibility = [=](const std::vector<space::Genotype>& genotypes) {
      std::vector<char> feasible;
      for (const space::Genotype& g : genotypes) feasible.push_back(g[0] < feasible_below ? 1 : 0);
      return feasible;
    };
    result.predict = [=](const std::vector<space::Genotype>& genotypes) {
      std::vector<surrogate::CandidatePrediction> predictions;
      for (const space::Genotype& g : genotypes) {
        surrogate::CandidatePrediction p;
        p.genotype = g;
        p.acquisition = g[0] < feasible_below ? g[1] : -1e6;
        p.assessment.rejected_by = g[0] < feasible_below ? -1 : 0;
        predictions.push_back(std::move(p));
      }
      return predictions;
    };
    return result;
  }
  distribution::Generator taught(const TeachingResult& result) const {
    distribution::Generator copy = generator;
    copy.apply(result.delta);
    return copy;
  }
  double share_of(const distribution::Generator& of, std::size_t position, int answer) const {
    int count = 0;
    for (std::uint64_t i = 0; i < 300; ++i) count += of.sample(i)[position] == answer ? 1 : 0;
    return count / 300.0;
  }

  std::unique_ptr<space::SearchSpace> space = generator::make_space({{"kind", "nasbench201"}}, "test", "");
  distribution::Generator generator{*space};
  TeachingOptions options;
};

TEST_F(TeachingTest, LeadsTowardsHighAcquisitionValues) {
  TeachingInput in = input(5);
  in.models_fitted = true;
  in.nothing_evaluated = false;
  Rng rng(1);
  const TeachingResult result = teach(generator, in, rng, options);
  EXPECT_GT(share_of(taught(result), 1, 4), 0.6) << "0.2 before";
  EXPECT_EQ(result.candidates.size(), static_cast<std::size_t>(options.rounds * options.samples)) << "all are feasible";
  EXPECT_TRUE(result.feasible_examples.empty());
}

TEST_F(TeachingTest, TeachesNothingWhereMostIsFeasibleAndNothingIsKnown) {
  Rng rng(1);
  EXPECT_TRUE(teach(generator, input(5), rng, options).delta.empty());
}

TEST_F(TeachingTest, TeachesFeasibilityFirstWithExamples) {
  Rng rng(1);
  const TeachingResult result = teach(generator, input(1), rng, options);
  EXPECT_GT(share_of(taught(result), 0, 0), 0.9) << "0.2 before";
  EXPECT_EQ(result.feasible_examples.size(), 32U);
  for (const space::Genotype& example : result.feasible_examples) EXPECT_EQ(example[0], 0);
  for (const auto& candidate : result.candidates) EXPECT_EQ(candidate.genotype[0], 0) << "feasible ones only";
}

TEST_F(TeachingTest, LeadsTowardsTheBestEvaluated) {
  TeachingInput in = input(5);
  in.models_fitted = true;
  in.nothing_evaluated = false;
  const space::Genotype best{3, 0, 3, 3, 3, 3};
  const auto preference = [&](double memory, const std::vector<space::Genotype>& evaluated) {
    options.memory = memory;
    in.best_evaluated = evaluated;
    Rng rng(1);
    return taught(teach(generator, in, rng, options)).log_prob(best);
  };
  EXPECT_GT(preference(1, {best}), generator.log_prob(best) + 1);
  EXPECT_GT(preference(1, {best}), preference(0, {best}) + 1);
  EXPECT_EQ(preference(1, {}), preference(0, {})) << "without evaluated candidates memory does not count";
}

TEST_F(TeachingTest, IsDeterministic) {
  Rng first(3), second(3);
  EXPECT_EQ(teach(generator, input(2), first, options).delta.logits(),
            teach(generator, input(2), second, options).delta.logits());
  EXPECT_EQ(first(), second());
}

TEST(TeachingOptions, AreReadAsTheyAreWritten) {
  TeachingOptions options;
  options.rounds = 3;
  options.step = 0.1;
  EXPECT_EQ(to_json(teaching_options_from_json(json(to_json(options)), "job", "/teaching")), to_json(options));
  EXPECT_THROW((void)teaching_options_from_json({{"round", 3}}, "job", "/teaching"), std::exception);
}

}  // namespace
}  // namespace gensynth::teaching
