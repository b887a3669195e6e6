#include "constraints/rules/columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/zoo/zoo.hpp"
#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/constraints/networks.hpp"

namespace gensynth::constraints {
namespace {

using namespace gensynth::testing;
using ::testing::ElementsAre;

const rules::StageColumns& stage_of(const rules::ColumnReport& report, int px) {
  for (const rules::StageColumns& stage : report.stages) {
    if (stage.height == px) return stage;
  }
  throw Error("no stage of " + std::to_string(px) + " px");
}

std::vector<int> column_counts(const rules::ColumnReport& report) {
  std::vector<int> result;
  for (const rules::StageColumns& stage : report.stages) result.push_back(static_cast<int>(stage.columns.size()));
  return result;
}

/// One stage of 32 px after a stem, drawn by `body`, then a pointwise convolution over what it returns.
rules::ColumnReport one_stage(const std::function<int(testing::Sketch&, int)>& body) {
  testing::Sketch net(64);
  const int entry = net.blur(net.conv(0, 16, 3));
  return rules::measure_columns(net.finish(net.pointwise(body(net, entry), 32)));
}

TEST(Columns, EqualBranchesCountAsTheirNumber) {
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v, v}, {conv_column(2), conv_column(2), conv_column(2)}));
  });
  const rules::StageColumns& stage = stage_of(report, 32);
  ASSERT_EQ(stage.columns.size(), 3u);
  EXPECT_DOUBLE_EQ(stage.effective_columns, 3.0);
  const std::int64_t column = 2LL * 16 * 16 * 9 * 32 * 32;
  for (const rules::ColumnBranch& branch : stage.columns) {
    EXPECT_EQ(branch.macs, column);
    EXPECT_EQ(branch.series, 2);
    EXPECT_EQ(branch.vertices.size(), 6u);
  }
  EXPECT_EQ(stage.independent_macs, 3 * column);
  EXPECT_EQ(stage.macs, 3 * column + 48LL * 32 * 32 * 32);
}

TEST(Columns, UnequalBranchesCountByTheirMacs) {
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v}, {conv_column(2), conv_column(4)}));
  });
  EXPECT_NEAR(stage_of(report, 32).effective_columns, 9.0 / 5.0, 1e-12);  // (1 + 2)^2 / (1 + 4)
}

TEST(Columns, OneSpatialConvolutionIsNoColumn) {
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v}, {conv_column(1), separable_column(5, 1)}));
  });
  EXPECT_LT(stage_of(report, 32).columns.size(), 2u);
  EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 1.0);
}

TEST(Columns, FactorisedKernelsCountOnce) {
  const auto factorised = [](int times) {
    return repeated(
        [](testing::Sketch& net, int v) {
          return net.conv(net.conv(v, 16, Pair{1, 7}), 16, Pair{7, 1});
        },
        times);
  };
  const auto columns = [&](int times) {
    return stage_of(one_stage([&](testing::Sketch& net, int v) {
                      return net.add(Concat{}, run(net, {v, v}, {factorised(times), factorised(times)}));
                    }),
                    32)
        .columns.size();
  };
  EXPECT_LT(columns(1), 2u);
  EXPECT_EQ(columns(2), 2u);
}

TEST(Columns, GatesCountOnceAndSqueezeExciteNotAtAll) {
  const auto columns = [](const testing::Column& a, const testing::Column& b) {
    return stage_of(one_stage([&](testing::Sketch& net, int v) {
                      return net.add(Concat{}, run(net, {v, v}, {a, b}));
                    }),
                    32)
        .columns.size();
  };
  EXPECT_EQ(columns(dc_ac_column(2), dc_ac_column(2)), 2u);
  EXPECT_LT(columns(dc_ac_column(1), dc_ac_column(1)), 2u);
  const testing::Column excited = [](testing::Sketch& net, int v) { return net.squeeze_excite(net.separable(v, 3)); };
  EXPECT_LT(columns(excited, excited), 2u);
  EXPECT_EQ(columns(repeated(excited, 2), repeated(excited, 2)), 2u);
}

TEST(Columns, AGateWhoseBranchesShareTheirPoolingIsOneGate) {
  const testing::Column shared = repeated([](testing::Sketch& net, int v) { return net.dc_ac_shared(v); }, 2);
  const rules::ColumnReport report = one_stage([&](testing::Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v}, {shared, shared}));
  });
  EXPECT_EQ(stage_of(report, 32).columns.size(), 2u);
  for (const rules::StageColumns& stage : report.stages)
    EXPECT_GE(stage.height, 32) << "the inside of a gate is no stage";
}

