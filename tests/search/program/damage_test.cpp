// Commands that read a run of which one record is damaged.
#include <gmock/gmock.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(Program, ADamagedTrialCostsOneRowOfEachCommand) {
  json job = tiny_job();
  job["proxy"] = nullptr;
  job["objective"] = {{"accuracy", "top1"}};
  job["budget"]["trials"] = 8;
  write("job.json", job);
  ASSERT_EQ(run("search job.json --out run -q").code, 0);
  const std::string number = [&] {
    soci::session session(soci::sqlite3, "dbname=\"" + folder + "/run/run.db\"");
    long long id = 0;
    session << "SELECT id FROM trial WHERE ordinal = 3", soci::into(id);
    session << "UPDATE trial SET body = '{\"genotype\": [' WHERE ordinal = 3";
    return std::to_string(id);
  }();
  const std::string warning = "run.db: trial " + number + ": column body: ";
  for (const std::string& command : std::vector<std::string>{
           "log run", "log run list --csv", "log run list --json", "log run --json", "log run front",
           "log run front --all", "check run --constraints job.json", "profile run",
           "compare run zoo:mobilenet-v3-small-1.0", "export run --format json --out net.json"}) {
    const Result result = run(command);
    EXPECT_EQ(result.code, 0) << command << "\n" << result.text;
    EXPECT_THAT(result.text, AllOf(HasSubstr(warning), HasSubstr("left out"))) << command;
  }
  EXPECT_EQ(run("log run rejects").code, 0);
  for (const std::string& command :
       std::vector<std::string>{"log run show " + number, "log run why " + number, "profile run#" + number}) {
    const Result result = run(command);
    EXPECT_EQ(result.code, 4) << command;
    EXPECT_THAT(result.text, HasSubstr(warning)) << command;
  }
  const Result other = run("log run why 1");
  EXPECT_EQ(other.code, 0) << other.text;
  const Result resumed = run("search --out run --resume --trials 10");
  EXPECT_EQ(resumed.code, 0) << resumed.text;
  EXPECT_THAT(resumed.text, AllOf(HasSubstr(warning), Not(HasSubstr("json.exception"))));
}

}  // namespace
}  // namespace gensynth::program
