#include "architecture/stage.hpp"

#include <gtest/gtest.h>

#include "architecture/base/error.hpp"

namespace gensynth {
namespace {

constexpr Stage kAll[] = {Stage::none, Stage::graph, Stage::latency, Stage::plugin, Stage::probe, Stage::proxy};

TEST(Stage, NamesAreReadBack) {
  for (const Stage stage : kAll) EXPECT_EQ(stage_from_string(to_string(stage)), stage);
  EXPECT_THROW(stage_from_string("Graph"), Error);
}

TEST(Stage, NamesSortInTheOrderOfTheStages) {
  for (const Stage a : kAll) {
    for (const Stage b : kAll) EXPECT_EQ(a < b, std::string(to_string(a)) < to_string(b));
  }
}

}  // namespace
}  // namespace gensynth