TEST(Columns, ResidualsAndBlocksInsideAColumnDoNotEndIt) {
  const testing::Column residual = [](testing::Sketch& net, int v) { return net.add(Add{}, {v, net.separable(v, 3)}); };
  const testing::Column projected = [](testing::Sketch& net, int v) {
    return net.add(Add{}, {net.pointwise(v, 24), net.pointwise(net.separable(v, 3), 24)});
  };
  const testing::Column inception = [](testing::Sketch& net, int v) {
    const int half = net.shape(v).channels / 2;
    return net.add(Concat{}, {net.pointwise(v, half), net.conv(net.pointwise(v, half), half, 3)});
  };
  for (const testing::Column& block : {residual, projected, inception}) {
    const rules::ColumnReport report = one_stage([&](testing::Sketch& net, int v) {
      return net.add(Concat{}, run(net, {v, v}, {repeated(block, 3), repeated(block, 3)}));
    });
    ASSERT_EQ(stage_of(report, 32).columns.size(), 2u);
    EXPECT_EQ(stage_of(report, 32).columns[0].series, 3);
    EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 2.0);
  }
}

TEST(Columns, ParallelKernelsOfOneSizeEachAreABlock) {
  const testing::Column mixed = [](testing::Sketch& net, int v) {  // MixConv (arXiv:1907.09595)
    std::vector<int> parts;
    for (int part = 0; part < 2; ++part) {
      parts.push_back(net.depthwise(net.add(Split{8 * part, 8 * part + 8}, v), 3 + 2 * part));
    }
    return net.add(Add{}, {v, net.pointwise(net.add(Concat{}, parts), 16)});
  };
  const rules::ColumnReport report = one_stage(repeated(mixed, 4));
  EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 1.0);
  EXPECT_TRUE(stage_of(report, 32).meetings.empty());
}

TEST(Columns, AnIdentityBesideTwoBranchesLeavesTheirForkWhereItIs) {
  // The add reads the entry, and two columns that fork further down.
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    const int lower = net.conv(v, 16, 3);
    std::vector<int> columns = run(net, {lower, lower}, {conv_column(1), conv_column(1)});
    const int sum = net.add(Add{}, {v, columns[0], columns[1]});
    return net.add(Concat{}, {conv_column(1)(net, sum), conv_column(4)(net, lower)});
  });
  ASSERT_EQ(stage_of(report, 32).columns.size(), 2u);
  EXPECT_EQ(stage_of(report, 32).columns[0].series, 4);
  EXPECT_EQ(stage_of(report, 32).columns[1].series, 2);
}

TEST(Columns, AResidualAroundAllColumnsChangesNothing) {
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    const int joined = net.add(Concat{}, run(net, {v, v}, {conv_column(2), conv_column(2)}));
    return net.add(Add{}, {v, net.pointwise(joined, 16)});
  });
  EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 2.0);
}

TEST(Columns, AfterAMeetingNothingIsIndependent) {
  const auto exchanging = [](int first) {
    return one_stage([=](testing::Sketch& net, int v) {
      std::vector<int> columns = run(net, {v, v}, {conv_column(first), conv_column(first)});
      for (int exchange = 0; exchange < 2; ++exchange) {
        columns = {net.add(Add{}, {columns[0], columns[1]}), net.add(Add{}, {columns[1], columns[0]})};
        columns = run(net, columns, {conv_column(2), conv_column(2)});
      }
      return net.add(Concat{}, columns);
    });
  };
  const std::int64_t conv = 16LL * 16 * 9 * 32 * 32;
  const rules::ColumnReport late = exchanging(2);
  EXPECT_EQ(stage_of(late, 32).columns.size(), 2u);
  EXPECT_EQ(stage_of(late, 32).independent_macs, 4 * conv);  // of twelve convolutions
  EXPECT_GE(stage_of(late, 32).meetings.size(), 2u);
  EXPECT_DOUBLE_EQ(stage_of(exchanging(1), 32).effective_columns, 1.0);
}

TEST(Columns, ASharedTrunkBelongsToNoColumn) {
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    const int trunk = conv_column(3)(net, v);
    return net.add(Concat{}, run(net, {trunk, trunk}, {conv_column(2), conv_column(2)}));
  });
  const rules::StageColumns& stage = stage_of(report, 32);
  EXPECT_DOUBLE_EQ(stage.effective_columns, 2.0);
  EXPECT_EQ(stage.independent_macs, 4LL * 16 * 16 * 9 * 32 * 32);
}

