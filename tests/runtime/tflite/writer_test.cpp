#include "runtime/tflite/writer.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "architecture/base/error.hpp"
#include "tests/architecture/failure.hpp"
#include "tests/architecture/operator_networks.hpp"
#include "tests/runtime/tflite/read_model.hpp"

namespace gensynth::tflite {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A stem that needs explicit padding, a depthwise separable block with a residual and a gate, a head.
Architecture small_network() {
  ArchitectureBuilder b("small", {Layout::map, 3, 16, 16});
  int x = b.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, 0, {}, "stem");
  x = b.add(Activation{ActivationKind::relu6}, b.add(BatchNorm{}, x, {}, "stem_norm"), {}, "stem_act");
  int y = b.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {1, 1}, .groups = 8}, x, {}, "depthwise");
  y = b.add(Activation{ActivationKind::relu}, y, {}, "depthwise_act");
  y = b.add(Convolution{.out_channels = 8, .kernel = {1, 1}, .groups = 2}, y, {}, "grouped");
  y = b.add(Add{}, {x, y}, {}, "sum");
  int gate = b.add(Convolution{.out_channels = 8, .bias = true}, b.add(GlobalPool{}, y, {}, "mean"), {}, "gate");
  gate = b.add(Activation{ActivationKind::hard_sigmoid}, gate, {}, "gate_act");
  y = b.add(Multiply{}, {y, gate}, {}, "gated");
  y = b.add(BlurPool{3, 2}, y, {}, "blur");
  return b.build(b.add(Linear{5}, b.add(GlobalPool{}, y, {}, "pool"), {}, "head"));
}

TEST(TfliteWriter, WritesTheOperatorsThatTheNetworkNeeds) {
  const auto net = small_network();
  const auto model = read_model(tflite::model(net, random_weights(net, 1)));
  EXPECT_EQ(operators_text(model),
            "stem/pad 1x17x17x3 = pad.1(images, stem/paddings)\n"
            "stem_act 1x8x8x8 = conv_2d.1(stem/pad, stem/weight, stem/bias) valid stride 2x2 relu6\n"
            "depthwise_act 1x8x8x8 = depthwise_conv_2d.1(stem_act, depthwise/weight, depthwise/bias) same stride 1x1 "
            "relu\n"
            "grouped 1x8x8x8 = conv_2d.6(depthwise_act, grouped/weight, grouped/bias) valid stride 1x1\n"
            "sum 1x8x8x8 = add.1(stem_act, grouped)\n"
            "mean 1x1x1x8 = mean.1(sum, mean/axes)\n"
            "gate 1x1x1x8 = conv_2d.1(mean, gate/weight, gate/bias) valid stride 1x1\n"
            "gate_act/relu6 1x1x1x8 = add.1(gate, gate_act/three) relu6\n"
            "gate_act 1x1x1x8 = mul.1(gate_act/relu6, gate_act/sixth)\n"
            "gated 1x8x8x8 = mul.1(sum, gate_act)\n"
            "blur/pad 1x10x10x8 = mirror_pad.1(gated, blur/paddings)\n"
            "blur 1x4x4x8 = depthwise_conv_2d.1(blur/pad, blur/kernel, blur/bias) valid stride 2x2\n"
            "pool 1x1x1x8 = mean.1(blur, pool/axes)\n"
            "head/reshape 1x8 = reshape.1(pool, head/shape)\n"
            "scores 1x5 = fully_connected.1(head/reshape, head/weight, head/bias)\n");
  EXPECT_THAT(values<std::int32_t>(model, "stem/paddings"), ElementsAre(0, 0, 1, 0, 1, 0, 0, 0));
}

TEST(TfliteWriter, NamesTheFileItsInputAndItsOutput) {
  const auto net = small_network();
  Options options;
  options.batch = 4;
  options.metadata = {{"labels", "a\nb"}};
  const std::string bytes = tflite::model(net, random_weights(net, 1), options);
  EXPECT_EQ(bytes.substr(4, 4), "TFL3");
  const auto model = read_model(bytes);
  EXPECT_EQ(model.version, 3U);
  const auto& graph = *model.subgraphs[0];
  EXPECT_EQ(tensor(model, graph.inputs[0]).name, "images");
  EXPECT_THAT(tensor(model, graph.inputs[0]).shape, ElementsAre(4, 16, 16, 3));
  EXPECT_EQ(tensor(model, graph.outputs[0]).name, "scores");
  EXPECT_THAT(tensor(model, graph.outputs[0]).shape, ElementsAre(4, 5));
  const auto& signature = *model.signature_defs[0];
  EXPECT_EQ(signature.signature_key, "serving_default");
  EXPECT_EQ(signature.inputs[0]->name, "images");
  EXPECT_EQ(static_cast<std::int32_t>(signature.outputs[0]->tensor_index), graph.outputs[0]);
  std::map<std::string, std::string> metadata;
  for (const auto& entry : model.metadata) {
    const auto& data = model.buffers.at(entry->buffer)->data;
    metadata[entry->name] = {data.begin(), data.end()};
  }
  EXPECT_EQ(metadata["labels"], "a\nb");
  EXPECT_EQ(metadata["name"], "small");
  EXPECT_THAT(metadata["program"], HasSubstr("gensynth "));
}

