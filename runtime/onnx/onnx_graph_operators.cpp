#include <cmath>
#include <limits>

#include "runtime/onnx/onnx_graph_impl.hpp"

namespace gensynth::onnx {
namespace {

/// The least float by which `in` grows to `out` when the product is rounded down.
float growth(std::int64_t in, std::int64_t out) {
  auto factor = static_cast<float>(static_cast<double>(out) / static_cast<double>(in));
  while (static_cast<std::int64_t>(std::floor(static_cast<float>(in) * factor)) < out) {
    factor = std::nextafter(factor, std::numeric_limits<float>::infinity());
  }
  return factor;
}

}  // namespace

OnnxGraph::Value OnnxGraph::conv(const Value& x, const Value& weight, const Value& bias, const Window& window,
                                 int groups) {
  const auto y = node("Conv", bias.empty() ? std::vector<Value>{x, weight} : std::vector<Value>{x, weight, bias});
  attribute(impl_->last(), "kernel_shape", window.kernel);
  attribute(impl_->last(), "strides", window.stride);
  attribute(impl_->last(), "pads", window.pads);
  attribute(impl_->last(), "dilations", window.dilation);
  attribute(impl_->last(), "group", std::int64_t{groups});
  return y;
}

OnnxGraph::Value OnnxGraph::batch_normalization(const Value& x, const Value& scale, const Value& bias,
                                                const Value& mean, const Value& variance, double eps) {
  const auto y = node("BatchNormalization", {x, scale, bias, mean, variance});
  attribute(impl_->last(), "epsilon", static_cast<float>(eps));
  return y;
}

OnnxGraph::Value OnnxGraph::max_pool(const Value& x, const Window& window) {
  const auto y = node("MaxPool", {x});
  attribute(impl_->last(), "kernel_shape", window.kernel);
  attribute(impl_->last(), "strides", window.stride);
  attribute(impl_->last(), "pads", window.pads);
  return y;
}

OnnxGraph::Value OnnxGraph::average_pool(const Value& x, const Window& window, bool count_include_pad) {
  const auto y = node("AveragePool", {x});
  attribute(impl_->last(), "kernel_shape", window.kernel);
  attribute(impl_->last(), "strides", window.stride);
  attribute(impl_->last(), "pads", window.pads);
  attribute(impl_->last(), "count_include_pad", std::int64_t{count_include_pad});
  return y;
}

OnnxGraph::Value OnnxGraph::global_average_pool(const Value& x) { return node("GlobalAveragePool", {x}); }

OnnxGraph::Value OnnxGraph::pad(const Value& x, const Dims& pads, const std::string& mode) {
  const auto amounts = constant("pads", pads);
  const auto y = node("Pad", {x, amounts});
  attribute(impl_->last(), "mode", mode);
  return y;
}

OnnxGraph::Value OnnxGraph::resize_nearest(const Value& x, const Dims& sizes) {
  const auto target = constant("sizes", sizes);
  const auto y = node("Resize", {x, "", "", target});
  attribute(impl_->last(), "mode", std::string("nearest"));
  attribute(impl_->last(), "coordinate_transformation_mode", std::string("asymmetric"));
  attribute(impl_->last(), "nearest_mode", std::string("floor"));
  return y;
}

OnnxGraph::Value OnnxGraph::resize_bilinear(const Value& x, const Dims& sizes) {
  const auto target = constant("sizes", sizes);
  const auto y = node("Resize", {x, "", "", target});
  attribute(impl_->last(), "mode", std::string("linear"));
  attribute(impl_->last(), "coordinate_transformation_mode", std::string("half_pixel"));
  return y;
}

OnnxGraph::Value OnnxGraph::scale(const Value& x, const Dims& in, const Dims& out) {
  return node("Resize",
              {x, "", constant("scales", {4}, {1.0F, 1.0F, growth(in.at(0), out.at(0)), growth(in.at(1), out.at(1))})});
}

OnnxGraph::Value OnnxGraph::scale_nearest(const Value& x, const Dims& in, const Dims& out) {
  const auto y = scale(x, in, out);
  attribute(impl_->last(), "mode", std::string("nearest"));
  attribute(impl_->last(), "coordinate_transformation_mode", std::string("asymmetric"));
  attribute(impl_->last(), "nearest_mode", std::string("floor"));
  return y;
}

OnnxGraph::Value OnnxGraph::scale_bilinear(const Value& x, const Dims& in, const Dims& out) {
  const auto y = scale(x, in, out);
  attribute(impl_->last(), "mode", std::string("linear"));
  attribute(impl_->last(), "coordinate_transformation_mode", std::string("half_pixel"));
  return y;
}

OnnxGraph::Value OnnxGraph::to_float(const Value& x) {
  const auto y = node("Cast", {x});
  attribute(impl_->last(), "to", std::int64_t{::onnx::TensorProto::FLOAT});
  return y;
}

OnnxGraph::Value OnnxGraph::relu(const Value& x) { return node("Relu", {x}); }
OnnxGraph::Value OnnxGraph::sigmoid(const Value& x) { return node("Sigmoid", {x}); }
OnnxGraph::Value OnnxGraph::tanh(const Value& x) { return node("Tanh", {x}); }
OnnxGraph::Value OnnxGraph::erf(const Value& x) { return node("Erf", {x}); }
OnnxGraph::Value OnnxGraph::sqrt(const Value& x) { return node("Sqrt", {x}); }
OnnxGraph::Value OnnxGraph::identity(const Value& x) { return node("Identity", {x}); }
OnnxGraph::Value OnnxGraph::prelu(const Value& x, const Value& slope) { return node("PRelu", {x, slope}); }

OnnxGraph::Value OnnxGraph::hard_sigmoid(const Value& x) {
  const auto y = node("HardSigmoid", {x});
  attribute(impl_->last(), "alpha", 1.0f / 6.0f);
  attribute(impl_->last(), "beta", 0.5f);
  return y;
}

OnnxGraph::Value OnnxGraph::softmax(const Value& x, int axis) {
  const auto y = node("Softmax", {x});
  attribute(impl_->last(), "axis", std::int64_t{axis});
  return y;
}

OnnxGraph::Value OnnxGraph::clip(const Value& x, const Value& low, const Value& high) {
  return node("Clip", high.empty() ? std::vector<Value>{x, low} : std::vector<Value>{x, low, high});
}

OnnxGraph::Value OnnxGraph::add(const Value& a, const Value& b) { return node("Add", {a, b}); }
OnnxGraph::Value OnnxGraph::subtract(const Value& a, const Value& b) { return node("Sub", {a, b}); }
OnnxGraph::Value OnnxGraph::multiply(const Value& a, const Value& b) { return node("Mul", {a, b}); }
OnnxGraph::Value OnnxGraph::divide(const Value& a, const Value& b) { return node("Div", {a, b}); }
OnnxGraph::Value OnnxGraph::sum(const std::vector<Value>& values) { return node("Sum", values); }
OnnxGraph::Value OnnxGraph::matmul(const Value& a, const Value& b) { return node("MatMul", {a, b}); }

OnnxGraph::Value OnnxGraph::gemm(const Value& x, const Value& weight, const Value& bias) {
  const auto y = node("Gemm", bias.empty() ? std::vector<Value>{x, weight} : std::vector<Value>{x, weight, bias});
  attribute(impl_->last(), "transB", std::int64_t{1});
  return y;
}

OnnxGraph::Value OnnxGraph::concat(const std::vector<Value>& values, int axis) {
  const auto y = node("Concat", values);
  attribute(impl_->last(), "axis", std::int64_t{axis});
  return y;
}

OnnxGraph::Value OnnxGraph::slice(const Value& x, int axis, std::int64_t begin, std::int64_t end) {
  const auto first = constant("begin", {begin});
  const auto last = constant("end", {end});
  return node("Slice", {x, first, last, constant("axis", {axis})});
}

OnnxGraph::Value OnnxGraph::gather(const Value& x, const std::vector<std::int64_t>& indices, int axis) {
  const auto y = node("Gather", {x, constant("indices", indices)});
  attribute(impl_->last(), "axis", std::int64_t{axis});
  return y;
}

OnnxGraph::Value OnnxGraph::reshape(const Value& x, const Dims& shape) {
  return node("Reshape", {x, constant("shape", shape)});
}

OnnxGraph::Value OnnxGraph::transpose(const Value& x, const Dims& order) {
  const auto y = node("Transpose", {x});
  attribute(impl_->last(), "perm", order);
  return y;
}

OnnxGraph::Value OnnxGraph::reduce_mean(const Value& x, const Dims& axes, bool keep) {
  const auto y = node("ReduceMean", {x});
  attribute(impl_->last(), "axes", axes);
  attribute(impl_->last(), "keepdims", std::int64_t{keep});
  return y;
}

OnnxGraph::Value OnnxGraph::reduce_l2(const Value& x, const Dims& axes, bool keep) {
  const auto y = node("ReduceL2", {x});
  attribute(impl_->last(), "axes", axes);
  attribute(impl_->last(), "keepdims", std::int64_t{keep});
  return y;
}

OnnxGraph::Value OnnxGraph::zeros(const Dims& shape) { return node("ConstantOfShape", {constant("shape", shape)}); }

}  // namespace gensynth::onnx
