#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "constraints/rules/interval.hpp"
#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::constraints {
namespace {

using namespace gensynth::testing;
using ::testing::HasSubstr;

const nlohmann::json kColumnar = {{"constraint", "columnar"}};
const nlohmann::json kStrided = {{"constraint", "no_strided_pointwise"}};
const nlohmann::json kFiltered = {{"constraint", "anti_aliased_downsampling"}};

TEST(Columnar, TrunksAreRefusedWhateverTheirTags) {
  for (const Architecture& net :
       {resnet50(true), googlenet(), googlenet(true), shufflenet_v2(), mobilenet_v3_like(), dc_ac_trunk()}) {
    const Verdict verdict = judge(kColumnar, net);
    EXPECT_FALSE(verdict.satisfied);
    EXPECT_DOUBLE_EQ(verdict.measured, 1.0);
    EXPECT_DOUBLE_EQ(verdict.bound, 1.5);
    EXPECT_NEAR(verdict.violation, 0.75, 1e-12);  // two stages lack half of N = 2 each
    EXPECT_THAT(verdict.message, HasSubstr("one trunk"));
  }
}

TEST(Columnar, ColumnsAreFoundWhateverTheirTags) {
  for (const bool truthful : {true, false}) {
    const Verdict verdict = judge(kColumnar, heterogeneous_columns(truthful));
    EXPECT_TRUE(verdict.satisfied) << verdict.message;
    EXPECT_FALSE(verdict.hard);
    EXPECT_GT(verdict.measured, 1.5);
    EXPECT_EQ(verdict.violation, 0);
    EXPECT_TRUE(verdict.vertices.empty());
    EXPECT_THAT(verdict.message, HasSubstr("56x56: 4 columns"));
  }
}

TEST(Columnar, TooFewColumnarStagesViolateItOnTheirOwn) {
  testing::Sketch net(64);
  const int stem = net.conv(0, 16, 3, 2);
  const std::vector<testing::Column> four(4, conv_column(6));
  const int v = net.add(Concat{}, run(net, {stem, stem, stem, stem}, four));
  const Architecture one = net.finish(net.conv(net.blur(v), 16, 3));
  const Verdict verdict = judge(kColumnar, one);
  EXPECT_GT(verdict.measured, 1.5);
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_NEAR(verdict.violation, 1.5 * 0.25, 1e-12);  // of two wanted stages one has N = 1
  EXPECT_TRUE(judge({{"constraint", "columnar"}, {"min_columnar_stages", 1}}, one).satisfied);
  EXPECT_FALSE(
      judge({{"constraint", "columnar"}, {"min_columnar_stages", 1}, {"min_effective_columns", 4}}, one).satisfied);
  EXPECT_FALSE(
      judge({{"constraint", "columnar"}, {"min_columnar_stages", 1}, {"min_independence", 0.999}}, one).satisfied);
}

TEST(Columnar, EarlyMeetingsAreBlamed) {
  testing::Sketch net(64);
  const int stem = net.conv(0, 16, 3, 2);
  std::vector<int> v = run(net, {stem, stem}, {conv_column(2), conv_column(4)});  // N = 1.8
  v = {net.add(Add{}, {v[0], v[1]}), net.add(Add{}, {v[1], v[0]})};
  const std::vector<int> meetings = v;
  v = run(net, v, {conv_column(1), conv_column(1)});
  const Verdict verdict = judge(kColumnar, net.finish(net.add(Concat{}, v)));
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_THAT(verdict.vertices, ::testing::IsSupersetOf(meetings));
}

TEST(NoStridedPointwise, GoldenNetworks) {
  EXPECT_EQ(judge(kStrided, resnet50(true)).measured, 3);   // the projections of three stages
  EXPECT_EQ(judge(kStrided, resnet50(false)).measured, 6);  // and the first convolutions
  for (const Architecture& net :
       {googlenet(), shufflenet_v2(), mobilenet_v3_like(), dc_ac_trunk(), heterogeneous_columns()}) {
    const Verdict verdict = judge(kStrided, net);
    EXPECT_TRUE(verdict.satisfied) << verdict.message;
    EXPECT_TRUE(verdict.hard);
    EXPECT_EQ(verdict.violation, 0);
  }
  const Verdict verdict = judge(kStrided, resnet50(true));
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_EQ(verdict.violation, 3);
  EXPECT_EQ(verdict.vertices.size(), 3u);
  EXPECT_THAT(verdict.message, HasSubstr("3 vertices"));
}

/// Offences of one operator on a 16 px map with 8 channels.
double offences(const Operator& op) {
  testing::Sketch net(16);
  return judge(kStrided, net.finish(net.add(op, net.conv(0, 8, 3)))).measured;
}

TEST(NoStridedPointwise, WindowsAgainstStrides) {
  const auto conv = [](Pair kernel, Pair stride, Pair dilation = {}) {
    return Convolution{.out_channels = 8, .kernel = kernel, .stride = stride, .dilation = dilation};
  };
  EXPECT_EQ(offences(conv({1, 1}, {1, 1})), 0);
  EXPECT_EQ(offences(conv({1, 1}, {2, 2})), 1);
  EXPECT_EQ(offences(conv({2, 2}, {2, 2})), 0);
  EXPECT_EQ(offences(conv({3, 1}, {2, 2})), 1);  // on one axis
  EXPECT_EQ(offences(conv({3, 1}, {2, 1})), 0);
  EXPECT_EQ(offences(conv({2, 2}, {3, 3})), 1);
  EXPECT_EQ(offences(conv({3, 3}, {2, 2}, {2, 2})), 1);  // reads every second place only
  EXPECT_EQ(offences(conv({3, 3}, {2, 2}, {3, 3})), 0);
  EXPECT_EQ(offences(Pool{PoolKind::max, {1, 1}, {2, 2}}), 1);
  EXPECT_EQ(offences(Pool{PoolKind::average, {2, 2}, {2, 2}}), 0);
  EXPECT_EQ(offences(Pool{PoolKind::average, {2, 2}, {3, 3}}), 1);
  EXPECT_EQ(offences(BlurPool{2, 2}), 0);
  EXPECT_EQ(offences(BlurPool{2, 3}), 1);
  EXPECT_EQ(offences(Resize{ResizeMode::nearest, 2}), 0);
}

TEST(NoStridedPointwise, ResizesToSmallerMaps) {
  for (const auto& [mode, steps, expected] :
       {std::tuple(ResizeMode::nearest, 1, 1), std::tuple(ResizeMode::bilinear, 1, 0),
        std::tuple(ResizeMode::bilinear, 2, 1)}) {
    testing::Sketch net(16);
    const int fine = net.conv(0, 8, 3);
    int coarse = fine;
    for (int i = 0; i < steps; ++i) coarse = net.blur(coarse);
    const int resized = net.add(Resize{mode, 0}, {fine, coarse});
    EXPECT_EQ(judge(kStrided, net.finish(net.add(Add{}, {resized, coarse}))).measured, expected);
  }
}

TEST(NoStridedPointwise, PointwiseThenPoolingOfOneIsCaught) {
  testing::Sketch net(32);
  const int pool = net.add(Pool{PoolKind::max, {1, 1}, {2, 2}}, net.pointwise(net.conv(0, 8, 3), 16));
  const Architecture built = net.finish(pool);
  EXPECT_EQ(judge(kStrided, built).vertices, std::vector<int>{pool});
}

TEST(AntiAliased, GoldenNetworks) {
  for (const Architecture& net : {dc_ac_trunk(), heterogeneous_columns()}) {
    const Verdict verdict = judge(kFiltered, net);
    EXPECT_TRUE(verdict.satisfied) << verdict.message;
    EXPECT_FALSE(verdict.hard);
    EXPECT_EQ(verdict.measured, 1);
    // Their condensers use max pooling.
    const Verdict both = judge({{"constraint", "anti_aliased_downsampling"}, {"include_condensers", true}}, net);
    EXPECT_FALSE(both.satisfied);
    EXPECT_LT(both.measured, 1);
    for (const int v : both.vertices) EXPECT_TRUE(std::holds_alternative<Pool>(net.op(v)));
  }
  const Architecture plain = resnet50(true);
  const Verdict verdict = judge(kFiltered, plain);
  EXPECT_EQ(verdict.measured, 0);
  EXPECT_EQ(verdict.vertices.size(), 8u);  // stem, pooling, three convolutions and three projections
  EXPECT_THAT(verdict.message, HasSubstr("0 of 8"));
  EXPECT_DOUBLE_EQ(verdict.relative_violation(), 1);
}

TEST(AntiAliased, PoolingThatBothBranchesOfAGateShareIsItsCondenser) {
  testing::Sketch net(32);
  const Architecture gated = net.finish(net.dc_ac_shared(net.blur(net.conv(0, 8, 3))));
  const Verdict verdict = judge(kFiltered, gated);
  EXPECT_TRUE(verdict.satisfied) << verdict.message;
  EXPECT_THAT(verdict.message, HasSubstr("1 of 1 downsamplings on the main path, 0 of 1 in condensers"));
}

/// Share of anti-aliased downsamplings after one more operator on 16 px; -1 when it is none.
double filtered(const Operator& op) {
  testing::Sketch net(32);
  const int v = net.add(op, net.blur(net.conv(0, 8, 3)));
  const Verdict verdict = judge(kFiltered, net.finish(v));
  const bool counted = verdict.message.find(" of 2 ") != std::string::npos;
  return counted ? verdict.measured : -1;
}

TEST(AntiAliased, OperatorsThatFilter) {
  EXPECT_EQ(filtered(BlurPool{2, 2}), 1);
  EXPECT_EQ(filtered(BlurPool{5, 2}), 1);
  EXPECT_EQ(filtered(BlurPool{3, 1}), -1);
  EXPECT_EQ(filtered(Pool{PoolKind::average, {2, 2}, {2, 2}}), 1);
  EXPECT_EQ(filtered(Pool{PoolKind::average, {2, 2}, {3, 3}}), 0.5);
  EXPECT_EQ(filtered(Pool{PoolKind::max, {3, 3}, {2, 2}, {1, 1}}), 0.5);
  EXPECT_EQ(filtered(Pool{PoolKind::max, {3, 3}, {1, 1}, {1, 1}}), -1);
  EXPECT_EQ(filtered(Pool{PoolKind::max, {16, 16}, {16, 16}}), -1);  // global
  EXPECT_EQ(filtered(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {2, 2}}), 0.5);
  EXPECT_EQ(filtered(Convolution{.out_channels = 8, .kernel = {3, 3}}), -1);  // smaller, but no coarser grid
  EXPECT_EQ(filtered(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {1, 2}}), 0.5);
}