TEST(Columns, ForksWithinABranchAreCountedByTheirLeaves) {
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    const int a = conv_column(1)(net, v);
    std::vector<int> leaves = run(net, {a, a}, {conv_column(2), conv_column(2)});
    leaves.push_back(conv_column(2)(net, v));
    return net.add(Concat{}, leaves);
  });
  EXPECT_EQ(stage_of(report, 32).columns.size(), 3u);
  EXPECT_DOUBLE_EQ(stage_of(report, 32).effective_columns, 3.0);
}

TEST(Columns, DownsamplingByColumnKeepsThemApart) {
  testing::Sketch net(64);
  const int stem = net.conv(0, 16, 3);
  std::vector<int> columns = run(net, {stem, stem}, {conv_column(2), conv_column(2)});
  const int sum = net.add(Add{}, {columns[0], columns[1]});  // a meeting just before the next stage
  columns = {net.add(Add{}, {columns[0], sum}), net.add(Add{}, {columns[1], sum})};
  for (int& column : columns) column = net.blur(column);
  columns = run(net, columns, {conv_column(2), conv_column(3)});
  const rules::ColumnReport report = rules::measure_columns(net.finish(net.add(Concat{}, columns)));
  EXPECT_THAT(column_counts(report), ElementsAre(2, 2));
  EXPECT_DOUBLE_EQ(stage_of(report, 32).independence(), 1.0);
}

TEST(Columns, AStrideIntoTheStageCountsToItsColumn) {
  testing::Sketch net(64);
  const int stem = net.conv(0, 16, 3);
  std::vector<int> columns = {net.conv(stem, 16, 3, 2), net.conv(stem, 16, 3, 2)};
  columns = run(net, columns, {conv_column(1), conv_column(1)});
  EXPECT_EQ(stage_of(rules::measure_columns(net.finish(net.add(Concat{}, columns))), 32).columns.size(), 2u);
}

TEST(Columns, MapsJoinedWhereTheyEnterAreNoMeeting) {
  testing::Sketch net(64);
  const int stem = net.conv(0, 16, 3);
  std::vector<int> columns = run(net, {stem, stem}, {conv_column(2), conv_column(2)});
  for (int& column : columns) column = net.conv(column, 16, 3, 2);  // strided, hence spatial, and still the entry
  const int first = net.pointwise(net.add(Concat{}, {columns[0], columns[1]}), 16);
  const int second = net.pointwise(net.add(Concat{}, {columns[1], columns[0]}), 16);
  columns = run(net, {first, second}, {conv_column(2), conv_column(2)});
  EXPECT_EQ(stage_of(rules::measure_columns(net.finish(net.add(Concat{}, columns))), 32).columns.size(), 2u);
}

TEST(Columns, AHeightAndWidthReadFromAnotherColumnIsNoMeeting) {
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    std::vector<int> columns = run(net, {v, v}, {conv_column(2), conv_column(2)});
    columns[0] = net.add(Resize{}, {columns[0], columns[1]});
    return net.add(Concat{}, run(net, columns, {conv_column(1), conv_column(1)}));
  });
  ASSERT_EQ(stage_of(report, 32).columns.size(), 2u);
  EXPECT_EQ(stage_of(report, 32).columns[1].series, 3);
}

TEST(Columns, AGateAcrossColumnsIsAMeeting) {
  const rules::ColumnReport report = one_stage([](testing::Sketch& net, int v) {
    std::vector<int> columns = run(net, {v, v}, {conv_column(2), conv_column(2)});
    const int weights = net.add(Activation{ActivationKind::sigmoid}, net.add(GlobalPool{}, columns[0]));
    columns[1] = net.add(Multiply{}, {columns[1], weights});
    return net.add(Concat{}, run(net, columns, {conv_column(2), conv_column(2)}));
  });
  const rules::StageColumns& stage = stage_of(report, 32);
  ASSERT_EQ(stage.columns.size(), 2u);
  EXPECT_EQ(stage.columns[0].series, 4);
  EXPECT_EQ(stage.columns[1].series, 2);  // what follows the gate knows of both
}

TEST(Columns, AProductOfColumnsFromALargerMapIsNoGate) {
  testing::Sketch net(64);
  const int stem = net.conv(0, 16, 3);
  std::vector<int> columns = run(net, {stem, stem}, {conv_column(2), conv_column(2)});
  for (int& column : columns) column = net.blur(column);
  columns = run(net, columns, {conv_column(2), conv_column(2)});
  const rules::ColumnReport report = rules::measure_columns(net.finish(net.add(Multiply{}, columns)));
  EXPECT_THAT(column_counts(report), ElementsAre(2, 2));
}

