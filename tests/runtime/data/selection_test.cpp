#include "runtime/data/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data {
namespace {

using test::message_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// A source that has only names.
struct NamesOnly : Source {
  explicit NamesOnly(Listing given) : listing(std::move(given)) {}
  std::string identity() const override { return "names"; }
  Listing list() const override { return listing; }
  void read(const std::vector<Entry>&, int, const Sink&) const override {}
  Listing listing;
};

NamesOnly source(const std::vector<std::pair<std::string, bool>>& images) {
  Listing listing;
  for (const auto& [name, validation] : images) {
    listing.entries.push_back({name, name + std::to_string(listing.entries.size()), validation});
  }
  return NamesOnly(listing);
}

DataSpec all_classes() {
  DataSpec spec;
  spec.classes = 0;
  return spec;
}

TEST(Selection, PutsValidationFirstThenOrdersByClass) {
  const Selection found = select(source({{"b", false}, {"a", false}, {"a", true}, {"b", false}}), all_classes());
  EXPECT_THAT(found.class_names, ElementsAre("a", "b"));
  EXPECT_THAT(found.labels, ElementsAre(0, 0, 1, 1));
  EXPECT_TRUE(found.entries[0].validation);
}

TEST(Selection, CountsWhatItDoesNotTake) {
  DataSpec spec;
  spec.classes = 2;
  spec.images = 1;
  const Selection found = select(source({{"a", false}, {"a", false}, {"b", false}, {"c", false}, {"z", true}}), spec);
  EXPECT_EQ(found.entries.size(), 2U);
  EXPECT_EQ(found.contents.classes, 2);
  EXPECT_EQ(found.contents.classes_of_source, 3);
  EXPECT_EQ(found.contents.beyond_limit, 1);
  ASSERT_EQ(found.contents.ignored.size(), 1U);
  EXPECT_THAT(found.contents.ignored[0].reason, HasSubstr("training lacks"));
}

TEST(Selection, RefusesForeignClassesAndNamesThatAreNoText) {
  EXPECT_THAT(message_of([&] {
                select(source({{"a", false}, {"b", false}, {"z", true}}), all_classes());
              }),
              AllOf(HasSubstr("'z'"), HasSubstr("training lacks")));
  EXPECT_THAT(message_of([&] {
                select(source({{"a", false}, {"\xFF", false}}), all_classes());
              }),
              HasSubstr("no valid UTF-8"));
}

}  // namespace
}  // namespace gensynth::data
