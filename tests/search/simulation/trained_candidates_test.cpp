#include "search/simulation/trained_candidates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/run/run.hpp"
#include "tests/search/simulation/trained_fixture.hpp"

namespace gensynth::simulation {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class TrainedCandidatesTest : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const json& value) const {
    std::ofstream(scratch / name) << value;
    return scratch / name;
  }
  std::string message(const json& value) const {
    try {
      (void)read_trained_candidates({write("bad.json", value)});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  testing::Scratch scratch;
  TrainedCandidates made_up = testing::made_up_candidates(8, 0);
};

TEST_F(TrainedCandidatesTest, AreReadAsTheyWereWritten) {
  const json written = to_json(made_up);
  const TrainedCandidates read = read_trained_candidates({write("a.json", written)});
  ASSERT_EQ(read.rows.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(read.rows[i].genotype, made_up.rows[i].genotype);
    EXPECT_EQ(read.rows[i].accuracy, made_up.rows[i].accuracy);
  }
  EXPECT_EQ(json(to_json(read)), written);
}

TEST_F(TrainedCandidatesTest, RememberWhoProposedThem) {
  made_up.rows[2].origin = "random";
  made_up.rows[5].origin = "local_search";
  const TrainedCandidates read = read_trained_candidates({write("a.json", to_json(made_up))});
  EXPECT_EQ(read.rows[2].origin, "random");
  EXPECT_EQ(read.rows[3].origin, "");
  const TrainedCandidates fewer = without_origin(read, "random");
  ASSERT_EQ(fewer.rows.size(), 7U);
  EXPECT_EQ(fewer.rows[2].genotype, made_up.rows[3].genotype);
  try {
    (void)without_origin(fewer, "random");
    FAIL() << "none of it is left";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no candidate of 'random', expected one of local_search, unknown"));
  }
}

TEST_F(TrainedCandidatesTest, ShippedOnesComeFromThreeStrategies) {
  std::map<std::string, int> counts;
  for (const TrainedCandidates::Row& row : shipped_trained_candidates().rows) ++counts[row.origin];
  EXPECT_EQ(counts, (std::map<std::string, int>{
                        {"generative_synthesis", 170}, {"random", 340}, {"regularized_evolution", 150}}));
}

TEST_F(TrainedCandidatesTest, CandidatesOfSeveralFilesAreUsedOnce) {
  const std::string all = write("all.json", to_json(made_up));
  TrainedCandidates some = made_up;
  some.rows.erase(some.rows.begin(), some.rows.begin() + 5);
  some.rows.front().accuracy = 99;
  const TrainedCandidates read = read_trained_candidates({write("some.json", to_json(some)), all});
  ASSERT_EQ(read.rows.size(), 8U);
  EXPECT_EQ(read.rows.front().accuracy, 99) << "the first file's stands";
}

TEST_F(TrainedCandidatesTest, OfARunAreTheScoredTrials) {
  {
    run::Run run = run::Run::create(scratch / "run", made_up.job);
    std::vector<trial::Trial> trials(3);
    for (std::size_t i = 0; i < 3; ++i) {
      trials[i].id = static_cast<std::int64_t>(i) + 1;
      trials[i].genotype = made_up.rows[i].genotype;
      trials[i].state = i == 1 ? trial::TrialState::rejected : trial::TrialState::scored;
      trials[i].metrics.set("proxy_top1", Quantity::measured(30 + static_cast<double>(i), "%", "test"));
    }
    run.store().add(trials, {});
  }
  const TrainedCandidates read = read_trained_candidates({scratch / "run"});
  ASSERT_EQ(read.rows.size(), 2U);
  EXPECT_EQ(read.rows[1].genotype, made_up.rows[2].genotype);
  EXPECT_EQ(read.rows[1].accuracy, 32);
  EXPECT_EQ(read.rows[1].origin, to_string(made_up.job.strategy.kind));
}

TEST_F(TrainedCandidatesTest, ErrorsNameThePlace) {
  const json good = to_json(made_up);
  json bad = good;
  bad["candidates"][3]["genotype"] = {9, 9, 9};
  EXPECT_THAT(message(bad), HasSubstr("/candidates/3/genotype"));
  bad = good;
  bad["candidates"][2]["accuracy"] = 101;
  EXPECT_THAT(message(bad), HasSubstr("/candidates/2/accuracy"));
  bad = good;
  bad["candidates"][4] = bad["candidates"][1];
  EXPECT_THAT(message(bad), HasSubstr("/candidates/4/genotype: is repeated from an earlier row"));
  bad = good;
  bad["candidate"] = 1;
  EXPECT_THAT(message(bad), HasSubstr("candidate"));
  bad = good;
  bad["candidates"][0]["genotype"] = json::array({"x"});
  EXPECT_THAT(message(bad), HasSubstr("array of whole numbers"));
  for (const json& gene : {json(0.5), json(std::int64_t{1} << 32), json(true), json(1e300)}) {
    bad["candidates"][0] = good["candidates"][0];
    bad["candidates"][0]["genotype"][0] = gene;
    EXPECT_THAT(message(bad), HasSubstr("array of whole numbers")) << gene;
  }
}

TEST_F(TrainedCandidatesTest, RefuseAnotherSpace) {
  TrainedCandidates other = made_up;
  json space = to_json(other.job.space);
  space["max_columns"] = 3;
  other.job.space = generator::space_spec_from_json(space, "other", "/space");
  const std::string first = write("first.json", to_json(made_up));
  const std::string second = write("second.json", to_json(other));
  try {
    (void)read_trained_candidates({first, second});
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("second.json: /space"));
  }
  EXPECT_THROW((void)read_trained_candidates({scratch / "none.json"}), Error);
}

TEST(ShippedTrainedCandidates, AreAtLeastSixHundredDistinctOnes) {
  const TrainedCandidates shipped = shipped_trained_candidates();
  EXPECT_GE(shipped.rows.size(), 600U);
  EXPECT_EQ(to_json(shipped.job.space).at("kind"), "columnar");
}

}  // namespace
}  // namespace gensynth::simulation
