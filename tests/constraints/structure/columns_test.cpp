#include "constraints/structure/columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/zoo/zoo.hpp"
#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/constraints/networks.hpp"

namespace gensynth::structure {
namespace {

using namespace gensynth::testing;
using ::testing::ElementsAre;

const StageColumns& stage_of(const ColumnReport& report, int px) {
  for (const StageColumns& stage : report.stages) {
    if (stage.height == px) return stage;
  }
  throw Error("no stage of " + std::to_string(px) + " px");
}

/// The number of columns of the stage; branches that are only near to being columns do not count.
std::size_t columns_of(const StageColumns& stage) {
  return stage.finding == StageFinding::columns ? stage.columns.size() : 0;
}

std::vector<int> column_counts(const ColumnReport& report) {
  std::vector<int> result;
  for (const StageColumns& stage : report.stages) result.push_back(static_cast<int>(columns_of(stage)));
  return result;
}

ColumnReport measure(const Architecture& net) { return measure_columns(Structure(net)); }

/// One stage of 32 px after a stem, drawn by `body`, then a pointwise convolution over what it returns.
ColumnReport one_stage(const std::function<int(Sketch&, int)>& body) {
  Sketch net(64);
  const int entry = net.blur(net.conv(0, 16, 3));
  return measure(net.finish(net.pointwise(body(net, entry), 32)));
}

TEST(Columns, EqualBranchesCountAsTheirNumber) {
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v, v}, {conv_column(2), conv_column(2), conv_column(2)}));
  });
  const StageColumns& stage = stage_of(report, 32);
  ASSERT_EQ(columns_of(stage), 3u);
  EXPECT_DOUBLE_EQ(stage.effective_columns, 3.0);
  const std::int64_t column = 2LL * 16 * 16 * 9 * 32 * 32;
  for (const structure::Column& branch : stage.columns) {
    EXPECT_EQ(branch.macs, column);
    EXPECT_EQ(branch.series, 2);
    EXPECT_EQ(branch.nodes.size(), 2u);
  }
  EXPECT_EQ(stage.independent_macs, 3 * column);
  EXPECT_EQ(stage.macs, 3 * column + 48LL * 32 * 32 * 32);
}

TEST(Columns, UnequalBranchesCountByTheirMacs) {
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v}, {conv_column(2), conv_column(4)}));
  });
  EXPECT_NEAR(stage_of(report, 32).effective_columns, 9.0 / 5.0, 1e-12);  // (1 + 2)^2 / (1 + 4)
}

TEST(Columns, OneSpatialConvolutionIsNoColumn) {
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v}, {conv_column(1), separable_column(5, 1)}));
  });
  EXPECT_EQ(stage_of(report, 32).finding, StageFinding::early);
  EXPECT_EQ(stage_of(report, 32).independent_macs, 0);
  EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 1.0);
}

TEST(Columns, FactorisedKernelsCountOnce) {
  const auto factorised = [](int times) {
    return repeated([](Sketch& net, int v) { return net.conv(net.conv(v, 16, Pair{1, 7}), 16, Pair{7, 1}); }, times);
  };
  const auto columns = [&](int times) {
    return columns_of(stage_of(one_stage([&](Sketch& net, int v) {
                                 return net.add(Concat{}, run(net, {v, v}, {factorised(times), factorised(times)}));
                               }),
                               32));
  };
  EXPECT_LT(columns(1), 2u);
  EXPECT_EQ(columns(2), 2u);
}

TEST(Columns, GatesCountOnceAndSqueezeExciteNotAtAll) {
  const auto columns = [](const testing::Column& a, const testing::Column& b) {
    return columns_of(stage_of(one_stage([&](Sketch& net, int v) {
                                 return net.add(Concat{}, run(net, {v, v}, {a, b}));
                               }),
                               32));
  };
  EXPECT_EQ(columns(dc_ac_column(2), dc_ac_column(2)), 2u);
  EXPECT_LT(columns(dc_ac_column(1), dc_ac_column(1)), 2u);
  const testing::Column excited = [](Sketch& net, int v) { return net.squeeze_excite(net.separable(v, 3)); };
  EXPECT_LT(columns(excited, excited), 2u);
  EXPECT_EQ(columns(repeated(excited, 2), repeated(excited, 2)), 2u);
}

