#include "search/loop/weight_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gensynth::loop {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

trial::Trial finished(std::int64_t id, double u, bool feasible = true) {
  trial::Trial trial;
  trial.id = id;
  trial.u = u;
  trial.feasible = feasible;
  return trial;
}

TEST(WeightFiles, KeepsThoseOfTheHighestU) {
  std::vector<std::int64_t> removed;
  WeightFiles files(2, [&](std::int64_t trial) { removed.push_back(trial); });
  files.on_trial_finished(finished(1, 5));
  files.on_trial_finished(finished(2, 7));
  EXPECT_THAT(removed, IsEmpty());
  files.on_trial_finished(finished(3, 6));
  files.on_trial_finished(finished(4, 9, false));
  EXPECT_THAT(removed, ElementsAre(1, 4));
}

TEST(WeightFiles, LimitSparesTheTrialThatIsNamed) {
  std::vector<std::int64_t> removed;
  WeightFiles files(3, [&](std::int64_t trial) { removed.push_back(trial); });
  for (std::int64_t id = 1; id <= 3; ++id) files.on_trial_finished(finished(id, static_cast<double>(id)));
  files.limit(1, 1);
  EXPECT_THAT(removed, ElementsAre(2));
}

}  // namespace
}  // namespace gensynth::loop
