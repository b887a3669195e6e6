#include "runtime/onnx/onnx_graph.hpp"

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <bit>
#include <climits>
#include <map>
#include <set>
#include <sstream>

#include "architecture/base/error.hpp"

namespace gensynth::onnx {

namespace {

constexpr int kOpset = 13;
constexpr int kIrVersion = 7;

static_assert(std::endian::native == std::endian::little, "raw tensor data is little-endian");

void set_shape(::onnx::ValueInfoProto& info, const std::string& name, const OnnxGraph::Dims& shape) {
  info.set_name(name);
  auto* tensor = info.mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(::onnx::TensorProto::FLOAT);
  tensor->mutable_shape();
  for (const auto extent : shape) tensor->mutable_shape()->add_dim()->set_dim_value(extent);
}

std::string text(const OnnxGraph::Dims& shape) {
  std::ostringstream out;
  out << '[';
  for (std::size_t i = 0; i < shape.size(); ++i) out << (i ? ", " : "") << shape[i];
  out << ']';
  return out.str();
}

/// Extents of an inferred value; -1 if the extent is unknown.
OnnxGraph::Dims shape_of(const ::onnx::ValueInfoProto& info) {
  OnnxGraph::Dims shape;
  for (const auto& dim : info.type().tensor_type().shape().dim()) {
    shape.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  }
  return shape;
}

void attribute(::onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(::onnx::AttributeProto::INT);
  a->set_i(value);
}

void attribute(::onnx::NodeProto& node, const std::string& name, float value) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(::onnx::AttributeProto::FLOAT);
  a->set_f(value);
}

void attribute(::onnx::NodeProto& node, const std::string& name, const std::string& value) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(::onnx::AttributeProto::STRING);
  a->set_s(value);
}

void attribute(::onnx::NodeProto& node, const std::string& name, const OnnxGraph::Dims& values) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(::onnx::AttributeProto::INTS);
  for (const auto value : values) a->add_ints(value);
}

std::string lower(std::string word) {
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

}  // namespace

struct OnnxGraph::Impl {
  ::onnx::ModelProto model;
  ::onnx::GraphProto* graph = nullptr;
  std::string scope;
  std::set<std::string> taken;
  std::map<std::string, Dims> expected;

  std::string unique(const std::string& wish) {
    std::string name = wish;
    for (int i = 2; !taken.insert(name).second; ++i) name = wish + "_" + std::to_string(i);
    return name;
  }
  ::onnx::NodeProto& last() { return *graph->mutable_node(graph->node_size() - 1); }
};

OnnxGraph::OnnxGraph(const std::string& name) : impl_(std::make_unique<Impl>()) {
  impl_->model.set_ir_version(kIrVersion);
  impl_->model.set_producer_name("gensynth");
  auto* opset = impl_->model.add_opset_import();
  opset->set_domain("");
  opset->set_version(kOpset);
  impl_->graph = impl_->model.mutable_graph();
  impl_->graph->set_name(name.empty() ? "network" : name);
}

OnnxGraph::~OnnxGraph() = default;

void OnnxGraph::metadata(const std::string& key, const std::string& value) {
  auto* entry = impl_->model.add_metadata_props();
  entry->set_key(key);
  entry->set_value(value);
}

OnnxGraph::Value OnnxGraph::input(const std::string& name, const Dims& shape) {
  const Value value = impl_->unique(name);
  set_shape(*impl_->graph->add_input(), value, shape);
  return value;
}

void OnnxGraph::output(const Value& value, const std::string& name, const Dims& shape) {
  Value source = value;
  for (const auto& input : impl_->graph->input()) {
    if (input.name() == value) source = identity(value);
  }
  const Value renamed = impl_->unique(name);
  for (auto& node : *impl_->graph->mutable_node()) {
    for (auto& in : *node.mutable_input()) {
      if (in == source) in = renamed;
    }
    for (auto& out : *node.mutable_output()) {
      if (out == source) out = renamed;
    }
  }
  impl_->expected.erase(source);
  impl_->expected[renamed] = shape;
  set_shape(*impl_->graph->add_output(), renamed, shape);
}

void OnnxGraph::scope(const std::string& vertex) { impl_->scope = vertex; }

OnnxGraph::Value OnnxGraph::seal(const Value& value, const Dims& shape) {
  if (impl_->graph->node_size() == 0 || impl_->last().output(0) != value) return value;
  const Value name = impl_->unique(impl_->scope);
  impl_->last().set_name(name);
  impl_->last().set_output(0, name);
  impl_->expected[name] = shape;
  return name;
}

OnnxGraph::Value OnnxGraph::constant(const std::string& word, const Dims& shape, const std::vector<float>& values) {
  auto* tensor = impl_->graph->add_initializer();
  tensor->set_name(impl_->unique(impl_->scope + "/" + word));
  tensor->set_data_type(::onnx::TensorProto::FLOAT);
  for (const auto extent : shape) tensor->add_dims(extent);
  tensor->set_raw_data(values.data(), values.size() * sizeof(float));
  return tensor->name();
}

OnnxGraph::Value OnnxGraph::constant(const std::string& word, const std::vector<std::int64_t>& values) {
  auto* tensor = impl_->graph->add_initializer();
  tensor->set_name(impl_->unique(impl_->scope + "/" + word));
  tensor->set_data_type(::onnx::TensorProto::INT64);
  tensor->add_dims(static_cast<std::int64_t>(values.size()));
  tensor->set_raw_data(values.data(), values.size() * sizeof(std::int64_t));
  return tensor->name();
}

OnnxGraph::Value OnnxGraph::node(const std::string& type, const std::vector<Value>& inputs) {
  const std::string name = impl_->unique(impl_->scope + "/" + lower(type));
  auto* made = impl_->graph->add_node();
  made->set_op_type(type);
  made->set_name(name);
  for (const auto& in : inputs) made->add_input(in);
  made->add_output(name);
  return name;
}

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

std::string OnnxGraph::finish() {
  ::onnx::ModelProto& model = impl_->model;
  if (model.ByteSizeLong() > static_cast<std::size_t>(INT_MAX)) {
    throw Error("onnx: " + impl_->graph->name() + " is larger than 2 GB, the limit of the format");
  }
  try {
    const ::onnx::ShapeInferenceOptions options(true, 1, true);  // types checked, strict, values of shapes followed
    ::onnx::shape_inference::InferShapes(model, ::onnx::OpSchemaRegistry::Instance(), options);
    ::onnx::checker::check_model(model);
  } catch (const std::exception& failure) {
    throw Error("onnx: " + impl_->graph->name() + ": " + failure.what(), ErrorKind::internal);
  }
  std::map<std::string, Dims> inferred;
  for (const auto& info : impl_->graph->value_info()) inferred[info.name()] = shape_of(info);
  for (const auto& info : impl_->graph->output()) inferred[info.name()] = shape_of(info);
  for (const auto& [value, shape] : impl_->expected) {
    const auto found = inferred.find(value);
    if (found == inferred.end() || found->second != shape) {
      throw Error("onnx: " + impl_->graph->name() + ": value " + value + " has shape " +
                      (found == inferred.end() ? std::string("unknown") : text(found->second)) + ", expected " +
                      text(shape),
                  ErrorKind::internal);
    }
  }
  return model.SerializeAsString();
}

}  // namespace gensynth::onnx