TEST(Columns, AGateWhoseBranchesShareTheirPoolingIsOneGate) {
  const testing::Column shared = repeated([](Sketch& net, int v) { return net.dc_ac_shared(v); }, 2);
  const ColumnReport report = one_stage([&](Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v}, {shared, shared}));
  });
  EXPECT_EQ(columns_of(stage_of(report, 32)), 2u);
  for (const StageColumns& stage : report.stages) EXPECT_GE(stage.height, 32) << "the inside of a gate is no stage";
}

TEST(Columns, ResidualsAndBlocksInsideAColumnDoNotEndIt) {
  const testing::Column residual = [](Sketch& net, int v) { return net.add(Add{}, {v, net.separable(v, 3)}); };
  const testing::Column projected = [](Sketch& net, int v) {
    return net.add(Add{}, {net.pointwise(v, 24), net.pointwise(net.separable(v, 3), 24)});
  };
  const testing::Column inception = [](Sketch& net, int v) {
    const int half = net.shape(v).channels / 2;
    return net.add(Concat{}, {net.pointwise(v, half), net.conv(net.pointwise(v, half), half, 3)});
  };
  for (const testing::Column& block : {residual, projected, inception}) {
    const ColumnReport report = one_stage([&](Sketch& net, int v) {
      return net.add(Concat{}, run(net, {v, v}, {repeated(block, 3), repeated(block, 3)}));
    });
    ASSERT_EQ(columns_of(stage_of(report, 32)), 2u);
    EXPECT_EQ(stage_of(report, 32).columns[0].series, 3);
    EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 2.0);
  }
}

TEST(Columns, ParallelKernelsOfOneSizeEachAreABlock) {
  const testing::Column mixed = [](Sketch& net, int v) {  // MixConv (arXiv:1907.09595)
    std::vector<int> parts;
    for (int part = 0; part < 2; ++part) {
      parts.push_back(net.depthwise(net.add(Split{8 * part, 8 * part + 8}, v), 3 + 2 * part));
    }
    return net.add(Add{}, {v, net.pointwise(net.add(Concat{}, parts), 16)});
  };
  const ColumnReport report = one_stage(repeated(mixed, 4));
  EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 1.0);
  EXPECT_EQ(columns_of(stage_of(report, 32)), 0u);
}

TEST(Columns, AnIdentityBesideTwoBranchesLeavesTheirForkWhereItIs) {
  // The add reads the entry, and two columns that fork further down.
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    const int lower = net.conv(v, 16, 3);
    std::vector<int> columns = run(net, {lower, lower}, {conv_column(1), conv_column(1)});
    const int sum = net.add(Add{}, {v, columns[0], columns[1]});
    return net.add(Concat{}, {conv_column(1)(net, sum), conv_column(4)(net, lower)});
  });
  ASSERT_EQ(columns_of(stage_of(report, 32)), 2u);
  EXPECT_EQ(stage_of(report, 32).columns[0].series, 4);
  EXPECT_EQ(stage_of(report, 32).columns[1].series, 2);
}

TEST(Columns, AResidualAroundAllColumnsChangesNothing) {
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    const int joined = net.add(Concat{}, run(net, {v, v}, {conv_column(2), conv_column(2)}));
    return net.add(Add{}, {v, net.pointwise(joined, 16)});
  });
  EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 2.0);
}

