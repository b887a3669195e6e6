#include "runtime/onnx/onnx_graph.hpp"

#include <gmock/gmock.h>
#include <onnx/onnx_pb.h>

#include <functional>

#include "architecture/base/error.hpp"

namespace gensynth::onnx {
namespace {

using testing::HasSubstr;

std::string message(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

::onnx::ModelProto parse(const std::string& bytes) {
  ::onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(bytes));
  return model;
}

TEST(OnnxGraph, NamesNodesAfterScopes) {
  OnnxGraph graph("net");
  const auto x = graph.input("images", {1, 4});
  graph.scope("first");
  const auto y = graph.seal(graph.multiply(x, graph.sigmoid(x)), {1, 4});
  graph.scope("second");
  const auto z = graph.seal(graph.relu(y), {1, 4});
  graph.output(z, "scores", {1, 4});
  const auto model = parse(graph.finish());
  ASSERT_EQ(model.graph().node_size(), 3);
  EXPECT_EQ(model.graph().node(0).name(), "first/sigmoid");
  EXPECT_EQ(model.graph().node(1).name(), "first");
  EXPECT_EQ(model.graph().node(2).name(), "second");
  EXPECT_EQ(model.graph().node(2).input(0), "first");
  EXPECT_EQ(model.graph().node(2).output(0), "scores");
}

TEST(OnnxGraph, KeepsNamesUnique) {
  OnnxGraph graph("net");
  auto x = graph.input("images", {1, 4});
  for (int i = 0; i < 3; ++i) {
    graph.scope("images");
    x = graph.seal(graph.relu(x), {1, 4});
  }
  EXPECT_EQ(x, "images_4");
  graph.output(x, "images", {1, 4});
  EXPECT_EQ(parse(graph.finish()).graph().output(0).name(), "images_5");
}

TEST(OnnxGraph, AnOutputMayBeReadByOthers) {
  OnnxGraph graph("net");
  graph.scope("a");
  const auto a = graph.seal(graph.relu(graph.input("images", {1, 4})), {1, 4});
  graph.scope("b");
  graph.seal(graph.relu(a), {1, 4});
  graph.output(a, "scores", {1, 4});
  const auto model = parse(graph.finish());
  EXPECT_EQ(model.graph().node(1).input(0), "scores");
}

TEST(OnnxGraph, TheInputAsOutputPassesThroughIdentity) {
  OnnxGraph graph("net");
  graph.output(graph.input("images", {1, 4}), "scores", {1, 4});
  const auto model = parse(graph.finish());
  ASSERT_EQ(model.graph().node_size(), 1);
  EXPECT_EQ(model.graph().node(0).op_type(), "Identity");
}

TEST(OnnxGraph, RefusesAShapeOtherThanNoted) {
  OnnxGraph graph("net");
  const auto x = graph.input("images", {1, 4, 6, 6});
  graph.scope("pool");
  const auto y = graph.seal(graph.max_pool(x, {{2, 2}, {2, 2}, {0, 0, 0, 0}, {}}), {1, 4, 2, 3});
  graph.scope("act");
  graph.output(graph.seal(graph.relu(y), {1, 4, 3, 3}), "scores", {1, 4, 3, 3});
  EXPECT_THAT(message([&] { graph.finish(); }), HasSubstr("value pool has shape [1, 4, 3, 3], expected [1, 4, 2, 3]"));
}

TEST(OnnxGraph, RefusesAnOutputShapeOtherThanDeclared) {
  OnnxGraph graph("net");
  const auto x = graph.input("images", {1, 4, 6, 6});
  graph.scope("pool");
  graph.output(graph.global_average_pool(x), "scores", {1, 4, 3, 3});
  EXPECT_THAT(message([&] { graph.finish(); }), HasSubstr("onnx: net: "));
}

TEST(OnnxGraph, ReportsTheCheckersWords) {
  OnnxGraph graph("net");
  const auto x = graph.input("images", {1, 4, 6, 6});
  graph.scope("conv");
  const auto weight = graph.constant("weight", {2, 3, 1, 1}, std::vector<float>(6));  // 3 channels where 4 come in
  graph.output(graph.conv(x, weight, "", {{3, 3}, {1, 1}, {0, 0, 0, 0}, {1, 1}}, 1), "scores", {1, 2, 6, 6});
  EXPECT_THAT(message([&] { graph.finish(); }), HasSubstr("onnx: net: "));
}

}  // namespace
}  // namespace gensynth::onnx
