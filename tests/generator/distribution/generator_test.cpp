#include "generator/distribution/generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/hash.hpp"
#include "generator/columnar/columnar_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::distribution {
namespace {

/// A generator that was taught.
void teach(Generator& generator, std::uint64_t seed, const Condition& condition = {}) {
  for (std::uint64_t i = 0; i < 5; ++i) {
    generator.apply(generator.gradient(generator.sample(seed + i), 0.3 * static_cast<double>(i) - 0.4, condition));
  }
}

TEST(Generator, BeginsAsTheUniformPrior) {
  const nasbench201::NasBench201Space space;
  const Generator generator(space);
  EXPECT_NEAR(generator.log_prob({0, 1, 2, 3, 4, 0}), -6 * std::log(5), 1e-12);
  EXPECT_NEAR(generator.entropy(20, 1), 6 * std::log(5), 1e-9);
  for (const double p : generator.probabilities({})) EXPECT_NEAR(p, 0.2, 1e-15);
}

TEST(Generator, ProbabilitiesSumToOneOverTheWholeSpace) {
  const nasbench201::NasBench201Space space;
  Generator generator(space);
  teach(generator, 1);
  double sum = 0;
  space::Genotype genotype(6, 0);
  for (int i = 0; i < 15'625; ++i) {
    int rest = i;
    for (int& answer : genotype) {
      answer = rest % 5;
      rest /= 5;
    }
    sum += std::exp(generator.log_prob(genotype));
  }
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(Generator, LogProbIsTheProductOfItsProbabilities) {
  const columnar::ColumnarSpace space;
  Generator generator(space);
  teach(generator, 2);
  const space::Genotype genotype = generator.sample(99);
  double sum = 0;
  for (std::size_t i = 0; i < genotype.size(); ++i) {
    const auto p = generator.probabilities(std::span(genotype.data(), i));
    sum += std::log(p[static_cast<std::size_t>(genotype[i])]);
  }
  EXPECT_NEAR(generator.log_prob(genotype), sum, 1e-9);
  EXPECT_TRUE(generator.probabilities(genotype).empty());
}

TEST(Generator, SamplesAsItsProbabilitiesSay) {
  const nasbench201::NasBench201Space space;
  Generator generator(space);
  const space::Genotype elite{3, 1, 3, 2, 4, 0};
  for (int i = 0; i < 4; ++i) generator.apply(generator.gradient(elite, 0.5));
  const std::vector<double> expected = generator.probabilities({});
  std::vector<int> counts(expected.size(), 0);
  constexpr int kDraws = 10'000;
  for (std::uint64_t i = 0; i < kDraws; ++i) ++counts[static_cast<std::size_t>(generator.sample(i)[0])];
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double mean = kDraws * expected[i];
    EXPECT_NEAR(counts[i], mean, 5 * std::sqrt(mean) + 1);
  }
}

void expect_gradient(const space::SearchSpace& space, const Condition& condition) {
  Generator generator(space);
  teach(generator, 3, condition);
  const space::Genotype genotype = generator.sample(7, condition);
  const GeneratorDelta gradient = generator.gradient(genotype, 1, condition);
  constexpr double kStep = 1e-5;
  int checked = 0;
  for (const auto& entry : gradient.logits()) {
    const auto& key = entry.first;
    const auto& values = entry.second;
    if (++checked > 60) break;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto shifted = [&](double step) {
        std::vector<double> shift(values.size(), 0.0);
        shift[i] = step;
        Generator other(space);
        other.restore(generator.state());
        other.apply({{{key, shift}}});
        return other.log_prob(genotype, condition);
      };
      EXPECT_NEAR((shifted(kStep) - shifted(-kStep)) / (2 * kStep), values[i], 1e-6) << key << " " << i;
    }
  }
}

TEST(Generator, GradientMatchesFiniteDifferences) {
  expect_gradient(nasbench201::NasBench201Space(), {});
  expect_gradient(nasbench201::NasBench201Space(), {12.5});
  columnar::Options small;
  small.max_stages = small.min_stages = 2;
  small.max_columns = 2;
  expect_gradient(columnar::ColumnarSpace(small), {3.0});
}

TEST(Generator, GradientScales) {
  const nasbench201::NasBench201Space space;
  const Generator generator(space);
  const space::Genotype genotype{0, 1, 2, 3, 4, 0};
  const GeneratorDelta one = generator.gradient(genotype, 1);
  const GeneratorDelta minus_two = generator.gradient(genotype, -2);
  const Logits::ByName negated = minus_two.logits();
  for (const auto& [key, values] : one.logits()) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(negated.at(key)[i], -2 * values[i], 1e-15);
    }
  }
}