TEST(Columns, TheHeaviestSectionBetweenMeetingsCounts) {
  const auto exchanging = [](std::vector<int> stretches) {
    return one_stage([=](Sketch& net, int v) {
      std::vector<int> columns{v, v};
      for (std::size_t i = 0; i < stretches.size(); ++i) {
        if (i > 0) columns = {net.add(Add{}, {columns[0], columns[1]}), net.add(Add{}, {columns[1], columns[0]})};
        columns = run(net, columns, {conv_column(stretches[i]), conv_column(stretches[i])});
      }
      return net.add(Concat{}, columns);
    });
  };
  const std::int64_t conv = 16LL * 16 * 9 * 32 * 32;
  const auto independent = [&](const std::vector<int>& stretches) {
    return stage_of(exchanging(stretches), 32).independent_macs / conv;
  };
  EXPECT_EQ(independent({2, 2, 2}), 4);
  EXPECT_EQ(independent({1, 4, 1}), 8);
  EXPECT_EQ(independent({3, 1, 2}), 6);
  EXPECT_EQ(independent({1, 1, 1, 1}), 0);  // they meet after every operator
  const StageColumns stage = stage_of(exchanging({1, 1, 1, 1}), 32);
  EXPECT_EQ(stage.finding, StageFinding::early);
  EXPECT_EQ(stage.columns.size(), 2u);
  EXPECT_GE(stage.meeting, 0);
}

TEST(Columns, AColumnIsFollowedAcrossStages) {
  const auto network = [](bool apart) {
    Sketch net(128);
    std::vector<int> columns(2, net.blur(net.conv(0, 16, 3)));
    for (int stage = 0; stage < 3; ++stage) {
      columns = run(net, columns, {separable_column(3, 1), separable_column(5, 1)});
      if (!apart) columns = {net.add(Add{}, {columns[0], columns[1]}), net.add(Add{}, {columns[1], columns[0]})};
      for (int& column : columns) column = net.blur(column);
    }
    return measure(net.finish(net.pointwise(net.add(Concat{}, columns), 32)));
  };
  EXPECT_THAT(column_counts(network(true)), ElementsAre(0, 2, 2, 2, 0));  // one operator in each stage
  EXPECT_THAT(column_counts(network(false)), ElementsAre(0, 0, 0, 0, 0));
}

TEST(Columns, ABranchNeedsAShareOfItsStage) {
  const auto stage = [](int width) {
    return stage_of(one_stage([=](Sketch& net, int v) {
                      const int side = conv_column(2)(net, net.pointwise(v, width));
                      return net.add(Concat{}, {conv_column(3)(net, v), side});
                    }),
                    32);
  };
  EXPECT_EQ(columns_of(stage(16)), 2u);
  EXPECT_EQ(columns_of(stage(2)), 0u);
  EXPECT_EQ(stage(2).finding, StageFinding::small);
}

TEST(Columns, ChannelsOnTheirOwnAreNoColumns) {
  // Depthwise convolutions in series, written as four branches: nothing mixes the channels of a branch.
  const testing::Column thin = [](Sketch& net, int v) {
    return net.depthwise(net.depthwise(net.pointwise(v, 4), 7), 7);
  };
  const ColumnReport report = one_stage([&](Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v, v, v}, {thin, thin, thin, thin}));
  });
  EXPECT_EQ(columns_of(stage_of(report, 32)), 0u);
  EXPECT_EQ(stage_of(report, 32).finding, StageFinding::thin);
}

TEST(Columns, LinearOperatorsInSeriesAreOne) {
  const auto columns = [](bool activated) {
    const testing::Column pair = [=](Sketch& net, int v) {
      const Convolution conv{.out_channels = 16, .kernel = {3, 3}, .padding = {1, 1}};
      const int first = net.add(BatchNorm{}, net.add(conv, v));
      return net.add(BatchNorm{}, net.add(conv, activated ? net.add(Activation{}, first) : first));
    };
    return columns_of(stage_of(one_stage([&](Sketch& net, int v) {
                                 return net.add(Add{}, run(net, {v, v}, {pair, pair}));
                               }),
                               32));
  };
  EXPECT_EQ(columns(true), 2u);
  EXPECT_EQ(columns(false), 0u);
}

