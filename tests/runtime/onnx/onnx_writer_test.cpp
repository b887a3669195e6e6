#include "runtime/onnx/onnx_writer.hpp"

#include <gmock/gmock.h>
#include <onnx/onnx_pb.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
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

std::map<std::string, std::string> metadata_of(const ::onnx::ModelProto& model) {
  std::map<std::string, std::string> metadata;
  for (const auto& entry : model.metadata_props()) metadata[entry.key()] = entry.value();
  return metadata;
}

std::vector<float> floats(const ::onnx::ModelProto& model, const std::string& name) {
  for (const auto& tensor : model.graph().initializer()) {
    if (tensor.name() != name) continue;
    std::vector<float> values(tensor.raw_data().size() / sizeof(float));
    std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
    return values;
  }
  throw Error("no initializer " + name);
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
  EXPECT_EQ(model.graph().output(0).name(), "logits");
  const auto metadata = metadata_of(model);
  EXPECT_EQ(metadata.at("name"), "add");
  EXPECT_THAT(metadata.at("program"), testing::StartsWith("gensynth "));
  EXPECT_EQ(metadata.at("input"), "normalised");
  EXPECT_EQ(metadata.at("output"), "logits");
}

TEST(OnnxWriter, FoldsTheNormalisation) {
  ArchitectureBuilder builder("small", {Layout::map, 3, 8, 8});
  const auto net = builder.build(builder.add(Linear{5}, builder.add(GlobalPool{}, 0)));
  lowering::FileOptions options;
  options.input = lowering::ImageInput::uint8;
  options.mean = {0.5F, 0.25F, 0.0F};
  options.deviation = {0.5F, 0.5F, 1.0F};
  options.metadata = {{"card", "{}"}};
  const auto model = parse(onnx_model(net, random_weights(net, 1), options));
  EXPECT_EQ(model.graph().input(0).type().tensor_type().elem_type(), ::onnx::TensorProto::UINT8);
  EXPECT_THAT(operators(model), ElementsAre("Cast", "Mul", "Add", "GlobalAveragePool", "Reshape", "Gemm"));
  EXPECT_THAT(floats(model, "normalisation/factor"), ElementsAre(2 / 255.0F, 2 / 255.0F, 1 / 255.0F));
  EXPECT_THAT(floats(model, "normalisation/shift"), ElementsAre(-1, -0.5F, 0));
  EXPECT_EQ(metadata_of(model).at("card"), "{}");
  EXPECT_EQ(metadata_of(model).at("input"), "uint8");
  options.input = lowering::ImageInput::unit;
  const auto unit = parse(onnx_model(net, random_weights(net, 1), options));
  EXPECT_EQ(unit.graph().input(0).type().tensor_type().elem_type(), ::onnx::TensorProto::FLOAT);
  EXPECT_THAT(floats(unit, "normalisation/factor"), ElementsAre(2, 2, 1));
}

TEST(OnnxWriter, EndsInASoftmaxWhereAsked) {
  const auto& net = network("linear");
  lowering::FileOptions options;
  options.output = lowering::ScoreOutput::softmax;
  const auto model = parse(onnx_model(net, random_weights(net, 1), options));
  EXPECT_EQ(operators(model).back(), "Softmax");
  EXPECT_EQ(model.graph().output(0).name(), "probabilities");
  const auto& map = network("add");
  EXPECT_THROW(onnx_model(map, random_weights(map, 1), options), Error);
}

TEST(OnnxWriter, EveryOperatorHasABatchOfAnySize) {
  for (const int batch : {3, lowering::kAnyBatch}) {
    lowering::FileOptions options;
    options.batch = batch;
    for (const auto& net : operator_networks()) {
      SCOPED_TRACE(net.name());
      const auto model = parse(onnx_model(net, random_weights(net, 1), options));
      const auto& dim = model.graph().input(0).type().tensor_type().shape().dim(0);
      if (batch == lowering::kAnyBatch) {
        EXPECT_EQ(dim.dim_param(), "N");
      } else {
        EXPECT_EQ(dim.dim_value(), batch);
      }
    }
  }
}

TEST(OnnxWriter, RefusesOptionsOutOfRange) {
  const auto& net = network("linear");
  const auto weights = random_weights(net, 1);
  lowering::FileOptions options;
  options.precision = Precision::int8;
  EXPECT_THROW(onnx_model(net, weights, options), Error);
  options = {};
  options.batch = -1;
  EXPECT_THROW(onnx_model(net, weights, options), Error);
  options = {};
  options.input = lowering::ImageInput::unit;
  options.mean = {0.5F};
  EXPECT_THROW(onnx_model(net, weights, options), Error);
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
