#include "search/report/console.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "search/report/progress.hpp"
#include "search/run/network_ref.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

TEST(Console, TablesAlignAndQuote) {
  Table table({"name", "n"});
  table.row({"a,\"b\"", "5"});
  table.row({"c", "10"});
  EXPECT_EQ(table.text(), "name    n\na,\"b\"   5\nc      10\n");
  EXPECT_EQ(table.csv(), "name,n\n\"a,\"\"b\"\"\",5\nc,10\n");
}

TEST(Console, UnitsReadWell) {
  EXPECT_EQ(count_text(950), "950");
  EXPECT_EQ(count_text(5.48e6), "5.48 M");
  EXPECT_EQ(count_text(217e6), "217 M");
  EXPECT_EQ(duration_text(59.7), "1 m 00 s");
  EXPECT_EQ(duration_text(200), "3 m 20 s");
  EXPECT_EQ(duration_text(3725), "1 h 02 m");
  EXPECT_EQ(bytes_text(4.2 * (1 << 20)), "4.20 MiB");
  EXPECT_EQ(quantity_text(Quantity::predicted(23.4, "ms", "m", 20.1, 27)), "23.40 ms predicted [20.10, 27.00]");
  EXPECT_EQ(quantity_text(Quantity::measured(75.8, "%", "d")), "75.80 % measured");
}

TEST(Progress, LineTellsCountsAndBest) {
  loop::SearchProgress progress;
  progress.done = 3;
  progress.target = 12;
  progress.counts = {{"scored", 2}, {"failed", 1}};
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

TEST(run::NetworkRef, SaysWhatItExpected) {
  const testing::Scratch scratch;
  EXPECT_EQ(run::resolve_network("zoo:mobilenet-v2-1").architecture.shape(0).height, 224);
  EXPECT_THAT([] { (void)run::resolve_network("zoo:mobilnet-v2-1"); },
              ThrowsMessage<Error>(HasSubstr("did you mean 'mobilenet-v2-1'")));
  EXPECT_THAT([] { (void)run::resolve_network("nowhere.json"); }, ThrowsMessage<Error>(HasSubstr("RUN#TRIAL")));
  EXPECT_THAT([&] { (void)run::resolve_network(scratch / ""); }, ThrowsMessage<Error>(HasSubstr("run.db")));
  EXPECT_THAT([&] { (void)run::resolve_network((scratch / "") + "#x"); },
              ThrowsMessage<Error>(HasSubstr("trial number")));
}

}  // namespace
}  // namespace gensynth::report
