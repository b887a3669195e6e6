#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/zoo/zoo.hpp"
#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;
using constraints::Verdict;
using ::testing::HasSubstr;

const nlohmann::json kColumnar = {{"constraint", "columnar"}};

TEST(Columnar, TrunksAreRefusedWhateverTheirTags) {
  for (const Architecture& net :
       {resnet50(true), googlenet(), googlenet(true), shufflenet_v2(), mobilenet_v3_like(), dc_ac_trunk()}) {
    const Verdict verdict = judge(kColumnar, net);
    EXPECT_FALSE(verdict.satisfied);
    EXPECT_DOUBLE_EQ(verdict.measured, 0.0);
    EXPECT_DOUBLE_EQ(verdict.bound, 0.3);
    EXPECT_NEAR(verdict.relative_violation(), 1.0, 1e-12);
  }
  EXPECT_THAT(judge(kColumnar, resnet50(true)).message, HasSubstr("stage 2 (56x56): 1 branch beside a trunk"));
  EXPECT_THAT(judge(kColumnar, dc_ac_trunk()).message, HasSubstr("stage 3 (56x56): one trunk"));
}

TEST(Columnar, NoReferenceNetworkIs) {
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    const Verdict verdict = judge(kColumnar, zoo::zoo_network(facts.name));
    EXPECT_FALSE(verdict.satisfied) << facts.name << ": " << verdict.message;
  }
}

TEST(Columnar, ColumnsAreFoundWhateverTheirTags) {
  for (const bool truthful : {true, false}) {
    const Verdict verdict = judge(kColumnar, heterogeneous_columns(truthful));
    EXPECT_TRUE(verdict.satisfied) << verdict.message;
    EXPECT_FALSE(verdict.hard);
    EXPECT_GT(verdict.measured, 0.6);
    EXPECT_EQ(verdict.violation, 0);
    EXPECT_TRUE(verdict.vertices.empty());
    EXPECT_THAT(verdict.message, HasSubstr("stage 2 (56x56): "));
    EXPECT_THAT(verdict.message, HasSubstr("columns, N 2."));
  }
}

/// Two stages of columns at 32 and 16 px between a stem and a head, drawn by `stage` from one map to one map.
Architecture two_stages(const Column& stage) {
  Sketch net(64);
  int v = net.blur(net.conv(0, 16, 3));
  v = net.blur(stage(net, v));
  return net.finish(net.blur(stage(net, v)));
}

Column joined(const std::vector<Column>& columns, int width = 16) {
  return [=](Sketch& net, int v) {
    std::vector<int> from;
    for (std::size_t c = 0; c < columns.size(); ++c) from.push_back(net.pointwise(v, width));
    return net.pointwise(net.add(Concat{}, run(net, from, columns)), 16);
  };
}

TEST(Columnar, EqualAndUnequalColumnsCount) {
  EXPECT_TRUE(judge(kColumnar, two_stages(joined(std::vector<Column>(4, separable_column(3, 2))))).satisfied);
  EXPECT_TRUE(judge(kColumnar, two_stages(joined({separable_column(5, 3), separable_column(3, 2)}))).satisfied);
  EXPECT_TRUE(
      judge(kColumnar, two_stages(joined({dc_ac_column(2), dc_ac_column(2), separable_column(3, 2)}))).satisfied);
}

TEST(Columnar, NegligibleColumnsBesideATrunkDoNotCount) {
  const Column decorated = [](Sketch& net, int v) {
    std::vector<int> parts{conv_column(4)(net, v)};
    for (int c = 0; c < 4; ++c) parts.push_back(separable_column(3, 2)(net, net.pointwise(v, 2)));
    return net.pointwise(net.add(Concat{}, parts), 16);
  };
  const Verdict verdict = judge(kColumnar, two_stages(decorated));
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_THAT(verdict.message, HasSubstr("beside a trunk"));
  EXPECT_THAT(verdict.message, HasSubstr("a column needs 10 %"));
}