TEST(Generator, ElitesBecomeLikelierAndEntropyFalls) {
  const columnar::ColumnarSpace space;
  Generator generator(space);
  const space::Genotype elite = generator.sample(1);
  double before = generator.log_prob(elite);
  const double first_entropy = generator.entropy(20, 1);
  for (int i = 0; i < 20; ++i) {
    generator.apply(generator.gradient(elite, 0.1));
    const double after = generator.log_prob(elite);
    EXPECT_GT(after, before);
    before = after;
  }
  EXPECT_LT(generator.entropy(20, 1), 0.8 * first_entropy);
  EXPECT_GT(generator.entropy(20, 1), 0);
}

TEST(Generator, SimilarPlacesShareWhatOneLearns) {
  const columnar::ColumnarSpace space;
  Generator generator(space);
  const space::Genotype elite = generator.sample(1);
  const std::vector<space::Decision> asked = space.decisions(elite);
  generator.apply({{{"stage#.column#.depth:3", {0, 0, 2}}}});
  for (std::size_t i = 0; i < elite.size(); ++i) {
    if (space::generic_name(asked[i].name) != "stage#.column#.depth") continue;
    EXPECT_GT(generator.probabilities(std::span(elite.data(), i))[2], 0.7);
  }
}

TEST(Generator, TeachingAtALatencyAffectsSamplesNearIt) {
  const nasbench201::NasBench201Space space;
  Generator generator(space);
  const space::Genotype light{1, 0, 0, 1, 0, 0};
  const space::Genotype heavy{3, 3, 3, 3, 3, 3};
  for (int i = 0; i < 30; ++i) {
    generator.apply(generator.gradient(light, 0.05, {4.0}));
    generator.apply(generator.gradient(heavy, 0.05, {70.0}));
  }
  EXPECT_GT(generator.log_prob(light, {4.0}), generator.log_prob(light, {70.0}) + 1);
  EXPECT_GT(generator.log_prob(heavy, {70.0}), generator.log_prob(heavy, {4.0}) + 1);
  EXPECT_GT(generator.log_prob(heavy, {75.0}), generator.log_prob(heavy, {4.2}) + 1);  // in between, interpolated
  EXPECT_THROW(generator.sample(1, {0.0}), Error);
  EXPECT_THROW(generator.sample(1, {-3.0}), Error);
}

TEST(Generator, SamplesAreDeterministicAndDifferBySeed) {
  const columnar::ColumnarSpace space;
  const Generator generator(space);
  std::set<std::string> networks;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const space::Genotype genotype = generator.sample(seed);
    EXPECT_EQ(generator.sample(seed), genotype);
    EXPECT_TRUE(space.contains(genotype));
    networks.insert(to_string(canonical_hash(space.build(genotype))));
  }
  EXPECT_EQ(networks.size(), 20U);
}

TEST(Generator, StateRoundTripsExactlyThroughText) {
  const columnar::ColumnarSpace space;
  Generator generator(space);
  teach(generator, 4, {10.0 / 3});
  Generator restored(space);
  restored.restore(nlohmann::json::parse(generator.state().dump()));
  EXPECT_EQ(restored.state(), generator.state());
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const space::Genotype genotype = generator.sample(seed, {5.0});
    EXPECT_EQ(restored.sample(seed, {5.0}), genotype);
    EXPECT_EQ(restored.log_prob(genotype), generator.log_prob(genotype));  // to the last bit
  }
}

TEST(Generator, RefusesForeignStatesAndMalformedDeltas) {
  const nasbench201::NasBench201Space cells;
  const columnar::ColumnarSpace columns;
  columnar::Options fewer;
  fewer.max_columns = 2;
  const columnar::ColumnarSpace narrower(fewer);
  Generator generator(cells);
  Generator narrow(narrower);
  EXPECT_THROW(generator.restore(Generator(columns).state()), Error);
  EXPECT_THROW(narrow.restore(Generator(columns).state()), Error);
  nlohmann::json state = generator.state();
  state["logits"]["edge#-#:5"] = {1, 2};
  EXPECT_THROW(generator.restore(state), Error);
  state["logits"]["edge#-#:5"] = {1, 2, 3, 4, "5"};
  EXPECT_THROW(generator.restore(state), Error);
  state = generator.state();
  state["surplus"] = 1;
  EXPECT_THROW(generator.restore(state), Error);

  const double before = generator.log_prob({0, 0, 0, 0, 0, 0});
  EXPECT_THROW(generator.apply({{{"edge#-#:5", {1, 2, 3}}}}), Error);
  EXPECT_THROW(generator.apply({{{"edge#-#", {1, 2, 3}}}}), Error);
  EXPECT_THROW(generator.apply({{{"edge#-#:5", {1, 0, 0, 0, 0}}, {"edge0-1:5", {NAN, 0, 0, 0, 0}}}}), Error);
  EXPECT_EQ(generator.log_prob({0, 0, 0, 0, 0, 0}), before);  // all or nothing
  EXPECT_THROW(generator.log_prob({0, 0}), Error);
  EXPECT_THROW(generator.log_prob({0, 0, 0, 0, 0, 5}), Error);
}

}  // namespace
}  // namespace gensynth::distribution
