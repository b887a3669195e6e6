#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/quantisation/encoding.hpp"

namespace gensynth::onnx {

/// Builds an ONNX graph node by node, with one method for each operator (opset 13). A value is identified by its name;
/// every method returns the name of the node's output. Nodes are called SCOPE/WORD, where the scope is the network's
/// vertex. No protobuf type appears here.
class OnnxGraph {
 public:
  using Value = std::string;
  using Dims = std::vector<std::int64_t>;

  explicit OnnxGraph(const std::string& name);
  ~OnnxGraph();
  OnnxGraph(const OnnxGraph&) = delete;
  OnnxGraph& operator=(const OnnxGraph&) = delete;

  void metadata(const std::string& key, const std::string& value);
  /// An extent of kAny is not fixed: the user of the model chooses it.
  static constexpr std::int64_t kAny = -1;
  Value input(const std::string& name, const Dims& shape);
  Value byte_input(const std::string& name, const Dims& shape);  ///< uint8
  /// Declares `value` as the graph's output and renames it to `name`.
  void output(const Value& value, const std::string& name, const Dims& shape);

  /// Sets the vertex to which later nodes and constants belong.
  void scope(const std::string& vertex);
  /// Gives the node of `value` the name of the scope, if it is the last node, and records the shape that the value must
  /// have. Returns the name of the value.
  Value seal(const Value& value, const Dims& shape);

  Value constant(const std::string& word, const Dims& shape, const std::vector<float>& values);
  Value constant(const std::string& word, const std::vector<std::int64_t>& values);

  struct Window {
    Dims kernel;    ///< height, width
    Dims stride;    ///< height, width
    Dims pads;      ///< top, left, bottom, right
    Dims dilation;  ///< height, width; convolution only
  };
  Value conv(const Value& x, const Value& weight, const Value& bias, const Window& window, int groups);  ///< bias or ""
  Value batch_normalization(const Value& x, const Value& scale, const Value& bias, const Value& mean,
                            const Value& variance, double eps);
  Value max_pool(const Value& x, const Window& window);
  Value average_pool(const Value& x, const Window& window, bool count_include_pad);
  Value global_average_pool(const Value& x);
  Value pad(const Value& x, const Dims& pads, const std::string& mode);  ///< pads: all begins, then all ends
  Value resize_nearest(const Value& x, const Dims& sizes);               ///< source = floor(target / scale)
  Value resize_bilinear(const Value& x, const Dims& sizes);              ///< centres of pixels aligned
  /// The same for maps of any batch, from `in` to `out` (height, width).
  Value scale_nearest(const Value& x, const Dims& in, const Dims& out);
  Value scale_bilinear(const Value& x, const Dims& in, const Dims& out);

  Value relu(const Value& x);
  Value sigmoid(const Value& x);
  Value hard_sigmoid(const Value& x);  ///< clip(x / 6 + 1/2, 0, 1)
  Value tanh(const Value& x);
  Value erf(const Value& x);
  Value sqrt(const Value& x);
  Value softmax(const Value& x, int axis);
  Value prelu(const Value& x, const Value& slope);
  Value clip(const Value& x, const Value& low, const Value& high);  ///< scalars; "" = no bound
  Value identity(const Value& x);
  Value to_float(const Value& x);

  Value add(const Value& a, const Value& b);
  Value subtract(const Value& a, const Value& b);
  Value multiply(const Value& a, const Value& b);
  Value divide(const Value& a, const Value& b);
  Value sum(const std::vector<Value>& values);
  Value matmul(const Value& a, const Value& b);
  Value gemm(const Value& x, const Value& weight, const Value& bias);  ///< x weight^T + bias; bias or ""

  Value concat(const std::vector<Value>& values, int axis);
  Value slice(const Value& x, int axis, std::int64_t begin, std::int64_t end);
  Value gather(const Value& x, const std::vector<std::int64_t>& indices, int axis);
  Value reshape(const Value& x, const Dims& shape);  ///< one extent may be kAny: it follows from the others
  Value transpose(const Value& x, const Dims& order);
  Value reduce_mean(const Value& x, const Dims& axes, bool keep);
  Value reduce_l2(const Value& x, const Dims& axes, bool keep);
  Value zeros(const Dims& shape);

  /// Values and weights that are stored as 8-bit integers, by name.
  struct Integers {
    std::map<Value, quantisation::Encoding> values;
    std::map<Value, std::vector<float>> weights;  ///< a scale for each output of a convolution or matrix
  };
  /// Rounds values and weights by pairs of QuantizeLinear and DequantizeLinear; biases of layers with such weights
  /// become 32-bit integers. A byte input is read as 0 to 1. To be called once, after the output was declared.
  void use_integers(const Integers& integers);
  /// Stores the weights of convolutions and matrices as float16, read through Cast.
  void use_halves();

  /// Runs strict shape inference and the checker; every sealed value must have its recorded shape. Returns the model as
  /// bytes. Throws Error with onnx's own message.
  std::string finish();

 private:
  struct Impl;
  Value node(const std::string& type, const std::vector<Value>& inputs);
  Value scale(const Value& x, const Dims& in, const Dims& out);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gensynth::onnx
