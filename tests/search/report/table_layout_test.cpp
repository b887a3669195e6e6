#include "search/report/table_layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/random.hpp"
#include "search/report/table.hpp"

namespace gensynth::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find('\n', i), text.size());
    widest = std::max(widest, width_of(text.substr(i, end - i)));
    i = end + 1;
  }
  return widest;
}

TEST(TableLayout, WrapsAtSpacesThenBehindSeparatorsThenAnywhere) {
  EXPECT_THAT(wrapped("columns 1 and 2 meet", 11), ElementsAre("columns 1", "and 2 meet"));
  EXPECT_THAT(wrapped("anti_aliased_downsampling", 14), ElementsAre("anti_aliased_", "downsampling"));
  EXPECT_THAT(wrapped("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
  EXPECT_THAT(wrapped("größer größer", 6), ElementsAre("größer", "größer"));
  EXPECT_THAT(wrapped("\033[31mviolated\033[0m", 3), ElementsAre("\033[31mviolated\033[0m"));
}

Table table() {
  Table table({"trial", "latency ms (predicted)", "core-seconds", "why"});
  table.row({"1", "12.35", "2.2", "accuracy_floor: 12.3 of 30 % after all of the training that the job asks for"});
  table.row({"22", "7.10", "0.0", "U 51.23 dB"});
  table.optional({"core-seconds"});
  return table;
}

TEST(TableLayout, AnyWidthKeepsEverythingOnOneLine) {
  EXPECT_EQ(
      table().text(0),
      "trial  latency ms (predicted)  core-seconds  why\n"
      "    1                   12.35           2.2  accuracy_floor: 12.3 of 30 % after all of the training that the "
      "job asks for\n"
      "   22                    7.10           0.0  U 51.23 dB\n");
}

TEST(TableLayout, NarrowerTablesWrapHeadingsThenLeaveOutOptionalColumnsThenWrapText) {
  EXPECT_EQ(table().text(80),
            "        latency ms\n"
            "trial  (predicted)  core-seconds  why\n"
            "    1        12.35           2.2  accuracy_floor: 12.3 of 30 % after all of the\n"
            "                                  training that the job asks for\n"
            "   22         7.10           0.0  U 51.23 dB\n");
  EXPECT_EQ(table().text(60),
            "        latency ms\n"
            "trial  (predicted)  why\n"
            "    1        12.35  accuracy_floor: 12.3 of 30 % after all\n"
            "                    of the training that the job asks for\n"
            "   22         7.10  U 51.23 dB\n"
            "not shown at this width: core-seconds\n");
}

TEST(TableLayout, RandomTablesFitEveryWidthThatTheirCellsAllow) {
  Rng rng(5);
  for (int round = 0; round < 300; ++round) {
    const std::size_t columns = 2 + rng() % 7;
    std::vector<std::string> heading;
    for (std::size_t c = 0; c < columns; ++c) heading.push_back("h" + std::string(rng() % 9, 'x'));
    Table random(heading);
    for (int r = 0; r < 4; ++r) {
      std::vector<std::string> cells;
      for (std::size_t c = 0; c < columns; ++c) {
        std::string text;
        for (std::uint64_t w = rng() % 12; w > 0; --w) text += std::string(1 + rng() % 8, 'w') + " ";
        cells.push_back(c % 2 == 0 ? std::to_string(rng() % 100'000) : text);
      }
      random.row(cells);
    }
    for (const int width : {60, 80, 140, 200})
      EXPECT_LE(widest_line(random.text(width)), static_cast<std::size_t>(width));
  }
}

TEST(TableLayout, NamesTheColumnsThatWereLeftOut) {
  EXPECT_THAT(table().text(50), HasSubstr("not shown at this width: core-seconds"));
}

}  // namespace
}  // namespace gensynth::report
