#include "generator/distribution/mixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "generator/columnar/columnar_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::distribution {
namespace {

using ::testing::HasSubstr;

class MixtureTest : public ::testing::Test {
 protected:
  /// A part that all but always emits one cell.
  Generator at(const space::Genotype& genotype) const {
    Generator generator(cells);
    for (int i = 0; i < 60; ++i) generator.apply(generator.gradient(genotype, 2));
    return generator;
  }
  const nasbench201::NasBench201Space cells;
  const space::Genotype one{0, 1, 2, 3, 4, 0};
  const space::Genotype two{4, 3, 2, 1, 0, 4};
};

TEST_F(MixtureTest, SamplesPartsByTheirWeightsAndNothingBetweenThem) {
  Mixture mixture(cells);
  mixture.add(at(one), 3);
  mixture.add(at(two), 1);
  EXPECT_NEAR(mixture.weight(0), 0.75, 1e-12);
  int ones = 0;
  int others = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const space::Genotype sample = mixture.sample(seed);
    EXPECT_EQ(sample, mixture.sample(seed));
    ones += sample == one ? 1 : 0;
    others += sample != one && sample != two ? 1 : 0;
  }
  EXPECT_NEAR(ones, 750, 60);
  EXPECT_LT(others, 60) << "a single generator with these marginals would seldom emit either";
}

TEST_F(MixtureTest, ItsProbabilityIsTheWeightedSumOfItsParts) {
  Mixture mixture(cells);
  mixture.add(at(one), 1);
  mixture.add(Generator(cells), 4);
  mixture.add(at(two), 5);
  for (const space::Genotype& genotype : {one, two, space::Genotype{1, 1, 1, 1, 1, 1}}) {
    double expected = 0;
    for (std::size_t i = 0; i < mixture.size(); ++i) {
      expected += mixture.weight(i) * std::exp(mixture.part(i).log_prob(genotype));
    }
    EXPECT_NEAR(mixture.log_prob(genotype), std::log(expected), 1e-9);
  }
}

TEST_F(MixtureTest, GoesToAndFromJson) {
  Mixture mixture(cells);
  mixture.add(at(one), 0.3);
  mixture.add(at(two), 0.9);
  Mixture restored(cells);
  restored.restore(nlohmann::json::parse(mixture.state().dump()));
  EXPECT_EQ(restored.state(), mixture.state());
  for (std::uint64_t seed = 0; seed < 50; ++seed) EXPECT_EQ(restored.sample(seed), mixture.sample(seed));
}

TEST_F(MixtureTest, RefusesWhatIsNotOfItsSpaceAndKeepsWhatItHas) {
  Mixture mixture(cells);
  mixture.add(at(one), 1);
  const nlohmann::json before = mixture.state();
  const columnar::ColumnarSpace columns;
  Mixture other(columns);
  other.add(Generator(columns), 1);
  nlohmann::json empty = before;
  empty["parts"] = nlohmann::json::array();
  for (const nlohmann::json& bad : {other.state(), empty, nlohmann::json{{"format", "gensynth.generator"}}}) {
    EXPECT_THROW(mixture.restore(bad), Error) << bad.dump().substr(0, 80);
    EXPECT_EQ(mixture.state(), before);
  }
  try {
    mixture.add(Generator(cells), 0);
    FAIL() << "a part that is never sampled";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("weight"));
  }
}

}  // namespace
}  // namespace gensynth::distribution
