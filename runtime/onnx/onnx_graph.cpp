#include "runtime/onnx/onnx_graph.hpp"

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <bit>
#include <climits>
#include <map>
#include <sstream>

#include "architecture/base/error.hpp"
#include "runtime/onnx/onnx_graph_impl.hpp"

namespace gensynth::onnx {

namespace {

constexpr int kOpset = 13;
constexpr int kIrVersion = 7;

static_assert(std::endian::native == std::endian::little, "raw tensor data is little-endian");

void set_shape(::onnx::ValueInfoProto& info, const std::string& name, const OnnxGraph::Dims& shape,
               ::onnx::TensorProto::DataType type = ::onnx::TensorProto::FLOAT) {
  info.set_name(name);
  auto* tensor = info.mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(type);
  tensor->mutable_shape();
  for (const auto extent : shape) {
    auto* dim = tensor->mutable_shape()->add_dim();
    if (extent == OnnxGraph::kAny) {
      dim->set_dim_param("N");
    } else {
      dim->set_dim_value(extent);
    }
  }
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

std::string lower(std::string word) {
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

}  // namespace

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

OnnxGraph::Value OnnxGraph::byte_input(const std::string& name, const Dims& shape) {
  const Value value = impl_->unique(name);
  set_shape(*impl_->graph->add_input(), value, shape, ::onnx::TensorProto::UINT8);
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
