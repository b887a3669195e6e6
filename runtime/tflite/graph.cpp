#include "runtime/tflite/graph.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "architecture/base/error.hpp"
#include "runtime/lowering/half.hpp"
#include "runtime/tflite/graph_impl.hpp"

namespace gensynth::tflite {
namespace {

using format::TensorType;

template <class T>
std::vector<std::uint8_t> bytes_of(std::span<const T> values) {
  std::vector<std::uint8_t> bytes(values.size_bytes());
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace

std::string text(const Graph::Dims& dims) {
  std::string out = "(";
  for (const auto extent : dims) out += (out.size() > 1 ? ", " : "") + std::to_string(extent);
  return out + ")";
}

Graph::Impl::Impl(Storage storage) : storage(storage) {
  model.version = 3;
  model.subgraphs.push_back(std::make_unique<format::SubGraphT>());
  store({});  // the empty buffer of tensors that have no values
}

std::string Graph::Impl::unique(const std::string& name) {
  const int count = names[name]++;
  return count == 0 ? name : name + "_" + std::to_string(count + 1);
}

std::uint32_t Graph::Impl::store(std::vector<std::uint8_t> bytes) {
  model.buffers.push_back(std::make_unique<format::BufferT>());
  model.buffers.back()->data = std::move(bytes);
  return static_cast<std::uint32_t>(model.buffers.size() - 1);
}

Graph::Value Graph::Impl::add_tensor(const std::string& word, const Dims& shape, TensorType type) {
  auto tensor = std::make_unique<format::TensorT>();
  tensor->name = unique(scope.empty() ? word : scope + "/" + word);
  tensor->shape = shape;
  tensor->type = type;
  tensor->has_rank = true;
  graph().tensors.push_back(std::move(tensor));
  return static_cast<Value>(graph().tensors.size() - 1);
}

Graph::Value Graph::Impl::integers(const std::string& word, const Dims& shape, const Dims& values) {
  const Value value = add_tensor(word, shape, TensorType::int32);
  tensor(value).buffer = store(bytes_of(std::span<const std::int32_t>(values)));
  return value;
}

Graph::Value Graph::Impl::append(std::unique_ptr<format::OperatorT> op, std::uint32_t code, const std::string& word,
                                 const std::vector<Value>& inputs, const Dims& shape) {
  const Value result = add_tensor(word, shape, TensorType::float32);
  op->opcode_index = code;
  op->inputs.assign(inputs.begin(), inputs.end());
  op->outputs = {result};
  graph().operators.push_back(std::move(op));
  return result;
}

Graph::Graph(Storage weights) : impl_(std::make_unique<Impl>(weights)) {}
Graph::~Graph() = default;

Graph::Value Graph::input(const std::string& name, const Dims& shape) {
  const Value value = impl_->add_tensor(name, shape, TensorType::float32);
  impl_->graph().inputs = {value};
  return value;
}

Graph::Value Graph::byte_input(const std::string& name, const Dims& shape) {
  const Value value = impl_->add_tensor(name, shape, TensorType::uint8);
  auto quantization = std::make_unique<format::QuantizationT>();
  quantization->scale = {1.0F / 255.0F};
  quantization->zero_point = {0};
  impl_->tensor(value).quantization = std::move(quantization);
  impl_->graph().inputs = {value};
  return value;
}

void Graph::output(Value value, const std::string& name) {
  const bool is_made =
      std::ranges::any_of(impl_->graph().operators, [&](const auto& op) { return op->outputs[0] == value; });
  if (!is_made) value = reshape(value, dims(value));  // an input or a constant cannot be an output
  impl_->tensor(value).name = name;
  impl_->graph().outputs = {value};
}

void Graph::scope(const std::string& vertex) { impl_->scope = vertex; }

void Graph::seal(Value value, const Dims& shape) {
  if (dims(value) != shape) {
    throw Error("tflite: vertex " + impl_->scope + ": the result is " + text(dims(value)) + ", expected " + text(shape),
                ErrorKind::internal);
  }
  auto& name = impl_->tensor(value).name;
  if (name.starts_with(impl_->scope + "/")) name = impl_->unique(impl_->scope);
}

const Graph::Dims& Graph::dims(Value value) const { return impl_->dims(value); }

Graph::Value Graph::constant(const std::string& word, const Dims& shape, const std::vector<float>& values) {
  const Value value = impl_->add_tensor(word, shape, TensorType::float32);
  impl_->tensor(value).buffer = impl_->store(bytes_of(std::span<const float>(values)));
  return value;
}

Graph::Value Graph::weight(const std::string& word, const Dims& shape, const std::vector<float>& values) {
  if (impl_->storage == Storage::float32) return constant(word, shape, values);
  std::vector<std::uint16_t> halves;
  halves.reserve(values.size());
  for (const float value : values) halves.push_back(lowering::half_bits(value));
  const Value stored = impl_->add_tensor(word, shape, TensorType::float16);
  impl_->tensor(stored).buffer = impl_->store(bytes_of(std::span<const std::uint16_t>(halves)));
  return impl_->node(format::BuiltinOperator::dequantize, word + "_float32", {stored}, shape,
                     format::DequantizeOptionsT{}, 3);
}

format::ModelT Graph::take(const std::string& name) {
  impl_->graph().name = name;
  format::ModelT model = std::move(impl_->model);
  impl_ = std::make_unique<Impl>(impl_->storage);
  fuse_activations(model);
  use_zero_pads(model);
  remove_unused(model);
  return model;
}

}  // namespace gensynth::tflite
