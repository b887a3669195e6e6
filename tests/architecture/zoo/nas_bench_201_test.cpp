#include "architecture/zoo/nas_bench_201.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "architecture/cost.hpp"
#include "architecture/zoo/zoo.hpp"

namespace gensynth::zoo {
namespace {

using ::testing::HasSubstr;

struct Golden {
  const char* cell;
  std::int64_t params;  ///< published by the benchmark, as are the FLOPs (it counts the last bias: 10 more)
  std::int64_t flops;
};

constexpr Golden kGolden[]{
    {"|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|", 129306,
     15647370},
    {"|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|", 802426,
     113951370},
    {"|avg_pool_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|avg_pool_3x3~0|avg_pool_3x3~1|avg_pool_3x3~2|", 559386,
     78561930},
    {"|avg_pool_3x3~0|+|skip_connect~0|none~1|+|none~0|none~1|skip_connect~2|", 73306, 7783050},
    {"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|", 1073466,
     153272970},
    {"|skip_connect~0|+|none~0|nor_conv_1x1~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_1x1~2|", 615386, 86426250},
    {"|avg_pool_3x3~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|avg_pool_3x3~0|nor_conv_1x1~1|nor_conv_1x1~2|", 400346,
     54968970},
    {"|nor_conv_1x1~0|+|none~0|skip_connect~1|+|skip_connect~0|none~1|skip_connect~2|", 101306, 11715210},
    {"|none~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|none~0|nor_conv_3x3~1|avg_pool_3x3~2|", 587386, 82494090},
    {"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|", 1531546,
     220119690},
};

template <class Op>
int count(const Architecture& network) {
  int found = 0;
  for (int v = 0; v < network.size(); ++v) found += std::holds_alternative<Op>(network.op(v));
  return found;
}

Architecture network_of(const std::string& cell) { return zoo_network(kNasBench201Prefix + cell); }

std::string error_of(const std::string& cell) {
  try {
    parse_nas_bench_201_cell(cell);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(NasBench201, CountsAreTheBenchmarks) {
  for (const Golden& golden : kGolden) {
    const Architecture network = network_of(golden.cell);
    const Cost counted = cost(network);
    EXPECT_EQ(counted.params, golden.params) << golden.cell;
    EXPECT_EQ(counted.macs + 10, golden.flops) << golden.cell;
    EXPECT_EQ(network.name(), std::string(kNasBench201Prefix) + golden.cell);
    EXPECT_EQ(network.shape(0), (Shape{Layout::map, 3, 32, 32}));
    EXPECT_EQ(network.shape(network.output()), (Shape{Layout::vector, 10, 1, 1}));
  }
}

TEST(NasBench201, CellsListTheirEdgesByTargetThenSource) {
  using enum CellOperation;
  EXPECT_EQ(
      parse_nas_bench_201_cell("nb201:|none~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|avg_pool_3x3~1|none~2|"),
      (Cell{none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3, none}));
}

TEST(NasBench201, OtherClassesAndImages) {
  const Cell cell = parse_nas_bench_201_cell(kGolden[0].cell);
  const Architecture network = nas_bench_201(cell, 16, 120);
  EXPECT_EQ(network.shape(network.output()).channels, 120);
  EXPECT_EQ(cost(network).params, kGolden[0].params + 110 * 65);
}

TEST(NasBench201, LeavesOutWhatDoesNotReachTheOutput) {
  // Only node 2 is used: the convolution into node 1 is dead.
  const Architecture network = network_of("|nor_conv_3x3~0|+|skip_connect~0|none~1|+|none~0|none~1|skip_connect~2|");
  EXPECT_EQ(cost(network).params, 73306);
  EXPECT_EQ(count<Zero>(network), 0);
}

TEST(NasBench201, NodeWithoutInputsIsZero) {
  const Architecture dead = network_of("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|");
  EXPECT_EQ(count<Zero>(dead), 15);
  // Node 1 is zero and feeds a convolution that reaches the output; node 2 is not used.
  const Architecture fed = network_of("|none~0|+|none~0|none~1|+|skip_connect~0|nor_conv_1x1~1|none~2|");
  EXPECT_EQ(count<Zero>(fed), 15);
  EXPECT_EQ(count<Add>(fed), 15 + 2);
}

TEST(NasBench201, EveryCellBuildsAndKeepsItsName) {
  Rng rng(20);
  for (int i = 0; i < 300; ++i) {
    Cell cell{};
    for (CellOperation& operation : cell) operation = static_cast<CellOperation>(below(rng, kCellOperations));
    const std::string text = to_string(cell);
    EXPECT_EQ(parse_nas_bench_201_cell(text), cell) << text;
    EXPECT_EQ(nas_bench_201(cell).name(), kNasBench201Prefix + text);
  }
}

TEST(NasBench201, NamesAreParsedStrictly) {
  EXPECT_THAT(error_of("|nor_conv_3~0|+|none~0|none~1|+|none~0|none~1|none~2|"),
              HasSubstr("edge 0->1: unknown operation 'nor_conv_3' (did you mean 'nor_conv_3x3'?)"));
  EXPECT_THAT(error_of("|none~0|+|none~0|foo~1|+|none~0|none~1|none~2|"),
              HasSubstr("edge 1->2: unknown operation 'foo'; expected one of none, skip_connect, nor_conv_1x1, "
                        "nor_conv_3x3, avg_pool_3x3"));
  EXPECT_THAT(error_of("|none~0|+|none~0|none~0|+|none~0|none~1|none~2|"), HasSubstr("expected '~1|'"));
  EXPECT_THAT(error_of("|none~0|+|none~0|none~1|"), HasSubstr("expected '+|'"));
  EXPECT_THAT(error_of("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|+"), HasSubstr("expected the end"));
  EXPECT_THAT(error_of(""), HasSubstr("character 1: expected '|'"));
  EXPECT_THROW(zoo_network("nb201:"), Error);
}

}  // namespace
}  // namespace gensynth::zoo
