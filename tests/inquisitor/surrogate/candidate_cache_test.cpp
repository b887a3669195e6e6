#include "inquisitor/surrogate/candidate_cache.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "constraints/registry/registry.hpp"
#include "generator/columnar/columnar_space.hpp"

namespace gensynth::surrogate {
namespace {

struct Rules {
  explicit Rules(const std::string& json) : set(registry.create_all(nlohmann::json::parse(json), "test", "")) {}
  registry::ConstraintRegistry registry;
  constraints::ConstraintSet set;
};

/// Hard and soft constraints of both stages without training; each is met by some samples.
const char* const kMixed = R"([
  {"constraint": "columnar", "hard": false},
  {"constraint": "no_strided_pointwise", "hard": true},
  {"constraint": "expression", "label": "small", "expression": "params < 3e6"},
  {"constraint": "expression", "label": "fast", "expression": "latency_ms < 60"},
  {"constraint": "expression", "label": "tiny", "expression": "macs < 1e3", "hard": false}])";
/// Constraints of which no hard one needs a latency.
const char* const kGraphOnly = R"([
  {"constraint": "expression", "label": "small", "expression": "params < 3e6"},
  {"constraint": "expression", "label": "fast", "expression": "latency_ms < 1e-3", "hard": false}])";

class CandidateCacheRules : public ::testing::TestWithParam<const char*> {
 protected:
  columnar::ColumnarSpace space;
  Rules rules{GetParam()};
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{rules.set, latency, accuracy};
};

TEST_P(CandidateCacheRules, JudgesAsItsAssessmentDoes) {
  const CandidateCache judging(space, assessor, 8);
  const CandidateCache both(space, assessor, 8);
  Rng rng(3);
  int feasible = 0;
  constexpr int kSamples = 300;
  for (int i = 0; i < kSamples; ++i) {
    const space::Genotype genotype = space.sample(rng);
    const bool rejected = assessor.assess(space.build(genotype)).rejected();
    EXPECT_EQ(judging.feasible(genotype), !rejected);
    EXPECT_EQ(judging.feasible(genotype), !rejected) << "remembered";
    EXPECT_EQ(both.get(genotype)->assessment.rejected(), rejected);
    EXPECT_EQ(both.feasible(genotype), !rejected) << "known from its assessment";
    feasible += rejected ? 0 : 1;
  }
  EXPECT_GT(feasible, 5);
  EXPECT_LT(feasible, kSamples - 5);
}

INSTANTIATE_TEST_SUITE_P(Sets, CandidateCacheRules, ::testing::Values(kMixed, kGraphOnly),
                         [](const auto& set) { return set.index == 0 ? "Mixed" : "GraphOnly"; });

TEST(CandidateCache, DescribesWhatIsNotRejected) {
  const columnar::ColumnarSpace space;
  const Rules rules(R"([{"constraint": "expression", "label": "small", "expression": "params < 3e6"}])");
  const latency::LatencyModel latency{latency::LatencyTarget{}};
  const accuracy::AccuracyModel accuracy;
  const assessment::StructuralAssessor assessor{rules.set, latency, accuracy};
  const CandidateCache cache(space, assessor);
  Rng rng(4);
  for (int i = 0; i < 20; ++i) {
    const space::Genotype genotype = space.sample(rng);
    const auto candidate = cache.get(genotype);
    EXPECT_EQ(candidate->description.values.empty(), candidate->assessment.rejected());
    EXPECT_EQ(cache.get(genotype), candidate) << "built once";
  }
}

}  // namespace
}  // namespace gensynth::surrogate