TEST(TfliteWriter, EveryFileIsSound) {
  for (const auto& net : operator_networks()) {
    for (const Precision precision : {Precision::float32, Precision::float16}) {
      Options options;
      options.precision = precision;
      const auto model = read_model(tflite::model(net, random_weights(net, 1), options));
      const auto& graph = *model.subgraphs[0];
      ASSERT_TRUE(model.buffers.at(0)->data.empty());
      std::vector<bool> known(graph.tensors.size(), false);
      known[static_cast<std::size_t>(graph.inputs[0])] = true;
      for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
        const auto& data = model.buffers.at(graph.tensors[i]->buffer)->data;
        if (graph.tensors[i]->buffer == 0) continue;
        known[i] = true;
        std::size_t size = graph.tensors[i]->type == format::TensorType::float16 ? 2 : 4;
        for (const auto extent : graph.tensors[i]->shape) size *= static_cast<std::size_t>(extent);
        EXPECT_EQ(data.size(), size) << net.name() << ": " << graph.tensors[i]->name;
      }
      for (const auto& op : graph.operators) {
        for (const auto input : op->inputs) EXPECT_TRUE(known.at(static_cast<std::size_t>(input))) << net.name();
        for (const auto output : op->outputs) known.at(static_cast<std::size_t>(output)) = true;
      }
      EXPECT_TRUE(known[static_cast<std::size_t>(graph.outputs[0])]) << net.name();
      EXPECT_TRUE(std::ranges::all_of(known, [](bool k) { return k; })) << net.name() << ": a tensor nobody makes";
    }
  }
}

TEST(TfliteWriter, FoldsTheNormalisation) {
  const auto net = small_network();
  Options options;
  options.input = ImageInput::uint8;
  options.mean = {0.5F, 0.25F, 0.0F};
  options.deviation = {0.5F, 0.5F, 1.0F};
  const auto model = read_model(tflite::model(net, random_weights(net, 1), options));
  const auto& input = tensor(model, model.subgraphs[0]->inputs[0]);
  EXPECT_EQ(input.type, format::TensorType::uint8);
  EXPECT_THAT(input.quantization->scale, ElementsAre(1.0F / 255));
  EXPECT_THAT(input.quantization->zero_point, ElementsAre(0));
  EXPECT_THAT(
      operators_text(model),
      testing::StartsWith("normalisation/dequantize 1x16x16x3 = dequantize.1(images)\n"
                          "normalisation/mul 1x16x16x3 = mul.1(normalisation/dequantize, normalisation/factor)\n"
                          "normalisation/add 1x16x16x3 = add.1(normalisation/mul, normalisation/shift)\n"));
  EXPECT_THAT(values<float>(model, "normalisation/factor"), ElementsAre(2, 2, 1));
  EXPECT_THAT(values<float>(model, "normalisation/shift"), ElementsAre(-1, -0.5, 0));
}

TEST(TfliteWriter, StoresHalfTheBytesInFloat16) {
  const auto net = small_network();
  const Weights weights = random_weights(net, 1);
  Options half;
  half.precision = Precision::float16;
  const auto model = read_model(tflite::model(net, weights, half));
  const auto& stored =
      *std::ranges::find_if(model.subgraphs[0]->tensors, [](const auto& t) { return t->name == "head/weight"; });
  EXPECT_EQ(stored->type, format::TensorType::float16);
  EXPECT_EQ(model.buffers.at(stored->buffer)->data.size(), 5U * 8 * 2);
  EXPECT_THAT(operators_text(model), HasSubstr("head/weight_float32 5x8 = dequantize.3(head/weight)\n"));
}

TEST(TfliteWriter, RefusesUnsupportedVertices) {
  const auto net = small_network();
  Weights weights = random_weights(net, 1);
  Options options;
  options.batch = 0;
  EXPECT_THAT(failure([&] { tflite::model(net, weights, options); }), HasSubstr("batch 0, expected 1 or more"));
  options.batch = 1;
  options.input = ImageInput::unit;
  options.mean = {0.5F};
  EXPECT_THAT(failure([&] { tflite::model(net, weights, options); }), HasSubstr("1 means and 0 standard deviations"));
  options.mean = {0, 0, 0};
  options.deviation = {1, 0, 1};
  EXPECT_THAT(failure([&] { tflite::model(net, weights, options); }), HasSubstr("deviation of channel 1 is 0"));
  options = {};
  options.precision = Precision::float16;
  weights.at("head.weight").values[3] = 1e5F;
  EXPECT_THAT(failure([&] { tflite::model(net, weights, options); }), HasSubstr("array head.weight contains 100000"));
  weights.erase("head.weight");
  EXPECT_THAT(failure([&] { tflite::model(net, weights); }), HasSubstr("head.weight"));
}

}  // namespace
}  // namespace gensynth::tflite