TEST(Columns, AttentionInSeriesMakesAColumn) {
  const testing::Column attention = [](testing::Sketch& net, int v) {
    const int tokens = net.add(ToTokens{}, v);
    return net.add(FromTokens{}, {net.add(Add{}, {tokens, net.add(MultiHeadAttention{2}, tokens)}), v});
  };
  const rules::ColumnReport report = one_stage([&](testing::Sketch& net, int v) {
    return net.add(Concat{}, run(net, {v, v}, {repeated(attention, 2), conv_column(2)}));
  });
  EXPECT_EQ(stage_of(report, 32).columns.size(), 2u);
}

TEST(Columns, TheHeadIsInNoStage) {
  testing::Sketch net(32);
  const rules::ColumnReport report = rules::measure_columns(net.finish(net.conv(0, 16, 3)));
  ASSERT_EQ(report.stages.size(), 1u);
  EXPECT_EQ(report.stages[0].macs, 3LL * 16 * 9 * 32 * 32);
}

TEST(Columns, PublishedNetworksWithBranchedBlocksAreTrunks) {
  for (const Architecture& net : {resnet50(true), resnet50(false), googlenet(), googlenet(true), shufflenet_v2(),
                                  mobilenet_v3_like(), dc_ac_trunk()}) {
    EXPECT_DOUBLE_EQ(rules::measure_columns(net).effective_columns, 1.0);
  }
}

TEST(Columns, NoReferenceNetworkHasColumns) {
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    EXPECT_DOUBLE_EQ(rules::measure_columns(zoo::zoo_network(facts.name)).effective_columns, 1.0) << facts.name;
  }
}

TEST(Columns, HeterogeneousNetworkGolden) {
  const Architecture net = heterogeneous_columns();
  const rules::ColumnReport report = rules::measure_columns(net);
  EXPECT_THAT(column_counts(report), ElementsAre(::testing::_, 4, 4, 2, ::testing::_));
  EXPECT_GT(stage_of(report, 56).effective_columns, 2.0);
  EXPECT_GT(stage_of(report, 56).independence(), stage_of(report, 28).independence());
  EXPECT_GT(stage_of(report, 28).independence(), stage_of(report, 14).independence());
  EXPECT_NEAR(stage_of(report, 14).effective_columns, 2.0, 1e-12);

  std::vector<bool> taken(static_cast<std::size_t>(net.size()), false);
  for (const rules::StageColumns& stage : report.stages) {
    for (const rules::ColumnBranch& column : stage.columns) {
      std::int64_t macs = 0;
      for (const int v : column.vertices) {
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

Summary summary(const rules::ColumnReport& report) {
  Summary result;
  result.effective_columns = report.effective_columns;
  for (const rules::StageColumns& stage : report.stages) {
    std::vector<std::int64_t> numbers = {stage.height, stage.width, stage.macs, stage.independent_macs,
                                         static_cast<std::int64_t>(stage.meetings.size())};
    std::vector<std::vector<std::int64_t>> columns;
    for (const rules::ColumnBranch& column : stage.columns) {
      columns.push_back({column.macs, column.series, static_cast<std::int64_t>(column.vertices.size())});
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
    const Summary expected = summary(rules::measure_columns(net));
    for (int k = 0; k < 4; ++k) {
      EXPECT_EQ(summary(rules::measure_columns(disguised(net, rng))), expected) << "network " << i;
    }
  }
}

TEST(Columns, ReportsAddUp) {
  Rng rng(11);
  for (int i = 0; i < 300; ++i) {
    const Architecture net = RandomArchitecture(rng, 32, 20 + below(rng, 80)).build();
    std::int64_t all = 0;
    for (const rules::StageColumns& stage : rules::measure_columns(net).stages) {
      all += stage.macs;
      EXPECT_LE(stage.independent_macs, stage.macs);
      EXPECT_GE(stage.effective_columns, 1.0);
      EXPECT_LE(stage.effective_columns, std::max(1.0, static_cast<double>(stage.columns.size())) + 1e-9);
      for (const rules::ColumnBranch& column : stage.columns) EXPECT_GE(column.series, 2);
    }
    EXPECT_LE(all, cost(net).macs);
  }
}

}  // namespace
}  // namespace gensynth::constraints
