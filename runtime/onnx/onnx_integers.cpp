// Values and weights of a graph as 8-bit integers, each as a pair of QuantizeLinear and DequantizeLinear (QDQ), from
// which runtimes make integer operators.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "runtime/onnx/onnx_graph_impl.hpp"

namespace gensynth::onnx {
namespace {

using quantisation::Encoding;
using Value = OnnxGraph::Value;

template <class T>
Value add_tensor(::onnx::GraphProto& graph, const std::string& name, ::onnx::TensorProto::DataType type,
                 const std::vector<std::int64_t>& extents, const std::vector<T>& values) {
  auto* tensor = graph.add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(type);
  for (const auto extent : extents) tensor->add_dims(extent);
  tensor->set_raw_data(values.data(), values.size() * sizeof(T));
  return name;
}

/// Whether the result of a node has the values of its first input, and zeros.
bool passes_values(const ::onnx::NodeProto& node) { return node.op_type() == "Reshape" || node.op_type() == "Pad"; }

class Conversion {
 public:
  Conversion(::onnx::GraphProto& graph, std::set<std::string>& taken, const OnnxGraph::Integers& integers)
      : graph_(graph), taken_(taken), integers_(integers) {}

  void run() {
    ::onnx::GraphProto before;
    before.mutable_node()->Swap(graph_.mutable_node());
    for (const auto& input : graph_.input()) convert_input(input);
    for (auto& node : *before.mutable_node()) convert(node);
    remove_unused(graph_);
  }

 private:
  std::string unique(const std::string& wish) { return unique_name(taken_, wish); }

  ::onnx::NodeProto& append(const char* type, const std::vector<Value>& inputs, const Value& output) {
    auto* node = graph_.add_node();
    node->set_op_type(type);
    node->set_name(unique(output + "/" + (type[0] == 'Q' ? "quantize" : "dequantize")));
    for (const Value& input : inputs) node->add_input(input);
    node->add_output(output);
    return *node;
  }

  /// `from` rounded to the encoding, as `to`.
  void round(const Value& from, const Value& to, const Encoding& encoding) {
    const Value scale =
        add_tensor<float>(graph_, unique(to + "/scale"), ::onnx::TensorProto::FLOAT, {}, {encoding.scale});
    const Value zero = add_tensor<std::int8_t>(graph_, unique(to + "/zero_point"), ::onnx::TensorProto::INT8, {},
                                               {static_cast<std::int8_t>(encoding.zero_point)});
    const Value stored = unique(to + "/int8");
    append("QuantizeLinear", {from, scale, zero}, stored);
    append("DequantizeLinear", {stored, scale, zero}, to);
    rounded_[to] = encoding;
  }

  void convert_input(const ::onnx::ValueInfoProto& input) {
    const auto encoding = integers_.values.find(input.name());
    if (encoding == integers_.values.end()) return;
    const Value read = unique(input.name() + "/read");
    if (input.type().tensor_type().elem_type() == ::onnx::TensorProto::UINT8) {
      const Value scale =
          add_tensor<float>(graph_, unique(read + "/scale"), ::onnx::TensorProto::FLOAT, {}, {1.0F / 255});
      const Value zero = add_tensor<std::uint8_t>(graph_, unique(read + "/zero_point"), ::onnx::TensorProto::UINT8, {},
                                                  {std::uint8_t{0}});
      append("DequantizeLinear", {input.name(), scale, zero}, read);
      rounded_[read] = {1.0F / 255, 0};
    } else {
      round(input.name(), read, encoding->second);
    }
    renewed_[input.name()] = read;
  }

  void convert(::onnx::NodeProto& node) {
    for (auto& input : *node.mutable_input()) {
      const auto found = renewed_.find(input);
      if (found != renewed_.end()) input = found->second;
    }
    convert_weights(node);
    std::optional<Encoding> encoding;
    const auto named = integers_.values.find(node.output(0));
    if (named != integers_.values.end()) {
      encoding = named->second;
    } else if (passes_values(node)) {
      const auto input = rounded_.find(node.input(0));
      if (input != rounded_.end()) encoding = input->second;
    }
    const Value result = node.output(0);
    if (encoding) node.set_output(0, unique(result + "/exact"));
    *graph_.add_node() = node;
    if (encoding) round(node.output(0), result, *encoding);
  }

