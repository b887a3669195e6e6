#include "generator/space/search_space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "architecture/base/error.hpp"
#include "generator/columnar/columnar_space.hpp"

namespace gensynth::space {
namespace {

using ::testing::HasSubstr;

/// a in 0..2; when a is 2, also b in 0..3; then c in 0..1.
class TinySpace : public SearchSpace {
 public:
  const std::string& name() const override { return name_; }
  void walk(Chooser& chooser) const override {
    if (chooser.choose({"a", 3, true}) == 2) chooser.choose({"b", 4, true});
    chooser.choose({"c", 2, false});
  }
  Architecture build(const Genotype&) const override { throw Error("not needed here"); }
  std::string label(const Decision&, int choice) const override { return std::to_string(choice); }
  double log10_size() const override { return 1; }

 private:
  std::string name_ = "tiny";
};

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(SearchSpace, NextFollowsAPrefix) {
  const TinySpace space;
  EXPECT_EQ(space.next({})->name, "a");
  const Genotype two{2};
  EXPECT_EQ(space.next(two)->name, "b");
  EXPECT_EQ(space.next(two)->choices, 4);
  EXPECT_TRUE(space.next(two)->ordinal);
  const Genotype one{1};
  EXPECT_EQ(space.next(one)->name, "c");
  const Genotype complete{2, 3, 1};
  EXPECT_FALSE(space.next(complete).has_value());
}

TEST(SearchSpace, NextRefusesWhatIsNoPrefix) {
  const TinySpace space;
  const Genotype high{3};
  EXPECT_THAT(message_of([&] { space.next(high); }), HasSubstr("answer 3 at position 0 (a) is out of range"));
  const Genotype negative{2, -1};
  EXPECT_THAT(message_of([&] { space.next(negative); }), HasSubstr("answer -1 at position 1 (b)"));
  const Genotype longer{1, 1, 0};
  EXPECT_THAT(message_of([&] { space.next(longer); }), HasSubstr("complete after 2"));
}

TEST(SearchSpace, DecisionsNameEveryAnswer) {
  const TinySpace space;
  const std::vector<Decision> asked = space.decisions({2, 0, 1});
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked[1].name, "b");
  EXPECT_EQ(asked[2].name, "c");
  EXPECT_THROW(space.decisions({2, 0}), Error);
  EXPECT_THROW(space.decisions({0, 0, 0}), Error);
}

TEST(SearchSpace, ContainsExactlyTheCompleteGenotypes) {
  const TinySpace space;
  std::set<Genotype> contained;
  for (int a = -1; a < 4; ++a) {
    for (int b = -1; b < 5; ++b) {
      if (space.contains({a, b})) contained.insert({a, b});
      for (int c = -1; c < 3; ++c) {
        if (space.contains({a, b, c})) contained.insert({a, b, c});
      }
    }
  }
  EXPECT_EQ(contained.size(), 2U * 2U + 4U * 2U);  // a in {0, 1} with c; a = 2 with b and c
  EXPECT_FALSE(space.contains({}));
}

TEST(SearchSpace, SamplingIsUniformOverTheChoicesOfEachDecision) {
  const TinySpace space;
  Rng rng(1);
  std::map<Genotype, int> counts;
  constexpr int kDraws = 24'000;
  for (int i = 0; i < kDraws; ++i) ++counts[space.sample(rng)];
  EXPECT_EQ(counts.size(), 12U);
  for (const auto& [genotype, count] : counts) {
    const double expected = kDraws / (genotype.size() == 3 ? 24.0 : 6.0);
    EXPECT_NEAR(count, expected, 5 * std::sqrt(expected)) << ::testing::PrintToString(genotype);
  }
}

TEST(SearchSpace, RepairClampsDropsAndDraws) {
  const TinySpace space;
  Rng rng(1);
  EXPECT_EQ(space.repair({9, 9, 9, 9}, rng), (Genotype{2, 3, 1}));
  EXPECT_EQ(space.repair({-5, -5, 7}, rng), (Genotype{0, 0}));
  std::set<Genotype> completed;
  for (int i = 0; i < 100; ++i) completed.insert(space.repair({2}, rng));
  EXPECT_EQ(completed.size(), 8U);
  for (const Genotype& genotype : completed) EXPECT_TRUE(space.contains(genotype));
}

TEST(SearchSpace, RepairLeavesValidGenotypesAlone) {
  const columnar::ColumnarSpace space;
  Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    const Genotype genotype = space.sample(rng);
    EXPECT_EQ(space.repair(genotype, rng), genotype);
  }
}

TEST(SearchSpace, StepsOfNextSpellTheGenotype) {
  const columnar::ColumnarSpace space;
  Rng rng(4);
  const Genotype genotype = space.sample(rng);
  const std::vector<Decision> asked = space.decisions(genotype);
  ASSERT_EQ(asked.size(), genotype.size());
  for (std::size_t i = 0; i < genotype.size(); ++i) {
    const auto decision = space.next(std::span(genotype.data(), i));
    ASSERT_TRUE(decision.has_value());
    EXPECT_EQ(decision->name, asked[i].name);
    EXPECT_EQ(decision->choices, asked[i].choices);
  }
  EXPECT_FALSE(space.next(genotype).has_value());
}

TEST(GenotypeChooser, SaysWhichAnswerIsWrong) {
  const TinySpace space;
  EXPECT_THAT(message_of([&] { space.decisions({2, 7, 0}); }), HasSubstr("answer 7 at position 1 (b)"));
  EXPECT_THAT(message_of([&] { space.decisions({2}); }), HasSubstr("asks for 'b' next"));
}

TEST(GenericName, DropsNumbers) {
  EXPECT_EQ(generic_name("stage2.column13.width"), "stage#.column#.width");
  EXPECT_EQ(generic_name("edge0-1"), "edge#-#");
  EXPECT_EQ(generic_name("head.width"), "head.width");
}

}  // namespace
}  // namespace gensynth::space
