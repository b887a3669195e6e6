#include "search/simulation/score_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "architecture/base/error.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::simulation {
namespace {

constexpr const char* kFirst = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|";
constexpr const char* kSecond = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|";

class ScoreTableTest : public ::testing::Test {
 protected:
  std::string write(const std::string& text) const {
    const std::string path = scratch / "table.csv";
    std::ofstream(path) << text;
    return path;
  }
  std::string message(const std::string& text, const std::string& score = "val") const {
    try {
      (void)read_score_table(write(text), score, "test", space);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  testing::Scratch scratch;
  nasbench201::NasBench201Space space;
  std::string header = "index,arch_string,val,test\n";
};

TEST_F(ScoreTableTest, ReadsRowsByArchitectureInAnyOrderOfColumns) {
  const ScoreTable table = read_score_table(
      write("test,val,arch_string\r\n1.5,80,\"" + std::string(kFirst) + "\"\r\n2.5,90," + kSecond + "\r\n"), "val",
      "test", space);
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.at({3, 0, 1, 0, 0, 4}).score, 80);
  EXPECT_EQ(table.at({0, 0, 0, 2, 0, 0}).report, 2.5);
  EXPECT_EQ(table.optimum, 90);
  EXPECT_THROW((void)table.at({0, 0, 0, 0, 0, 0}), Error);
}

TEST_F(ScoreTableTest, ReadsCompressedFiles) {
  const std::string path = write(header + "0," + kFirst + ",80,70\n");
  ASSERT_EQ(std::system(("gzip -f '" + path + "'").c_str()), 0);
  EXPECT_EQ(read_score_table(path + ".gz", "val", "test", space).rows.size(), 1U);
}

TEST_F(ScoreTableTest, ADamagedFileIsAnErrorThoughNobodyKnowsTheReason) {
  const std::string path = std::string(GENSYNTH_SOURCE_DIR) + "/tests/fuzz/corpus/table/damaged_gzip";
  EXPECT_THAT([&] { (void)read_score_table(path, "val", "test", space); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("damaged_gzip: cannot be read: damaged")));
}

TEST_F(ScoreTableTest, AScoreOfNothingIsAScore) {
  EXPECT_EQ(message(header + "0," + kFirst + ",0,0\n1," + kSecond + ",80,70\n"), "");
}

TEST_F(ScoreTableTest, NamesWhatIsWrongAndWhere) {
  const std::string row = "0," + std::string(kFirst) + ",80,70\n";
  EXPECT_THAT(message(header + row, "vall"), ::testing::HasSubstr("no column 'vall' (did you mean 'val'?)"));
  EXPECT_THAT(message(header + row + "1," + kSecond + ",eighty,70\n"),
              ::testing::HasSubstr("row 3, column 'val': 'eighty', expected a number"));
  EXPECT_THAT(message(header + "1," + kSecond + ",,70\n"), ::testing::HasSubstr("row 2, column 'val': ''"));
  EXPECT_THAT(message(header + "1," + kSecond + ",-1,70\n"), ::testing::HasSubstr("expected a score of 0 or more"));
  EXPECT_THAT(message(header + "1," + kSecond + ",1\n"), ::testing::HasSubstr("row 2: 3 fields, expected 4"));
  EXPECT_THAT(message(header + "1,|conv~0|,1,1\n"), ::testing::HasSubstr("row 2, column 'arch_string'"));
  EXPECT_THAT(message(header + row + row), ::testing::HasSubstr("is repeated from an earlier row"));
  EXPECT_THAT(message(header), ::testing::HasSubstr("no rows"));
  EXPECT_THROW((void)read_score_table(scratch / "absent.csv", "val", "test", space), Error);
}

}  // namespace
}  // namespace gensynth::simulation
