#include "runtime/tflite/graph.hpp"

#include <gmock/gmock.h>

#include "architecture/base/error.hpp"
#include "runtime/tflite/emit.hpp"
#include "runtime/tflite/model.hpp"
#include "tests/architecture/failure.hpp"
#include "tests/runtime/tflite/read_model.hpp"

namespace gensynth::tflite {
namespace {

using testing::HasSubstr;

std::string finished(Graph& graph, Graph::Value value) {
  graph.output(value, "out");
  return operators_text(read_model(serialize(graph.take("test"))));
}

TEST(TfliteGraph, FusesAnActivationIntoItsOnlySource) {
  Graph graph;
  const auto x = graph.input("in", {1, 2});
  graph.scope("a");
  EXPECT_EQ(finished(graph, graph.relu6(graph.add(x, x))), "out 1x2 = add.1(in, in) relu6\n");
}

TEST(TfliteGraph, LeavesAnActivationWhoseSourceIsReadElsewhere) {
  Graph graph;
  const auto x = graph.input("in", {1, 2});
  graph.scope("a");
  const auto sum = graph.add(x, x);
  EXPECT_EQ(finished(graph, graph.mul(graph.relu(sum), sum)),
            "a/add 1x2 = add.1(in, in)\na/relu 1x2 = relu.1(a/add)\nout 1x2 = mul.1(a/relu, a/add)\n");
}

TEST(TfliteGraph, FusesOneActivationIntoAnOperator) {
  Graph graph;
  const auto x = graph.input("in", {1, 2});
  graph.scope("a");
  EXPECT_EQ(finished(graph, graph.relu6(graph.relu(graph.add(x, x)))),
            "a/relu 1x2 = add.1(in, in) relu\nout 1x2 = relu6.1(a/relu)\n");
}

TEST(TfliteGraph, LeavesAnActivationBehindAnOperatorThatTakesNone) {
  Graph graph;
  const auto x = graph.input("in", {1, 2});
  graph.scope("a");
  EXPECT_EQ(finished(graph, graph.relu(graph.tanh(x))), "a/tanh 1x2 = tanh.1(in)\nout 1x2 = relu.1(a/tanh)\n");
}

TEST(TfliteGraph, PadsWithZerosWhatIsNeverNegative) {
  for (const bool positive : {true, false}) {
    Graph graph;
    const auto x = graph.input("in", {1, 2, 2, 1});
    graph.scope("a");
    const auto sum = graph.add(x, x);
    const auto padded = graph.pad_lowest(positive ? graph.relu(sum) : sum, {1, 1, 0, 0});
    const auto text = finished(graph, padded);
    EXPECT_THAT(text, HasSubstr(positive ? "out 1x3x3x1 = pad.1(a/relu, a/paddings)"
                                         : "out 1x3x3x1 = padv2.1(a/add, a/paddings, a/lowest)"));
  }
}

TEST(TfliteGraph, AnInputThatIsTheOutputIsCopied) {
  Graph graph;
  EXPECT_THAT(finished(graph, graph.input("in", {1, 2})), HasSubstr("out 1x2 = reshape.1(in, "));
}

TEST(TfliteGraph, MovesNoAxisThatNeedNotMove) {
  Graph graph;
  const auto x = graph.input("in", {2, 4, 4, 3});
  graph.scope("a");
  const auto kept = permute(graph, x, {2, 4, 1, 4, 1, 3}, {0, 2, 4, 1, 3, 5}, {2, 16, 3});
  EXPECT_EQ(finished(graph, kept), "out 2x16x3 = reshape.1(in, a/shape)\n");
  const auto y = graph.input("in", {2, 4, 4, 6});
  graph.scope("b");
  const auto shuffled = permute(graph, y, {2, 4, 4, 2, 3}, {0, 1, 2, 4, 3}, {2, 4, 4, 6});
  EXPECT_EQ(finished(graph, shuffled),
            "b/reshape 32x2x3 = reshape.1(in, b/shape)\n"
            "b/transpose 32x3x2 = transpose.1(b/reshape, b/order)\n"
            "out 2x4x4x6 = reshape.1(b/transpose, b/shape_2)\n");
}

TEST(TfliteGraph, ReportsTheVertexWhoseShapesDoNotFit) {
  Graph graph;
  const auto x = graph.input("in", {1, 2, 3});
  graph.scope("here");
  const auto y = graph.constant("c", {4}, {1, 2, 3, 4});
  EXPECT_EQ(failure([&] { graph.add(x, y); }), "tflite: vertex here: (1, 2, 3) and (4) do not broadcast");
  EXPECT_THAT(failure([&] { graph.seal(x, {1, 2}); }), HasSubstr("the result is (1, 2, 3), expected (1, 2)"));
}

}  // namespace
}  // namespace gensynth::tflite
