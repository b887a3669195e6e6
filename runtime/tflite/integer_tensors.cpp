#include "runtime/tflite/integer_tensors.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace gensynth::tflite {

using format::TensorType;

std::vector<float> IntegerTensors::floats(std::int32_t constant) {
  const auto& data = model_.buffers.at(at(constant).buffer)->data;
  std::vector<float> values(data.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), data.data(), values.size() * sizeof(float));
  return values;
}

std::int32_t IntegerTensors::add(const std::string& name, const std::vector<std::int32_t>& shape, TensorType type) {
  auto tensor = std::make_unique<format::TensorT>();
  tensor->name = name;
  tensor->shape = shape;
  tensor->type = type;
  tensor->has_rank = true;
  graph().tensors.push_back(std::move(tensor));
  return static_cast<std::int32_t>(graph().tensors.size() - 1);
}

std::int32_t IntegerTensors::add_integers(const std::string& name, const std::vector<std::int32_t>& values) {
  const std::int32_t tensor = add(name, {static_cast<std::int32_t>(values.size())}, TensorType::int32);
  fill(tensor, values.data(), values.size() * sizeof(std::int32_t));
  return tensor;
}

void IntegerTensors::encode(std::int32_t tensor, const quantisation::Encoding& encoding) {
  at(tensor).type = TensorType::int8;
  set_scales(tensor, {encoding.scale}, 0);
  at(tensor).quantization->zero_point = {encoding.zero_point};
}

std::optional<quantisation::Encoding> IntegerTensors::encoding(std::int32_t tensor) {
  const format::TensorT& found = at(tensor);
  if (found.type != TensorType::int8 || !found.quantization) return std::nullopt;
  return quantisation::Encoding{found.quantization->scale[0], static_cast<int>(found.quantization->zero_point[0])};
}

std::int32_t IntegerTensors::as_int8(std::int32_t constant, const quantisation::Encoding& encoding) {
  std::vector<std::int8_t> values;
  for (const float value : floats(constant)) values.push_back(quantisation::stored(value, encoding));
  const std::int32_t tensor = add(at(constant).name + "_int8", at(constant).shape, TensorType::int8);
  encode(tensor, encoding);
  fill(tensor, values.data(), values.size());
  return tensor;
}

std::int32_t IntegerTensors::as_weight(std::int32_t constant, const std::vector<float>& scales, int axis) {
  constexpr float kLargest = 127;
  const std::vector<float> numbers = floats(constant);
  const bool last = axis > 0;  // the axis is the first or the last one
  const std::size_t row = numbers.size() / scales.size();
  std::vector<std::int8_t> values(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const float scale = scales[last ? i % scales.size() : i / row];
    values[i] = static_cast<std::int8_t>(std::clamp(std::nearbyint(numbers[i] / scale), -kLargest, kLargest));
  }
  const std::int32_t tensor = add(at(constant).name + "_int8", at(constant).shape, TensorType::int8);
  set_scales(tensor, scales, axis);
  fill(tensor, values.data(), values.size());
  return tensor;
}

std::int32_t IntegerTensors::as_bias(std::int32_t constant, const std::vector<float>& scales, float input_scale) {
  const std::vector<float> numbers = floats(constant);
  std::vector<float> steps;
  std::vector<std::int32_t> values;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    steps.push_back(scales[i] * input_scale);
    constexpr double kMost = 2147483647.0;
    const double value = std::nearbyint(static_cast<double>(numbers[i]) / steps[i]);
    values.push_back(static_cast<std::int32_t>(std::clamp(value, -kMost, kMost)));
  }
  const std::int32_t tensor = add(at(constant).name + "_int32", at(constant).shape, TensorType::int32);
  set_scales(tensor, steps, 0);
  fill(tensor, values.data(), values.size() * sizeof(std::int32_t));
  return tensor;
}

void IntegerTensors::fill(std::int32_t tensor, const void* data, std::size_t bytes) {
  auto buffer = std::make_unique<format::BufferT>();
  buffer->data.resize(bytes);
  if (bytes > 0) std::memcpy(buffer->data.data(), data, bytes);
  at(tensor).buffer = static_cast<std::uint32_t>(model_.buffers.size());
  model_.buffers.push_back(std::move(buffer));
}

void IntegerTensors::set_scales(std::int32_t tensor, const std::vector<float>& scales, int axis) {
  auto quantization = std::make_unique<format::QuantizationT>();
  quantization->scale = scales;
  quantization->zero_point.assign(scales.size(), 0);
  quantization->quantized_dimension = axis;
  at(tensor).quantization = std::move(quantization);
}

}  // namespace gensynth::tflite
