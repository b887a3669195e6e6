// `gensynth report`: one page for one or several runs, and its errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::HasSubstr;

class ProgramReport : public Program {
 protected:
  ProgramReport() {
    write("job.json", json{{"format", "gensynth.job"},
                           {"version", 1},
                           {"space", {{"kind", "columnar"}, {"px", 32}, {"max_stages", 3}}},
                           {"strategy", {{"kind", "random"}}},
                           {"constraints", {{{"constraint", "max_params"}, {"bound", 2e6}}}},
                           {"objective", {{"accuracy", "top1"}}},
                           {"proxy", nullptr},
                           {"budget", {{"trials", 3}}}});
    EXPECT_EQ(run("search job.json --out run").code, 0);
  }
  std::string text_of(const std::string& name) const {
    std::ifstream in(folder + "/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(ProgramReport, WritesOnePageForSeveralRuns) {
  EXPECT_EQ(run("search job.json --out other --seed 2").code, 0);
  const Result result = run("report run other --out page.html --networks 2 --near-misses 1");
  EXPECT_EQ(result.code, 0) << result.text;
  EXPECT_THAT(result.text, HasSubstr("page.html"));
  const std::string page = text_of("page.html");
  EXPECT_THAT(page, HasSubstr("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("\"name\":\"other\""));
  EXPECT_EQ(run("report run other --json --out data.json --networks 2 --near-misses 1").code, 0);
  const json data = json::parse(text_of("data.json"));
  EXPECT_EQ(data["format"], "gensynth.report");
  ASSERT_EQ(data["runs"].size(), 2U);
  EXPECT_EQ(data["runs"][0]["networks"].size(), 2U);
}

TEST_F(ProgramReport, KeepsAFileThatExistsUnlessForced) {
  write("page.html", "mine");
  const Result refused = run("report run --out page.html");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.text, HasSubstr("--force"));
  EXPECT_EQ(text_of("page.html"), "\"mine\"");
  EXPECT_EQ(run("report run --out page.html --force --networks 1 --near-misses 0").code, 0);
  EXPECT_THAT(text_of("page.html"), HasSubstr("gensynth.report"));
}

TEST_F(ProgramReport, NamesTheRunThatIsMissing) {
  const Result result = run("report run nowhere --out page.html");
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.text, HasSubstr("nowhere"));
  EXPECT_FALSE(fs::exists(folder + "/page.html"));
  EXPECT_EQ(run("report run").code, 2) << "--out is required";
}

TEST_F(ProgramReport, IsServedToOthersWithATokenOnly) {
  const Result open = run("serve run --address 0.0.0.0 --port 0");
  EXPECT_EQ(open.code, 2);
  EXPECT_THAT(open.text, HasSubstr("--token"));
  const Result missing = run("serve nowhere --port 0");
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.text, HasSubstr("nowhere"));
}

}  // namespace
}  // namespace gensynth::program
