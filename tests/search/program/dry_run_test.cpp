// `search --dry-run` finds what would stop the search, and leaves nothing behind.
#include <gmock/gmock.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class DryRunProgram : public Program {
 protected:
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) count += entry.exists() ? 1 : 0;
    return count;
  }
};

TEST_F(DryRunProgram, MeasuresTheSpeedOfTrainingAndLeavesNothing) {
  json job = tiny_job();
  job["budget"]["trials"] = 100;
  write("job.json", job);
  const std::size_t before = files();
  const Result result = run("search job.json --dry-run --workers 2 --out sub/run");
  EXPECT_EQ(result.code, 0) << result.text;
  EXPECT_THAT(result.text, AllOf(HasSubstr("training speed on"), HasSubstr("with 2 workers"), HasSubstr("data: ")));
  EXPECT_THAT(result.text, ContainsRegex("expected time: .* predicted \\[.*, .*\\]"));
  EXPECT_THAT(result.text, ContainsRegex("disk: at most .* predicted in sub/run; .* are free there"));
  EXPECT_EQ(files(), before);
}

TEST_F(DryRunProgram, FindsWhatWouldStopTheSearch) {
  struct Case {
    json change;
    std::string environment;
    std::string message;
  };
  const Case cases[] = {
      {{{"data", {{"kind", "folder"}, {"path", "no/images"}, {"px", 32}}}}, "", "no/images"},
      {{{"proxy", {{"device", "cuda:77"}}}}, "", "cuda:77"},
      {json::object(), "GENSYNTH_TORCH_PROGRAM=/no/program ", "/no/program"},
      {{{"constraints", {{{"constraint", "hostile"}, {"plugin", "none.so"}}}}}, "", "none.so"},
  };
  for (const Case& each : cases) {
    json job = tiny_job();
    for (const auto& [key, value] : each.change.items()) {
      if (key == "proxy") {
        job[key].update(value);
      } else {
        job[key] = value;
      }
    }
    write("job.json", job);
    if (!each.environment.empty()) ::setenv("GENSYNTH_TORCH_PROGRAM", "/no/program", 1);
    const Result result = run("search job.json --dry-run --out run");
    ::unsetenv("GENSYNTH_TORCH_PROGRAM");
    EXPECT_THAT(result.code, ::testing::AnyOf(2, 4)) << each.message << "\n" << result.text;
    EXPECT_THAT(result.text, HasSubstr(each.message));
    EXPECT_FALSE(fs::exists(folder + "/run"));
  }
}

}  // namespace
}  // namespace gensynth::program