  const ::onnx::TensorProto* constant(const Value& name) const {
    for (const auto& tensor : graph_.initializer()) {
      if (tensor.name() == name) return &tensor;
    }
    return nullptr;
  }

  void convert_weights(::onnx::NodeProto& node) {
    if (!is_layer(node)) return;
    const auto scales = integers_.weights.find(node.input(1));
    if (scales == integers_.weights.end()) return;
    const ::onnx::TensorProto weight = *constant(node.input(1));
    node.set_input(1, as_weight(weight, scales->second, node.op_type() == "MatMul" ? 1 : 0));
    const auto input = rounded_.find(node.input(0));
    if (node.input_size() < 3 || input == rounded_.end()) return;
    const ::onnx::TensorProto bias = *constant(node.input(2));
    node.set_input(2, as_bias(bias, scales->second, input->second.scale));
  }

  Value as_weight(const ::onnx::TensorProto& weight, const std::vector<float>& scales, std::int64_t axis) {
    constexpr float kLargest = 127;
    const std::vector<float> numbers = floats(weight);
    const std::size_t row = numbers.size() / scales.size();
    std::vector<std::int8_t> values;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const float scale = scales[axis == 0 ? i / row : i % scales.size()];
      values.push_back(static_cast<std::int8_t>(std::clamp(std::nearbyint(numbers[i] / scale), -kLargest, kLargest)));
    }
    const auto channels = static_cast<std::int64_t>(scales.size());
    const Value stored = add_tensor(graph_, unique(weight.name() + "/int8"), ::onnx::TensorProto::INT8,
                                    {weight.dims().begin(), weight.dims().end()}, values);
    const Value steps =
        add_tensor(graph_, unique(weight.name() + "/scale"), ::onnx::TensorProto::FLOAT, {channels}, scales);
    const Value zeros = add_tensor(graph_, unique(weight.name() + "/zero_point"), ::onnx::TensorProto::INT8, {channels},
                                   std::vector<std::int8_t>(scales.size(), 0));
    const Value result = unique(weight.name() + "/rounded");
    attribute(append("DequantizeLinear", {stored, steps, zeros}, result), "axis", axis);
    return result;
  }

  Value as_bias(const ::onnx::TensorProto& bias, const std::vector<float>& scales, float input_scale) {
    constexpr double kMost = 2147483647.0;
    const std::vector<float> numbers = floats(bias);
    std::vector<float> steps;
    std::vector<std::int32_t> values;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      steps.push_back(scales[i] * input_scale);
      values.push_back(static_cast<std::int32_t>(
          std::clamp(std::nearbyint(static_cast<double>(numbers[i]) / steps[i]), -kMost, kMost)));
    }
    const auto channels = static_cast<std::int64_t>(scales.size());
    const Value stored =
        add_tensor(graph_, unique(bias.name() + "/int32"), ::onnx::TensorProto::INT32, {channels}, values);
    const Value scale =
        add_tensor(graph_, unique(bias.name() + "/scale"), ::onnx::TensorProto::FLOAT, {channels}, steps);
    const Value zeros = add_tensor(graph_, unique(bias.name() + "/zero_point"), ::onnx::TensorProto::INT32, {channels},
                                   std::vector<std::int32_t>(scales.size(), 0));
    const Value result = unique(bias.name() + "/rounded");
    attribute(append("DequantizeLinear", {stored, scale, zeros}, result), "axis", std::int64_t{0});
    return result;
  }

  ::onnx::GraphProto& graph_;
  std::set<std::string>& taken_;
  const OnnxGraph::Integers& integers_;
  std::map<Value, Encoding> rounded_;  ///< values that are read as rounded
  std::map<Value, Value> renewed_;     ///< what is read instead
};

}  // namespace

void OnnxGraph::use_integers(const Integers& integers) { Conversion(*impl_->graph, impl_->taken, integers).run(); }

}  // namespace gensynth::onnx