TEST(AntiAliased, NoDownsamplingIsSatisfiedAndShareIsAParameter) {
  testing::Sketch net(32);
  EXPECT_TRUE(judge(kFiltered, net.finish(net.conv(0, 8, 3))).satisfied);
  testing::Sketch half(32);
  const Architecture mixed = half.finish(half.conv(half.blur(half.conv(0, 8, 3)), 8, 3, 2));
  EXPECT_DOUBLE_EQ(judge(kFiltered, mixed).measured, 0.5);
  EXPECT_TRUE(judge({{"constraint", "anti_aliased_downsampling"}, {"min_share", 0.5}}, mixed).satisfied);
}

Metrics with(const std::string& name, Quantity quantity) {
  Metrics metrics;
  metrics.set(name, std::move(quantity));
  return metrics;
}

TEST(DoubleCondensing, CountsGatesWithTwoCondensedFactors) {
  const auto count = [](const Architecture& net) { return judge({{"constraint", "double_condensing"}}, net).measured; };
  testing::Sketch net(32);
  const int entry = net.blur(net.conv(0, 8, 3));
  EXPECT_EQ(count(net.finish(net.dc_ac_shared(net.dc_ac(entry)))), 2);
  // One factor is the entry itself: an ordinary attention condenser.
  testing::Sketch single(32);
  const int v = single.blur(single.conv(0, 8, 3));
  const int pooled = single.pointwise(single.conv(single.max_pool(v, 3, 2), 16, 3), single.shape(v).channels);
  const int gate = single.add(Activation{ActivationKind::sigmoid}, single.add(Resize{}, {pooled, v}));
  const Architecture one_branch = single.finish(single.add(Multiply{}, {gate, v}));
  EXPECT_EQ(count(one_branch), 0);
  EXPECT_FALSE(judge({{"constraint", "double_condensing"}}, one_branch).satisfied);
  EXPECT_EQ(count(mobilenet_v3_like()), 0);  // squeeze-and-excitation
  EXPECT_EQ(count(dc_ac_trunk()), judge({{"constraint", "double_condensing"}, {"bound", 3}}, dc_ac_trunk()).measured);
  EXPECT_TRUE(judge({{"constraint", "double_condensing"}, {"bound", 3}}, dc_ac_trunk()).satisfied);
}

