#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "architecture/operators.hpp"

namespace gensynth::tflite {

namespace format {
struct ModelT;
}

/// Builds a TensorFlow Lite graph operator by operator, with one method for each. Values are float32 unless stated,
/// maps are (N, H, W, C). The class computes the shape of every result. Tensors are called SCOPE/WORD, where the scope
/// is the network's vertex.
class Graph {
 public:
  using Value = int;  ///< index of a tensor
  using Dims = std::vector<std::int32_t>;

  enum class Storage : std::uint8_t { float32, float16 };

  /// `weights` is the format in which weights are stored.
  explicit Graph(Storage weights = Storage::float32);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  Value input(const std::string& name, const Dims& shape);
  /// Bytes that represent 0 .. 1 in steps of 1 / 255.
  Value byte_input(const std::string& name, const Dims& shape);
  /// Declares `value` as the graph's output and calls it `name` from now on.
  void output(Value value, const std::string& name);

  /// Operators and constants made from here on belong to this vertex.
  void scope(const std::string& vertex);
  /// Gives `value` the scope's own name when it was made in this scope. Throws Error when its shape is not `shape`.
  void seal(Value value, const Dims& shape);
  const Dims& dims(Value value) const;

  Value constant(const std::string& word, const Dims& shape, const std::vector<float>& values);

  /// The same for the weights of convolutions and matrices; if the graph stores weights as float16, they are read
  /// through DEQUANTIZE.
  Value weight(const std::string& word, const Dims& shape, const std::vector<float>& values);

  struct Window {
    Pair kernel{1, 1};  ///< kernel of pools; that of a convolution is given by its weight
    Pair stride{1, 1};
    Pair dilation{1, 1};  ///< of convolutions
    bool same = false;    ///< the format's padding SAME; otherwise VALID, which is no padding
  };
  Value conv(Value x, Value weight, Value bias, const Window& window);       ///< weight (out, kh, kw, in / groups)
  Value depthwise(Value x, Value weight, Value bias, const Window& window);  ///< weight (1, kh, kw, out)
  Value fully_connected(Value x, Value weight, Value bias);                  ///< weight (out, in); keeps the rank
  Value max_pool(Value x, const Window& window);
  Value average_pool(Value x, const Window& window);  ///< padding does not count

  struct Border {
    int top = 0, left = 0, bottom = 0, right = 0;
    bool none() const { return top == 0 && left == 0 && bottom == 0 && right == 0; }
  };
  Value pad(Value x, const Border& border);         ///< zeros around a map
  Value pad_lowest(Value x, const Border& border);  ///< the lowest float around a map
  Value mirror_pad(Value x, const Border& border);  ///< reflection, the edge is not repeated
  Value resize_nearest(Value x, int height, int width);
  Value resize_bilinear(Value x, int height, int width);  ///< centres of pixels aligned

  Value relu(Value x);
  Value relu6(Value x);
  Value logistic(Value x);
  Value tanh(Value x);
  Value hard_swish(Value x);
  Value gelu(Value x);  ///< by the error function
  Value prelu(Value x, Value slope);
  Value rsqrt(Value x);
  Value softmax(Value x);  ///< over the last axis
  Value dequantize(Value x);

  Value add(Value a, Value b);  ///< these broadcast
  Value sub(Value a, Value b);
  Value mul(Value a, Value b);
  Value maximum(Value a, Value b);
  /// The last two axes of each are a matrix, transposed first if requested.
  Value batch_matmul(Value a, Value b, bool transpose_a, bool transpose_b);

  Value concat(const std::vector<Value>& values, int axis);
  Value slice(Value x, int axis, int begin, int end);
  Value reshape(Value x, const Dims& shape);
  Value transpose(Value x, const Dims& order);
  Value mean(Value x, const Dims& axes);  ///< the axes stay, with extent 1
  Value sum(Value x, const Dims& axes);

  /// The finished model: activations fused into the operators that compute what they read, unused tensors removed.
  /// The graph is empty afterwards.
  format::ModelT take(const std::string& name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gensynth::tflite
