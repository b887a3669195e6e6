#include "search/report/runs/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gensynth::report::runs {
namespace {

using ::testing::HasSubstr;

TEST(Progress, LineShowsCountsAndBest) {
  loop::SearchProgress progress;
  progress.done = 3;
  progress.target = 12;
  progress.counts = {{trial::TrialState::scored, 2}, {trial::TrialState::failed, 1}};
  EXPECT_THAT(progress_line(progress, 0), HasSubstr("3/12 | 2 scored 1 failed | no feasible one yet"));
  trial::Trial best;
  best.id = 7;
  best.u = 50.123;
  progress.best = best;
  progress.eta = 90;
  const std::string line = progress_line(progress, 120);
  EXPECT_THAT(line, HasSubstr("best #7 U 50.12"));
  EXPECT_THAT(line, HasSubstr("1 m 30 s left"));
  EXPECT_THAT(line, HasSubstr("[======                  ]"));
  progress.done = 30;  // a run that was given a smaller budget
  EXPECT_THAT(progress_line(progress, 120), HasSubstr("[========================]"));
}

}  // namespace
}  // namespace gensynth::report::runs