TEST(Top1, MeasuredAndPredictedAtAConfidence) {
  const Architecture net = mobilenet_v3_like();
  const auto top1 = [&](const Quantity& quantity, double confidence) {
    return judge({{"constraint", "top1"}, {"confidence", confidence}}, net, with("top1", quantity));
  };
  const Quantity measured = Quantity::measured(76.0, "%", "paper");
  EXPECT_TRUE(top1(measured, 0.99).satisfied);
  EXPECT_TRUE(top1(measured, 0.99).hard);
  const Quantity predicted = Quantity::predicted(76.0, "%", "model", 74.0, 78.0);
  EXPECT_TRUE(top1(predicted, 0.5).satisfied);
  EXPECT_DOUBLE_EQ(top1(predicted, 0.5).measured, 76.0);
  EXPECT_NEAR(top1(predicted, 0.95).measured, 74.0, 1e-9);  // the lower end of a 90 % interval
  EXPECT_NEAR(top1(predicted, 0.05).measured, 78.0, 1e-9);
  const Verdict verdict = top1(predicted, 0.95);
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_NEAR(verdict.violation, 1.8, 1e-9);
  EXPECT_EQ(verdict.unit, "%");
  EXPECT_DOUBLE_EQ(verdict.bound, 75.8);
  EXPECT_THAT(verdict.message, HasSubstr("predicted"));
  EXPECT_THAT(message_of([&] { judge({{"constraint", "top1"}}, net); }), HasSubstr("no metric 'top1'"));
}

