#pragma once

#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/tflite/graph.hpp"
#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {

struct NoOptions {};

/// The data of a Graph, which its methods share.
struct Graph::Impl {
  Storage storage;
  format::ModelT model;
  std::string scope;
  std::map<std::string, int> names;  ///< how often each name was used

  explicit Impl(Storage storage);
  format::SubGraphT& graph() { return *model.subgraphs[0]; }
  format::TensorT& tensor(Value value) { return *graph().tensors.at(static_cast<std::size_t>(value)); }
  const Dims& dims(Value value) { return tensor(value).shape; }

  std::string unique(const std::string& name);
  std::uint32_t store(std::vector<std::uint8_t> bytes);  ///< index of the new buffer
  Value add_tensor(const std::string& word, const Dims& shape, format::TensorType type);
  Value integers(const std::string& word, const Dims& shape, const Dims& values);

  Value paddings(const Border& border);

  /// An operator, and its result with this shape.
  template <class Options = NoOptions>
  Value node(format::BuiltinOperator code, const std::string& word, const std::vector<Value>& inputs, const Dims& shape,
             Options options = {}, int version = 1) {
    auto op = std::make_unique<format::OperatorT>();
    if constexpr (!std::is_same_v<Options, NoOptions>) op->options.Set(std::move(options));
    return append(std::move(op), code_index(model, code, version), word, inputs, shape);
  }
  Value reduce(format::BuiltinOperator code, const std::string& word, Value x, const Dims& axes);

 private:
  Value append(std::unique_ptr<format::OperatorT> op, std::uint32_t code, const std::string& word,
               const std::vector<Value>& inputs, const Dims& shape);
};

/// "(1, 8, 8, 3)"
std::string text(const Graph::Dims& dims);

}  // namespace gensynth::tflite
