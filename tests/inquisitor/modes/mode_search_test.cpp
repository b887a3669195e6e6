#include "inquisitor/modes/mode_search.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "generator/columnar/columnar_space.hpp"

namespace gensynth::modes {
namespace {

/// The columnar space with a value that has many local optima: the answers count more the more of their neighbours they
/// agree with. Genotypes whose first answer is the last choice are infeasible.
class ModeSearchTest : public ::testing::Test {
 protected:
  std::optional<double> value(const space::Genotype& genotype) const {
    const std::vector<space::Decision> decisions = space.decisions(genotype);
    if (genotype[0] == decisions[0].choices - 1) return std::nullopt;
    double sum = 0;
    for (std::size_t i = 1; i < genotype.size(); ++i) {
      sum += genotype[i] % 3 == genotype[i - 1] % 3 ? 1 + 0.01 * genotype[i] : 0;
    }
    return 10 * sum / static_cast<double>(genotype.size());
  }
  Evaluate evaluate() {
    return [this](const std::vector<space::Genotype>& genotypes) {
      evaluated += static_cast<int>(genotypes.size());
      std::vector<std::optional<double>> values;
      for (const space::Genotype& genotype : genotypes) values.push_back(value(genotype));
      return values;
    };
  }
  const columnar::ColumnarSpace space;
  const distribution::Generator generator{space};
  int evaluated = 0;
};

TEST_F(ModeSearchTest, FindsMoreThanSamplesAndManyStructures) {
  ModeSearch search(space);
  Rng rng(1);
  search.run(4000, generator, evaluate(), rng);
  EXPECT_NEAR(evaluated, 4000, 16);
  double sampled = 0;
  for (int i = 0; i < 4000; ++i) sampled = std::max(sampled, value(space.sample(rng)).value_or(0));
  ASSERT_GT(search.modes().size(), 20U);
  EXPECT_GT(search.modes().front().value, sampled + 1);
  EXPECT_GT(search.modes()[19].value, sampled) << "not only the best one";
  for (const Mode& mode : search.modes()) EXPECT_EQ(value(mode.genotype), mode.value) << "and all are feasible";
}

TEST_F(ModeSearchTest, BeginsElsewhereAndKeepsTheBest) {
  ModeSearchOptions options;
  options.epoch = 320;
  ModeSearch search(space, options);
  Rng rng(2);
  double best = 0;
  for (int i = 0; i < 10; ++i) {
    search.run(320, generator, evaluate(), rng);
    EXPECT_GE(search.modes().front().value, best);
    best = search.modes().front().value;
    EXPECT_EQ(search.state().at("young").empty(), i % 2 == 1) << "half of the evaluations belong to the second one";
  }
}

TEST_F(ModeSearchTest, GoesOnFromItsState) {
  ModeSearch whole(space);
  Rng rng(3);
  whole.run(640, generator, evaluate(), rng);
  ModeSearch restored(space);
  restored.restore(nlohmann::json::parse(whole.state().dump()));
  Rng same = rng_from_state(rng_state(rng));
  whole.run(640, generator, evaluate(), rng);
  restored.run(640, generator, evaluate(), same);
  EXPECT_EQ(restored.state(), whole.state());
}

TEST_F(ModeSearchTest, ValuesOfAModelThatChangedAreTakenAnew) {
  ModeSearch search(space);
  Rng rng(4);
  search.run(640, generator, evaluate(), rng);
  const Evaluate changed = [this](const std::vector<space::Genotype>& genotypes) {
    std::vector<std::optional<double>> values;
    for (const space::Genotype& genotype : genotypes) {
      const std::optional<double> before = value(genotype);
      values.push_back(before && *before > 6 ? std::nullopt : before);
    }
    return values;
  };
  ASSERT_GT(search.modes().front().value, 6);
  search.reevaluate(changed);
  ASSERT_FALSE(search.modes().empty());
  EXPECT_LE(search.modes().front().value, 6);
}

}  // namespace
}  // namespace gensynth::modes