TEST(Columns, HeterogeneityIsTheDifferenceOfWork) {
  const auto heterogeneity = [](const testing::Column& a, const testing::Column& b) {
    return stage_of(one_stage([&](Sketch& net, int v) {
                      return net.add(Concat{}, run(net, {net.pointwise(v, 16), net.pointwise(v, 16)}, {a, b}));
                    }),
                    32)
        .heterogeneity;
  };
  EXPECT_DOUBLE_EQ(heterogeneity(conv_column(2), conv_column(2)), 0.0);
  const double longer = heterogeneity(conv_column(2), conv_column(3));
  const double other = heterogeneity(separable_column(3, 2), separable_column(5, 2));
  const double both = heterogeneity(conv_column(2), separable_column(5, 2));
  EXPECT_GT(longer, 0.2);
  EXPECT_GT(other, 0.2);
  EXPECT_GT(both, longer);
  EXPECT_LE(both, 1.0);
}

TEST(Columns, TheTrendOfIndependenceIsThatOfTheStagesWithColumns) {
  const auto trend = [](const std::vector<int>& mixed) {  // pointwise mixing after the columns of each stage
    Sketch net(128);
    std::vector<int> columns(2, net.blur(net.conv(0, 16, 3)));
    for (const int times : mixed) {
      columns = run(net, columns, {conv_column(2), conv_column(2)});
      int joined = net.add(Concat{}, columns);
      for (int i = 0; i < times; ++i) joined = net.pointwise(joined, 64);
      joined = net.blur(joined);
      columns = {net.pointwise(joined, 16), net.pointwise(joined, 16)};
    }
    return measure(net.finish(net.add(Concat{}, columns))).independence_trend;
  };
  EXPECT_LT(trend({0, 4, 8}), -0.1);
  EXPECT_GT(trend({8, 4, 0}), 0.1);
  EXPECT_DOUBLE_EQ(measure(resnet50(true)).independence_trend, 0.0);
}

TEST(Columns, ASharedTrunkBelongsToNoColumn) {
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    const int trunk = conv_column(3)(net, v);
    return net.add(Concat{}, run(net, {trunk, trunk}, {conv_column(2), conv_column(2)}));
  });
  const StageColumns& stage = stage_of(report, 32);
  EXPECT_DOUBLE_EQ(stage.effective_columns, 2.0);
  EXPECT_EQ(stage.independent_macs, 4LL * 16 * 16 * 9 * 32 * 32);
}

TEST(Columns, ForksWithinABranchAreCountedByTheirLeaves) {
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    const int a = conv_column(1)(net, v);
    std::vector<int> leaves = run(net, {a, a}, {conv_column(2), conv_column(2)});
    leaves.push_back(conv_column(2)(net, v));
    return net.add(Concat{}, leaves);
  });
  EXPECT_EQ(columns_of(stage_of(report, 32)), 3u);
  EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 3.0);
}

TEST(Columns, DownsamplingByColumnKeepsThemApart) {
  Sketch net(64);
  const int stem = net.conv(0, 16, 3);
  std::vector<int> columns = run(net, {stem, stem}, {conv_column(2), conv_column(2)});
  const int sum = net.add(Add{}, {columns[0], columns[1]});  // a meeting just before the next stage
  columns = {net.add(Add{}, {columns[0], sum}), net.add(Add{}, {columns[1], sum})};
  for (int& column : columns) column = net.blur(column);
  columns = run(net, columns, {conv_column(2), conv_column(3)});
  const ColumnReport report = measure(net.finish(net.add(Concat{}, columns)));
  EXPECT_THAT(column_counts(report), ElementsAre(2, 2));
  EXPECT_DOUBLE_EQ(stage_of(report, 32).independence(), 1.0);
}

TEST(Columns, AStrideIntoTheStageCountsToItsColumn) {
  Sketch net(64);
  const int stem = net.conv(0, 16, 3);
  std::vector<int> columns = {net.conv(stem, 16, 3, 2), net.conv(stem, 16, 3, 2)};
  columns = run(net, columns, {conv_column(1), conv_column(1)});
  EXPECT_EQ(columns_of(stage_of(measure(net.finish(net.add(Concat{}, columns))), 32)), 2u);
}

