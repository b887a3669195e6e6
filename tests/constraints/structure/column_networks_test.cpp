#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/zoo/zoo.hpp"
#include "constraints/structure/columns.hpp"
#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/constraints/networks.hpp"
#include "tests/constraints/structure/columns.hpp"

namespace gensynth::structure {
namespace {

using namespace gensynth::testing;
using ::testing::ElementsAre;

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
    return net.add(Concat{}, run(net, {v, v}, {repeated(attention, 2), conv_column(4)}));
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
      // Golden: the value of both ways to write them, groups and branches. A columnar stage needs 0.3.
      EXPECT_NEAR(report.independence, 0.112013, 1e-6);
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
  EXPECT_THAT(column_counts(report), ElementsAre(0, ::testing::Ge(3), ::testing::Ge(2), 2, ::testing::_));
  EXPECT_GT(stage_of(report, 56).effective_columns, 2.0);
  EXPECT_GT(stage_of(report, 56).independence(), stage_of(report, 28).independence());
  EXPECT_GT(stage_of(report, 28).independence(), stage_of(report, 14).independence());
  EXPECT_NEAR(stage_of(report, 14).effective_columns, 2.0, 1e-12);

  // No node is in two columns. A vertex may be, where two columns have a part of it each.
  std::vector<bool> taken(static_cast<std::size_t>(structure.form().size()), false);
  for (const StageColumns& stage : report.stages) {
    if (stage.finding != StageFinding::columns) continue;
    for (const structure::Column& column : stage.columns) {
      std::int64_t macs = 0;
      for (const int n : column.nodes) {
        EXPECT_FALSE(taken[static_cast<std::size_t>(n)]) << n << " is in two columns";
        taken[static_cast<std::size_t>(n)] = true;
      }
      for (const int v : column_vertices(structure, column)) macs += vertex_cost(net, v).macs;
      if (stage.height > 14) {
        EXPECT_EQ(macs, column.macs);
      }
      EXPECT_GE(macs, column.macs);
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
        if (columns_of(stage) > 0) {
          EXPECT_GE(column.series, 2);
        }
      }
    }
    EXPECT_LE(all, cost(net).macs);
  }
}

}  // namespace
}  // namespace gensynth::structure
