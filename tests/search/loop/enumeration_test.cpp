#include "search/loop/enumeration.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "generator/make_space.hpp"

namespace gensynth::loop {
namespace {

std::unique_ptr<space::SearchSpace> cells() {
  return generator::make_space(generator::space_spec_from_json({{"kind", "nasbench201"}}, "test", ""));
}

TEST(Enumeration, VisitsEachGenotypeOnceInOrder) {
  const auto space = cells();
  Enumeration enumeration(*space);
  std::set<space::Genotype> seen;
  space::Genotype last;
  while (const auto genotype = enumeration.next()) {
    EXPECT_LT(last, *genotype);
    EXPECT_TRUE(space->contains(*genotype));
    last = *genotype;
    seen.insert(last);
  }
  EXPECT_EQ(static_cast<double>(seen.size()), std::round(std::pow(10, space->log10_size())));
}

TEST(Enumeration, ContinuesAfterAPosition) {
  const auto space = cells();
  Enumeration first(*space);
  for (int i = 0; i < 1000; ++i) (void)first.next();
  Enumeration second(*space);
  second.go_to(*first.position());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first.next(), second.next());
}

/// Decisions that depend on earlier answers.
TEST(Enumeration, FollowsDependentDecisions) {
  const auto space =
      generator::make_space(generator::space_spec_from_json({{"kind", "columnar"}, {"px", 32}}, "test", ""));
  Enumeration enumeration(*space);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(space->contains(*enumeration.next()));
}

}  // namespace
}  // namespace gensynth::loop
