#include "search/report/table.hpp"

#include <gtest/gtest.h>

namespace gensynth::report {
namespace {

TEST(Table, AlignsAndQuotes) {
  Table table({"name", "n"});
  table.row({"a,\"b\"", "5"});
  table.row({"c", "10"});
  EXPECT_EQ(table.text(), "name    n\na,\"b\"   5\nc      10\n");
  EXPECT_EQ(table.csv(), "name,n\n\"a,\"\"b\"\"\",5\nc,10\n");
}

TEST(Table, FillsShortRowsAndIgnoresColourInWidths) {
  Table table({"a", "b"});
  table.row({"\033[32mok\033[0m"});
  table.row({"long", "2"});
  EXPECT_EQ(table.text(), "a     b\n\033[32mok\033[0m\nlong  2\n");
}

}  // namespace
}  // namespace gensynth::report