TEST(Columns, MapsJoinedWhereTheyEnterAreNoMeeting) {
  Sketch net(64);
  const int stem = net.conv(0, 16, 3);
  std::vector<int> columns = run(net, {stem, stem}, {conv_column(2), conv_column(2)});
  for (int& column : columns) column = net.conv(column, 16, 3, 2);  // strided, hence spatial, and still the entry
  const int first = net.pointwise(net.add(Concat{}, {columns[0], columns[1]}), 16);
  const int second = net.pointwise(net.add(Concat{}, {columns[1], columns[0]}), 16);
  columns = run(net, {first, second}, {conv_column(2), conv_column(2)});
  EXPECT_EQ(columns_of(stage_of(measure(net.finish(net.add(Concat{}, columns))), 32)), 2u);
}

TEST(Columns, AHeightAndWidthReadFromAnotherColumnIsNoMeeting) {
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    std::vector<int> columns = run(net, {v, v}, {conv_column(2), conv_column(2)});
    columns[0] = net.add(Resize{}, {columns[0], columns[1]});
    return net.add(Concat{}, run(net, columns, {conv_column(1), conv_column(1)}));
  });
  ASSERT_EQ(columns_of(stage_of(report, 32)), 2u);
  EXPECT_EQ(stage_of(report, 32).columns[1].series, 3);
}

TEST(Columns, AGateAcrossColumnsIsAMeeting) {
  const ColumnReport report = one_stage([](Sketch& net, int v) {
    std::vector<int> columns = run(net, {v, v}, {conv_column(2), conv_column(2)});
    const int weights = net.add(Activation{ActivationKind::sigmoid}, net.add(GlobalPool{}, columns[0]));
    columns[1] = net.add(Multiply{}, {columns[1], weights});
    return net.add(Concat{}, run(net, columns, {conv_column(2), conv_column(2)}));
  });
  const StageColumns& stage = stage_of(report, 32);
  ASSERT_EQ(columns_of(stage), 2u);
  EXPECT_EQ(stage.columns[0].series, 4);
  EXPECT_EQ(stage.columns[1].series, 2);  // the operators after the gate depend on both
}

TEST(Columns, AProductOfColumnsFromALargerMapIsNoGate) {
  Sketch net(64);
  const int stem = net.conv(0, 16, 3);
  std::vector<int> columns = run(net, {stem, stem}, {conv_column(2), conv_column(2)});
  for (int& column : columns) column = net.blur(column);
  columns = run(net, columns, {conv_column(2), conv_column(2)});
  const ColumnReport report = measure(net.finish(net.add(Multiply{}, columns)));
  EXPECT_THAT(column_counts(report), ElementsAre(2, 2));
}

TEST(Columns, AttentionInSeriesMakesAColumn) {
  const testing::Column attention = [](Sketch& net, int v) {
    const int tokens = net.add(ToTokens{}, v);
    return net.add(FromTokens{}, {net.add(Add{}, {tokens, net.add(MultiHeadAttention{2}, tokens)}), v});
  };
  const ColumnReport report = one_stage([&](Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v}, {repeated(attention, 2), conv_column(2)}));
  });
  EXPECT_EQ(columns_of(stage_of(report, 32)), 2u);
}

TEST(Columns, TheHeadIsInNoStage) {
  Sketch net(32);
  const ColumnReport report = measure(net.finish(net.conv(0, 16, 3)));
  ASSERT_EQ(report.stages.size(), 1u);
  EXPECT_EQ(report.stages[0].macs, 3LL * 16 * 9 * 32 * 32);
}

TEST(Columns, PublishedNetworksWithBranchedBlocksAreTrunks) {
  for (const Architecture& net : {resnet50(true), resnet50(false), googlenet(), googlenet(true), shufflenet_v2(),
                                  mobilenet_v3_like(), dc_ac_trunk()}) {
    EXPECT_DOUBLE_EQ(measure(net).effective_columns, 1.0);
  }
}

TEST(Columns, NoReferenceNetworkHasColumns) {
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    const ColumnReport report = measure(zoo::zoo_network(facts.name));
    if (facts.name == "mixnet-s") {
      // Its first blocks have pointwise convolutions of two groups: two columns through two stages, 18 % of the MACs.
      EXPECT_LT(report.effective_columns, 1.2);
      EXPECT_LT(report.independence, 0.1);
    } else {
      EXPECT_DOUBLE_EQ(report.effective_columns, 1.0) << facts.name;
      EXPECT_DOUBLE_EQ(report.independence, 0.0) << facts.name;
    }
  }
}