TEST(Columnar, ColumnsThatMeetAfterEveryOperatorAreNone) {
  const Column exchanging = [](Sketch& net, int v) {
    std::vector<int> columns{net.pointwise(v, 16), net.pointwise(v, 16)};
    for (int i = 0; i < 4; ++i) {
      columns = run(net, columns, {separable_column(3, 1), separable_column(5, 1)});
      columns = {net.add(Add{}, {columns[0], columns[1]}), net.add(Add{}, {columns[1], columns[0]})};
    }
    return net.add(Add{}, columns);
  };
  const Verdict verdict = judge(kColumnar, two_stages(exchanging));
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_THAT(verdict.message,
              HasSubstr("stage 2 (32x32): columns 1 and 2 meet after every spatial operator at 'add_"));
  EXPECT_THAT(verdict.message, HasSubstr("independence 0.00 of 0.30"));
  EXPECT_FALSE(verdict.vertices.empty());
}

TEST(Columnar, OneSmallStageOfColumnsIsNotEnough) {
  Sketch net(64);
  const int stem = net.conv(0, 16, 3, 2);
  const std::vector<Column> four(4, conv_column(6));
  const int v = net.add(Concat{}, run(net, {stem, stem, stem, stem}, four));
  const Architecture one = net.finish(net.conv(net.blur(v), 16, 3));
  const Verdict verdict = judge(kColumnar, one);
  EXPECT_GT(verdict.measured, 0.3);
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_NEAR(verdict.relative_violation(), 0.5, 1e-12);  // one of two wanted stages
  const auto with = [&](nlohmann::json more) {
    more["constraint"] = "columnar";
    return judge(more, one).satisfied;
  };
  EXPECT_TRUE(with({{"min_columnar_stages", 1}}));
  EXPECT_FALSE(with({{"min_columnar_stages", 1}, {"min_effective_columns", 4}}));
  EXPECT_FALSE(with({{"min_columnar_stages", 1}, {"min_stage_columns", 4.1}}));
  EXPECT_FALSE(with({{"min_columnar_stages", 1}, {"min_independence", 0.999}}));
  EXPECT_FALSE(with({{"min_columnar_stages", 1}, {"min_macs_share", 1.0}}));
  EXPECT_FALSE(with({{"min_columnar_stages", 1}, {"min_column_share", 0.3}}));
  EXPECT_FALSE(with({{"min_columnar_stages", 1}, {"min_column_series", 7}}));

  // Two stages of columns that hold little of the network.
  Sketch small(64);
  int w = conv_column(6)(small, small.conv(0, 32, 3));
  for (int stage = 0; stage < 2; ++stage)
    w = joined(std::vector<Column>(2, separable_column(3, 2)))(small, small.blur(w));
  const Verdict share = judge(kColumnar, small.finish(w));
  EXPECT_FALSE(share.satisfied);
  EXPECT_THAT(share.message, HasSubstr("2 of 3 stages are columnar (at least 2)"));
  EXPECT_LT(share.measured, 0.3);
  EXPECT_GT(share.relative_violation(), 0);
  EXPECT_LT(share.relative_violation(), 1);
}

TEST(Columnar, EarlyMeetingsAreBlamed) {
  Sketch net(64);
  const int stem = net.conv(0, 16, 3, 2);
  std::vector<int> v = run(net, {stem, stem}, {conv_column(2), conv_column(2)});
  v = {net.add(Add{}, {v[0], v[1]}), net.add(Add{}, {v[1], v[0]})};
  const std::vector<int> meetings = v;
  int joint = net.add(Concat{}, v);
  for (int i = 0; i < 3; ++i) joint = net.conv(joint, 32, 3);
  const Verdict verdict = judge(kColumnar, net.finish(joint));
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_THAT(meetings, ::testing::Contains(verdict.vertices.front()));
  EXPECT_THAT(verdict.message, HasSubstr("columns 1 and 2 meet after "));
  EXPECT_THAT(verdict.message, HasSubstr(" of the stage at 'add_"));
}

TEST(Columnar, TheViolationFallsAsStagesComeNearer) {
  double last = 2;
  for (const int share : {0, 2, 4, 8}) {  // pointwise convolutions of the trunk fall from 8 to none
    const Column stage = [=](Sketch& net, int v) {
      int w = joined(std::vector<Column>(2, separable_column(3, 2)))(net, v);
      for (int i = 0; i < 3 * (8 - share); ++i) w = net.pointwise(w, 32);
      return net.pointwise(w, 16);
    };
    const double violation = judge(kColumnar, two_stages(stage)).violation;
    EXPECT_LT(violation, last);
    last = violation;
  }
  EXPECT_EQ(last, 0);
}

}  // namespace
}  // namespace gensynth::rules
