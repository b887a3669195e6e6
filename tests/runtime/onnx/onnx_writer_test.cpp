#include "runtime/onnx/onnx_writer.hpp"

#include <gmock/gmock.h>
#include <onnx/onnx_pb.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "architecture/base/error.hpp"
#include "tests/architecture/operator_networks.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth::onnx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

::onnx::ModelProto parse(const std::string& bytes) {
  ::onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(bytes));
  return model;
}

std::vector<std::string> operators(const ::onnx::ModelProto& model) {
  std::vector<std::string> types;
  for (const auto& node : model.graph().node()) types.push_back(node.op_type());
  return types;
}

const Architecture& network(std::string_view name) {
  static const std::vector<Architecture> all = operator_networks();
  for (const auto& net : all) {
    if (net.name() == name) return net;
  }
  throw Error("no network " + std::string(name));
}

std::vector<std::string> operators(std::string_view name) {
  return operators(parse(onnx_model(network(name), random_weights(network(name), 1))));
}

TEST(OnnxWriter, EveryOperatorPassesTheChecker) {
  for (const auto& net : operator_networks()) {
    SCOPED_TRACE(net.name());
    EXPECT_NO_THROW(onnx_model(net, random_weights(net, 1)));
  }
}

TEST(OnnxWriter, RandomNetworksPassTheChecker) {
  Rng rng(20);
  for (int i = 0; i < 100; ++i) {
    SCOPED_TRACE(i);
    const auto net = random_architecture(rng, 16 + below(rng, 33), 16 + below(rng, 80));
    const auto model = parse(onnx_model(net, random_weights(net, static_cast<std::uint64_t>(i))));
    EXPECT_EQ(model.graph().output(0).type().tensor_type().shape().dim(1).dim_value(), 10);
  }
}

TEST(OnnxWriter, WritesOpset13WithNamesAndMetadata) {
  const auto& net = network("add");
  const auto model = parse(onnx_model(net, random_weights(net, 1)));
  EXPECT_EQ(model.ir_version(), 7);
  ASSERT_EQ(model.opset_import_size(), 1);
  EXPECT_EQ(model.opset_import(0).version(), 13);
  EXPECT_EQ(model.graph().input(0).name(), "images");
  EXPECT_EQ(model.graph().output(0).name(), "scores");
  EXPECT_EQ(model.metadata_props(0).key(), "name");
  EXPECT_EQ(model.metadata_props(0).value(), "add");
  EXPECT_EQ(model.metadata_props(1).key(), "program");
  EXPECT_THAT(model.metadata_props(1).value(), testing::StartsWith("gensynth "));
}

TEST(OnnxWriter, NamesNodesByVertex) {
  ArchitectureBuilder builder("named", {Layout::map, 3, 8, 8});
  const int conv = builder.add(Convolution{.out_channels = 4, .kernel = {3, 3}}, 0, {}, "stem");
  const int swish = builder.add(Activation{ActivationKind::hard_swish}, conv, {}, "bend");
  const auto net = builder.build(builder.add(Pool{}, swish, {}, "down"));
  const auto model = parse(onnx_model(net, random_weights(net, 1)));
  std::vector<std::string> names;
  for (const auto& node : model.graph().node()) names.push_back(node.name());
  EXPECT_THAT(names, ElementsAre("stem", "bend/hardsigmoid", "bend", "down"));
}

TEST(OnnxWriter, FoldsFirst) {
  EXPECT_THAT(operators("conv_batch_norm"), ElementsAre("Conv"));
  EXPECT_THAT(operators("dropout"), ElementsAre("Reshape", "Transpose", "Reshape"));
}

TEST(OnnxWriter, LeavesOutWhatOnlyGivesAnExtent) {
  ArchitectureBuilder builder("extent", {Layout::map, 3, 8, 8});
  const int small = builder.add(Pool{}, 0);
  const int guide = builder.add(Activation{ActivationKind::tanh}, 0);
  const auto net = builder.build(builder.add(Resize{ResizeMode::nearest, 0}, {small, guide}));
  EXPECT_THAT(operators(parse(onnx_model(net, {}))), ElementsAre("MaxPool", "Resize"));
}

TEST(OnnxWriter, UsesGemmForVectorsAndMatMulForTokens) {
  EXPECT_THAT(operators("linear"), ElementsAre("GlobalAveragePool", "Reshape", "Gemm"));
  EXPECT_THAT(operators("linear_tokens"), ElementsAre("Reshape", "Transpose", "Reshape", "MatMul", "Add"));
}

TEST(OnnxWriter, BlurIsReflectPadAndConstantDepthwiseConvolution) {
  const auto& net = network("blur_3s2");
  const auto model = parse(onnx_model(net, {}));
  EXPECT_THAT(operators(model), ElementsAre("Pad", "Conv"));
  const auto& kernel = model.graph().initializer(1);
  ASSERT_EQ(kernel.raw_data().size(), 3 * 9 * sizeof(float));
  std::vector<float> values(27);
  std::memcpy(values.data(), kernel.raw_data().data(), kernel.raw_data().size());
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_FLOAT_EQ(values[9 * c], 1 / 16.0F);
    EXPECT_FLOAT_EQ(values[9 * c + 1], 2 / 16.0F);
    EXPECT_FLOAT_EQ(values[9 * c + 4], 4 / 16.0F);
  }
}

TEST(OnnxWriter, IsDeterministic) {
  Rng a(3);
  Rng b(3);
  const auto first = random_architecture(a, 32, 60);
  const auto second = random_architecture(b, 32, 60);
  EXPECT_EQ(onnx_model(first, random_weights(first, 5)), onnx_model(second, random_weights(second, 5)));
}

TEST(OnnxWriter, RefusesWeightsThatDoNotFit) {
  const auto& net = network("conv");
  auto weights = random_weights(net, 1);
  weights.erase(weights.begin());
  EXPECT_THROW(onnx_model(net, weights), Error);
}

TEST(OnnxWriter, WritesTheSameBytesToAFile) {
  const auto& net = network("linear");
  const auto weights = random_weights(net, 1);
  const std::string path = testing::TempDir() + "onnx_writer_test.onnx";
  write_onnx(net, weights, path);
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_EQ(bytes.str(), onnx_model(net, weights));
  std::filesystem::remove(path);
  EXPECT_THROW(write_onnx(net, weights, "/no such folder/a.onnx"), Error);
}

}  // namespace
}  // namespace gensynth::onnx
