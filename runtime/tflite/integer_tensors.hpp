#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/quantisation/encoding.hpp"
#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {

/// The tensors of a graph that is turned into integers. For integers.cpp.
class IntegerTensors {
 public:
  explicit IntegerTensors(format::ModelT& model) : model_(model) {}

  format::TensorT& at(std::int32_t tensor) { return *graph().tensors.at(static_cast<std::size_t>(tensor)); }
  format::SubGraphT& graph() { return *model_.subgraphs[0]; }
  bool is_constant(std::int32_t tensor) { return !model_.buffers.at(at(tensor).buffer)->data.empty(); }
  std::vector<float> floats(std::int32_t constant);  ///< values of a float32 constant

  std::int32_t add(const std::string& name, const std::vector<std::int32_t>& shape, format::TensorType type);
  std::int32_t add_integers(const std::string& name, const std::vector<std::int32_t>& values);  ///< an int32 constant

  /// Makes a tensor int8; nothing else is known of its values.
  void encode(std::int32_t tensor, const quantisation::Encoding& encoding);
  std::optional<quantisation::Encoding> encoding(std::int32_t tensor);  ///< nothing for other types

  /// Constants with the values of a float32 one.
  std::int32_t as_int8(std::int32_t constant, const quantisation::Encoding& encoding);
  /// Symmetric, with a scale for each index of `axis`.
  std::int32_t as_weight(std::int32_t constant, const std::vector<float>& scales, int axis);
  std::int32_t as_bias(std::int32_t constant, const std::vector<float>& scales, float input_scale);

 private:
  void fill(std::int32_t tensor, const void* data, std::size_t bytes);
  void set_scales(std::int32_t tensor, const std::vector<float>& scales, int axis);

  format::ModelT& model_;
};

}  // namespace gensynth::tflite
