#include "inquisitor/modes/mode_archive.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "generator/columnar/columnar_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::modes {
namespace {

class ModeArchiveTest : public ::testing::Test {
 protected:
  const nasbench201::NasBench201Space cells;
  ModeArchive archive{cells, 3, 0.2};  // cells that differ in one of six decisions are variants
};

TEST_F(ModeArchiveTest, KeepsTheBestOfEachStructure) {
  EXPECT_TRUE(archive.add({0, 0, 0, 0, 0, 0}, 1));
  EXPECT_FALSE(archive.add({0, 0, 0, 0, 0, 1}, 0.5)) << "a worse variant";
  EXPECT_TRUE(archive.add({0, 0, 0, 0, 0, 2}, 2)) << "a better one";
  ASSERT_EQ(archive.modes().size(), 1U);
  EXPECT_EQ(archive.modes()[0].genotype.back(), 2);
  EXPECT_TRUE(archive.add({0, 0, 0, 0, 1, 1}, 0.1)) << "another structure";
  EXPECT_EQ(archive.modes().size(), 2U);
  EXPECT_TRUE(archive.add({0, 0, 0, 0, 0, 1}, 3)) << "is within the radius of both";
  EXPECT_EQ(archive.modes().size(), 1U);
}

TEST_F(ModeArchiveTest, OfTooManyStructuresTheWorstGo) {
  EXPECT_TRUE(archive.add({0, 0, 0, 0, 0, 0}, 1));
  EXPECT_TRUE(archive.add({1, 1, 1, 1, 1, 1}, 3));
  EXPECT_TRUE(archive.add({2, 2, 2, 2, 2, 2}, 2));
  EXPECT_FALSE(archive.add({3, 3, 3, 3, 3, 3}, 0.5));
  EXPECT_TRUE(archive.add({4, 4, 4, 4, 4, 4}, 2.5));
  std::vector<double> values;
  for (const Mode& mode : archive.modes()) values.push_back(mode.value);
  EXPECT_EQ(values, (std::vector<double>{3, 2.5, 2}));
}

TEST(ModeArchive, ModesDifferPairwiseWhateverCameIn) {
  const columnar::ColumnarSpace space;
  ModeArchive archive(space, 20);
  Rng rng(1);
  space::Genotype walk = space.sample(rng);
  double best = -1;
  for (int i = 0; i < 400; ++i) {
    walk = space.mutate(walk, 1 + below(rng, 4), rng);
    const double value = uniform01(rng);
    best = std::max(best, value);
    (void)archive.add(walk, value);
  }
  const std::vector<Mode>& modes = archive.modes();
  EXPECT_GT(modes.size(), 3U);
  EXPECT_EQ(modes.front().value, best);
  for (std::size_t i = 0; i < modes.size(); ++i) {
    if (i > 0) {
      EXPECT_LE(modes[i].value, modes[i - 1].value);
    }
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_GE(modes[i].structure.distance(modes[j].structure), space::kDifferentStructure);
    }
  }
  ModeArchive restored(space, 20);
  restored.restore(nlohmann::json::parse(archive.state().dump()));
  EXPECT_EQ(restored.state(), archive.state());
}

}  // namespace
}  // namespace gensynth::modes