TEST(Columns, HeterogeneousNetworkGolden) {
  const Architecture net = heterogeneous_columns();
  const Structure structure(net);
  const ColumnReport& report = structure.columns();
  // One of the four columns at 28 px has less than a tenth of the stage.
  EXPECT_THAT(column_counts(report), ElementsAre(0, 0, ::testing::Ge(3), ::testing::Ge(2), 2, ::testing::_));
  EXPECT_GT(stage_of(report, 56).effective_columns, 2.0);
  EXPECT_GT(stage_of(report, 56).independence(), stage_of(report, 28).independence());
  EXPECT_GT(stage_of(report, 28).independence(), stage_of(report, 14).independence());
  EXPECT_NEAR(stage_of(report, 14).effective_columns, 2.0, 1e-12);

  std::vector<bool> taken(static_cast<std::size_t>(net.size()), false);
  for (const StageColumns& stage : report.stages) {
    for (const structure::Column& column : stage.columns) {
      std::int64_t macs = 0;
      if (stage.finding != StageFinding::columns) continue;
      for (const int v : column_vertices(structure, column)) {
        EXPECT_FALSE(taken[static_cast<std::size_t>(v)]) << net[v].id << " is in two columns";
        taken[static_cast<std::size_t>(v)] = true;
        macs += vertex_cost(net, v).macs;
      }
      EXPECT_EQ(macs, column.macs);
    }
  }
}

struct Summary {
  std::vector<std::vector<std::int64_t>> stages;
  double effective_columns = 0;
  bool operator==(const Summary&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Summary& summary) {
  return out << summary.effective_columns << " " << ::testing::PrintToString(summary.stages);
}

Summary summary(const ColumnReport& report) {
  Summary result;
  result.effective_columns = report.effective_columns;
  for (const StageColumns& stage : report.stages) {
    std::vector<std::int64_t> numbers = {stage.height, stage.width, stage.macs, stage.independent_macs,
                                         static_cast<std::int64_t>(stage.finding)};
    std::vector<std::vector<std::int64_t>> columns;
    for (const structure::Column& column : stage.columns) {
      columns.push_back({column.macs, column.series, static_cast<std::int64_t>(column.nodes.size())});
    }
    std::sort(columns.begin(), columns.end());
    for (const auto& column : columns) numbers.insert(numbers.end(), column.begin(), column.end());
    result.stages.push_back(numbers);
  }
  return result;
}

TEST(Columns, DoNotDependOnOrderIdsOrTags) {
  Rng rng(7);
  for (int i = 0; i < 300; ++i) {
    const Architecture net =
        i == 0 ? heterogeneous_columns() : RandomArchitecture(rng, 32, 20 + below(rng, 80)).build();
    const Summary expected = summary(measure(net));
    for (int k = 0; k < 4; ++k) {
      EXPECT_EQ(summary(measure(disguised(net, rng))), expected) << "network " << i;
    }
  }
}

TEST(Columns, ReportsAddUp) {
  Rng rng(11);
  for (int i = 0; i < 300; ++i) {
    const Architecture net = RandomArchitecture(rng, 32, 20 + below(rng, 80)).build();
    std::int64_t all = 0;
    for (const StageColumns& stage : measure(net).stages) {
      all += stage.macs;
      EXPECT_LE(stage.independent_macs, stage.macs);
      EXPECT_GE(stage.effective_columns, 1.0);
      EXPECT_LE(stage.effective_columns, std::max(1.0, static_cast<double>(stage.columns.size())) + 1e-9);
      EXPECT_EQ(stage.independent_macs > 0, columns_of(stage) >= 2);
      for (const structure::Column& column : stage.columns) {
        if (columns_of(stage) > 0) EXPECT_GE(column.series, 2);
      }
    }
    EXPECT_LE(all, cost(net).macs);
  }
}

}  // namespace
}  // namespace gensynth::structure
