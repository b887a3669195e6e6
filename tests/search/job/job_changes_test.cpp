#include "search/job/job_changes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::ThrowsMessage;

json effective(const json& text) { return to_json(job_from_json(text, "job")); }

TEST(JobChanges, AnotherWritingOfTheSameJobIsNoChange) {
  json text = testing::untrained_job();
  const json before = effective(text);
  text["batch"] = 8;  // the default, now visible
  const JobChanges changes = job_changes(before, effective(text));
  EXPECT_THAT(changes.budget, IsEmpty());
  EXPECT_THAT(changes.others, IsEmpty());
  EXPECT_NO_THROW(changes.refuse_all_but_budget("x", "y"));
}

TEST(JobChanges, TheBudgetIsToldFromWhatMayNotChange) {
  json text = testing::untrained_job();
  const json before = effective(text);
  text["budget"] = {{"trials", 30}, {"minutes", 5}};
  text["seed"] = 4;
  text["constraints"][0]["expression"] = "params < 1e6 or params < 2e6" + std::string(500, ' ');
  text["constraints"].push_back({{"constraint", "top1"}});
  Job now = job_from_json(text, "job");
  const JobChanges changes = job_changes(before, to_json(now));
  EXPECT_THAT(changes.budget, ::testing::UnorderedElementsAre("/budget/trials 12 -> 30", "/budget/minutes 0.0 -> 5.0"));
  EXPECT_THAT([&] { changes.refuse_all_but_budget("my.json: differs", "leave it"); },
              ThrowsMessage<Error>(AllOf(HasSubstr("my.json: differs: "), HasSubstr("/seed 3 -> 4"),
                                         HasSubstr("/constraints/0/expression \"params < 1e6\" -> \"params < 1e6 or"),
                                         HasSubstr("/constraints/1 (nothing) -> {"), HasSubstr("leave it"),
                                         Not(HasSubstr("budget/")), Not(HasSubstr(std::string(100, ' '))))));
  Budget held;
  held.trials = 64;
  held.keep = 7;
  now.budget.keep = 1;  // not changed in the file
  const Budget applied = changes.applied_to(held, now);
  EXPECT_EQ(applied.trials, 30);
  EXPECT_EQ(applied.minutes, 5);
  EXPECT_EQ(applied.keep, 7);
}

TEST(JobChanges, ManyAreCounted) {
  json before = json::object();
  json after = json::object();
  for (int i = 0; i < 20; ++i) after[std::to_string(i)] = i;
  EXPECT_THAT([&] { job_changes(before, after).refuse_all_but_budget("c", "a"); },
              ThrowsMessage<Error>(HasSubstr("and 12 more places")));
}

}  // namespace
}  // namespace gensynth::job