TEST(Top1, IsNotMetByAPredictionThatIsNotTrusted) {
  const Architecture net = mobilenet_v3_like();
  Quantity predicted = Quantity::predicted(78.0, "%", "model", 70.0, 84.0);
  predicted.in_distribution = false;
  predicted.distance = 2.5;
  const auto top1 = [&](double bound) {
    return judge({{"constraint", "top1"}, {"bound", bound}}, net, with("top1", predicted));
  };
  EXPECT_FALSE(top1(75.8).satisfied);
  EXPECT_NEAR(top1(75.8).violation, 5.8, 1e-9);
  EXPECT_FALSE(top1(60).satisfied);  // though the whole interval lies above
  EXPECT_THAT(top1(75.8).message, HasSubstr("distance 2.5"));
  EXPECT_FALSE(
      judge({{"constraint", "expression"}, {"expression", "top1 > 75"}}, net, with("top1", predicted)).satisfied);
  predicted.extrapolate = true;
  EXPECT_TRUE(top1(75.8).satisfied);
  EXPECT_TRUE(
      judge({{"constraint", "expression"}, {"expression", "top1 > 75"}}, net, with("top1", predicted)).satisfied);
}

TEST(Bounds, CountedAndPredicted) {
  const Architecture net = mobilenet_v3_like();
  const auto params = [&](const char* kind, double bound) {
    return judge({{"constraint", kind}, {"bound", bound}}, net, with("params", Quantity::exact(3e6, "")));
  };
  EXPECT_TRUE(params("max_params", 3e6).satisfied);
  EXPECT_DOUBLE_EQ(params("max_params", 2e6).violation, 1e6);
  EXPECT_DOUBLE_EQ(params("max_params", 2e6).relative_violation(), 0.5);
  EXPECT_DOUBLE_EQ(params("min_params", 4e6).violation, 1e6);
  EXPECT_GT(judge({{"constraint", "max_macs"}, {"bound", 1e9}}, net).measured, 1e6);  // counted where missing
  const Metrics latency = with("latency_ms", Quantity::predicted(20, "ms", "model", 15, 27));
  const auto bounded = [&](double confidence) {
    return judge({{"constraint", "max_latency"}, {"bound", 25}, {"confidence", confidence}}, net, latency);
  };
  EXPECT_TRUE(bounded(0.5).satisfied);
  EXPECT_NEAR(bounded(0.95).measured, 27, 1e-9);
  EXPECT_FALSE(bounded(0.95).satisfied);
  EXPECT_THAT(message_of([&] { judge({{"constraint", "max_latency"}, {"bound", 25}}, net); }), HasSubstr("latency_ms"));
}

TEST(Rules, VerdictsDoNotDependOnOrderIdsOrTags) {
  Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    const Architecture net =
        i == 0 ? heterogeneous_columns() : RandomArchitecture(rng, 32, 20 + below(rng, 60)).build();
    const Architecture other = disguised(net, rng);
    for (const auto& entry : {kColumnar, kStrided, kFiltered,
                              nlohmann::json{{"constraint", "anti_aliased_downsampling"}, {"include_condensers", true}},
                              nlohmann::json{{"constraint", "max_params"}, {"bound", 1000}}}) {
      const Verdict a = judge(entry, net);
      const Verdict b = judge(entry, other);
      EXPECT_EQ(a.satisfied, b.satisfied);
      EXPECT_EQ(a.measured, b.measured) << entry << a.message << "\n" << b.message;
      EXPECT_EQ(a.violation, b.violation);
      const auto kinds = [](const Verdict& verdict, const Architecture& of) {
        std::vector<std::string> result;
        for (const int v : verdict.vertices) result.push_back(operator_name(of.op(v)) + to_string(of.shape(v)));
        std::sort(result.begin(), result.end());
        return result;
      };
      EXPECT_EQ(kinds(a, net), kinds(b, other));
    }
  }
}

}  // namespace
}  // namespace gensynth::constraints
