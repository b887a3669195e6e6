#include "runtime/tflite/integers.hpp"

#include <algorithm>
#include <map>

#include "runtime/tflite/integer_tensors.hpp"

namespace gensynth::tflite {
namespace {

using format::BuiltinOperator;
using format::FusedActivation;
using quantisation::Encoding;
using Tensor = std::int32_t;

/// The version of an operator that computes in int8, where it is not the first.
int version_of(BuiltinOperator code) {
  switch (code) {
    case BuiltinOperator::conv_2d:
    case BuiltinOperator::depthwise_conv_2d:
      return 3;
    case BuiltinOperator::quantize:
    case BuiltinOperator::hard_swish:
    case BuiltinOperator::prelu:
    case BuiltinOperator::reshape:
      return 1;
    default:
      return 2;
  }
}

/// Operators whose result has the encoding of their input.
bool passes_values(BuiltinOperator code) {
  return code == BuiltinOperator::reshape || code == BuiltinOperator::transpose || code == BuiltinOperator::pad ||
         code == BuiltinOperator::padv2 || code == BuiltinOperator::mirror_pad || code == BuiltinOperator::slice ||
         code == BuiltinOperator::max_pool_2d || code == BuiltinOperator::average_pool_2d ||
         code == BuiltinOperator::resize_bilinear || code == BuiltinOperator::resize_nearest_neighbor;
}

bool is_layer(BuiltinOperator code) {
  return code == BuiltinOperator::conv_2d || code == BuiltinOperator::depthwise_conv_2d ||
         code == BuiltinOperator::fully_connected;
}

/// The range of results of an elementwise operator, from those of its inputs.
Encoding spanned(BuiltinOperator code, const Encoding& a, const Encoding& b, FusedActivation activation) {
  float low = a.low() + b.low();
  float high = a.high() + b.high();
  if (code == BuiltinOperator::mul) {
    const float ends[]{a.low() * b.low(), a.low() * b.high(), a.high() * b.low(), a.high() * b.high()};
    low = *std::min_element(std::begin(ends), std::end(ends));
    high = *std::max_element(std::begin(ends), std::end(ends));
  }
  constexpr float kSix = 6;
  if (activation != FusedActivation::none) low = std::max(low, 0.0F);
  if (activation == FusedActivation::relu6) high = std::min(high, kSix);
  return quantisation::encoding_of(low, high);
}

class Conversion {
 public:
  Conversion(format::ModelT& model, const quantisation::QuantisedNetwork& net)
      : model_(model), net_(net), tensors_(model) {
    for (int v = 0; v < net.network.size(); ++v) vertices_[net.network[v].id] = v;
    vertices_[tensors_.at(tensors_.graph().inputs[0]).name] = 0;
    const std::string& output = tensors_.at(tensors_.graph().outputs[0]).name;
    if (output == "logits") vertices_[output] = net.network.output();
  }

  void run(bool bytes) {
    auto before = std::move(tensors_.graph().operators);
    tensors_.graph().operators.clear();
    convert_input(bytes);
    for (auto& op : before) convert(std::move(op));
    convert_output();
    remove_unused(model_);
  }

 private:
  /// The vertex that a tensor belongs to, or -1.
  int vertex_of(std::string name) const {
    while (true) {
      const auto found = vertices_.find(name);
      if (found != vertices_.end()) return found->second;
      const auto slash = name.rfind('/');
      if (slash == std::string::npos) return -1;
      name.resize(slash);
    }
  }

  /// The encoding of a vertex whose result this is.
  std::optional<Encoding> stored_encoding(Tensor tensor) {
    const auto found = vertices_.find(tensors_.at(tensor).name);
    return found == vertices_.end() ? std::nullopt : net_.encodings[static_cast<std::size_t>(found->second)];
  }

  template <class Options>
  void append(BuiltinOperator code, int version, const std::vector<Tensor>& inputs, Tensor output, Options options) {
    auto op = std::make_unique<format::OperatorT>();
    op->opcode_index = code_index(model_, code, version);
    op->inputs = inputs;
    op->outputs = {output};
    op->options.Set(std::move(options));
    tensors_.graph().operators.push_back(std::move(op));
  }

  void quantise(Tensor from, Tensor to) {
    append(BuiltinOperator::quantize, tensors_.encoding(from) ? 2 : 1, {from}, to, format::QuantizeOptionsT{});
  }

  Tensor renewed(Tensor tensor) const {
    const auto found = renewed_.find(tensor);
    return found == renewed_.end() ? tensor : found->second;
  }

  void convert_input(bool bytes) {
    const Tensor images = tensors_.graph().inputs[0];
    const std::optional<Encoding>& encoding = net_.encodings[0];
    if (bytes) {
      tensors_.encode(images, {1.0F / 255, 0});
      tensors_.at(images).type = format::TensorType::uint8;
    }
    if (!encoding && !bytes) return;
    const Tensor read = tensors_.add("images/read", tensors_.at(images).shape, format::TensorType::float32);
    if (encoding) {
      tensors_.encode(read, *encoding);
      append(BuiltinOperator::quantize, bytes ? 2 : 1, {images}, read, format::QuantizeOptionsT{});
    } else {
      append(BuiltinOperator::dequantize, 1, {images}, read, format::DequantizeOptionsT{});
    }
    renewed_[images] = read;
  }

  void convert_output() {
    const Tensor result = tensors_.graph().outputs[0];
    if (!tensors_.encoding(result)) return;
    const Tensor output = as_float(result);
    tensors_.at(output).name = tensors_.at(result).name;
    tensors_.at(result).name += "/int8";
    tensors_.graph().outputs = {output};
  }

  Tensor as_float(Tensor tensor) {
    if (!tensors_.encoding(tensor)) return tensor;
    const auto [place, is_new] = floats_.try_emplace(tensor, 0);
    if (is_new) {
      place->second =
          tensors_.add(tensors_.at(tensor).name + "/float", tensors_.at(tensor).shape, format::TensorType::float32);
      append(BuiltinOperator::dequantize, 2, {tensor}, place->second, format::DequantizeOptionsT{});
    }
    return place->second;
  }

  void convert(std::unique_ptr<format::OperatorT> op) {
    for (Tensor& input : op->inputs) input = renewed(input);
    const std::optional<Encoding> encoding = integer_result(*op);
    if (encoding) {
      convert_integer(std::move(op), *encoding);
    } else {
      convert_float(std::move(op));
    }
  }

  /// The encoding of the operator's result; nothing where it is computed in float32.
  std::optional<Encoding> integer_result(format::OperatorT& op) {
    const BuiltinOperator code = code_of(model_, op);
    const int vertex = vertex_of(tensors_.at(op.outputs[0]).name);
    if (vertex < 0 || !net_.places[static_cast<std::size_t>(vertex)].integer) return std::nullopt;
    std::vector<Encoding> inputs;
    for (const Tensor input : op.inputs) {
      if (tensors_.is_constant(input)) continue;
      const std::optional<Encoding> encoding = tensors_.encoding(input);
      if (!encoding) return std::nullopt;
      inputs.push_back(*encoding);
    }
    if (is_layer(code) && scales_of(op.inputs[1]) == nullptr) return std::nullopt;
    if (inputs.empty()) return std::nullopt;
    // A mean that a factor corrects afterwards: it would multiply the error of rounding, too.
    if (code == BuiltinOperator::average_pool_2d && !stored_encoding(op.outputs[0])) return std::nullopt;
    if (passes_values(code)) return inputs[0];
    if (const auto encoding = stored_encoding(op.outputs[0])) return encoding;
    if (code == BuiltinOperator::logistic) return quantisation::kSigmoid;
    if (code != BuiltinOperator::add && code != BuiltinOperator::mul) return std::nullopt;
    for (const Tensor input : op.inputs) {
      if (tensors_.is_constant(input)) inputs.push_back(constant_encoding(input));
    }
    const auto* sum = op.options.AsAddOptions();
    const auto* product = op.options.AsMulOptions();
    return spanned(code, inputs.at(0), inputs.at(1),
                   sum != nullptr ? sum->fused_activation : product->fused_activation);
  }

  /// "VERTEX/weight" as an array of the network.
  std::string array_name(Tensor constant) {
    std::string name = tensors_.at(constant).name;
    const auto slash = name.rfind('/');
    if (slash != std::string::npos) name[slash] = '.';
    return name;
  }

  const std::vector<float>* scales_of(Tensor weight) {
    const auto found = net_.scales.find(array_name(weight));
    return found == net_.scales.end() ? nullptr : &found->second;
  }

  Encoding constant_encoding(Tensor constant) {
    const auto found = net_.constants.find(array_name(constant));
    if (found != net_.constants.end()) return found->second;
    const std::vector<float> values = tensors_.floats(constant);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return quantisation::encoding_of(*low, *high);
  }

  void convert_integer(std::unique_ptr<format::OperatorT> op, const Encoding& encoding) {
    const BuiltinOperator code = code_of(model_, *op);
    tensors_.encode(op->outputs[0], encoding);
    if (is_layer(code)) return convert_layer(std::move(op));
    for (Tensor& input : op->inputs) {
      if (tensors_.is_constant(input)) {
        if (tensors_.at(input).type != format::TensorType::float32) continue;  // extents, orders
        input = tensors_.as_int8(input, code == BuiltinOperator::padv2 ? encoding : constant_encoding(input));
      } else if (code == BuiltinOperator::concatenation && *tensors_.encoding(input) != encoding) {
        const Tensor same =
            tensors_.add(tensors_.at(input).name + "/joined", tensors_.at(input).shape, format::TensorType::int8);
        tensors_.encode(same, encoding);
        quantise(input, same);
        input = same;
      }
    }
    const int version = std::max(version_of(code), model_.operator_codes[op->opcode_index]->version);
    op->opcode_index = code_index(model_, code, version);
    tensors_.graph().operators.push_back(std::move(op));
  }

  void convert_layer(std::unique_ptr<format::OperatorT> op) {
    BuiltinOperator code = code_of(model_, *op);
    const std::vector<float> scales = *scales_of(op->inputs[1]);
    const int axis = code == BuiltinOperator::depthwise_conv_2d ? 3 : 0;
    op->inputs[1] = tensors_.as_weight(op->inputs[1], scales, axis);
    op->inputs[2] = tensors_.as_bias(op->inputs[2], scales, tensors_.encoding(op->inputs[0])->scale);
    const Tensor result = op->outputs[0];
    const bool matrix = code == BuiltinOperator::fully_connected;
    if (matrix) code = as_convolution(*op);
    const int version = std::max(version_of(code), model_.operator_codes[op->opcode_index]->version);
    op->opcode_index = code_index(model_, code, matrix ? version_of(code) : version);
    const Tensor made = op->outputs[0];
    tensors_.graph().operators.push_back(std::move(op));
    if (matrix) reshape(made, result);
  }

  /// Reads and gives maps from here on.
  BuiltinOperator as_convolution(format::OperatorT& op) {
    const Tensor x = op.inputs[0];
    const Tensor result = op.outputs[0];
    const auto as_map = [](std::vector<std::int32_t> shape) {
      shape.insert(shape.end() - 1, 4 - shape.size(), 1);
      return shape;
    };
    const Tensor map =
        tensors_.add(tensors_.at(x).name + "/map", as_map(tensors_.at(x).shape), format::TensorType::int8);
    tensors_.encode(map, *tensors_.encoding(x));
    reshape(x, map);
    const Tensor out =
        tensors_.add(tensors_.at(result).name + "/map", as_map(tensors_.at(result).shape), format::TensorType::int8);
    tensors_.encode(out, *tensors_.encoding(result));
    op.inputs[0] = map;
    op.outputs[0] = out;
    auto& weight = tensors_.at(op.inputs[1]).shape;
    weight = {weight[0], 1, 1, weight[1]};
    format::Conv2DOptionsT options;
    options.padding = format::Padding::valid;
    options.stride_h = options.stride_w = 1;
    options.fused_activation = op.options.AsFullyConnectedOptions()->fused_activation;
    op.options.Set(std::move(options));
    return BuiltinOperator::conv_2d;
  }

  void reshape(Tensor from, Tensor to) {
    format::ReshapeOptionsT options;
    options.new_shape = tensors_.at(to).shape;
    const Tensor extents = tensors_.add_integers(tensors_.at(to).name + "/shape", options.new_shape);
    append(BuiltinOperator::reshape, 1, {from, extents}, to, std::move(options));
  }

  void convert_float(std::unique_ptr<format::OperatorT> op) {
    for (Tensor& input : op->inputs) {
      if (!tensors_.is_constant(input)) input = as_float(input);
    }
    const Tensor result = op->outputs[0];
    const std::optional<Encoding> encoding = stored_encoding(result);
    if (!encoding) return tensors_.graph().operators.push_back(std::move(op));
    const Tensor exact =
        tensors_.add(tensors_.at(result).name + "/exact", tensors_.at(result).shape, format::TensorType::float32);
    op->outputs[0] = exact;
    tensors_.graph().operators.push_back(std::move(op));
    tensors_.encode(result, *encoding);
    quantise(exact, result);
  }

  format::ModelT& model_;
  const quantisation::QuantisedNetwork& net_;
  IntegerTensors tensors_;
  std::map<std::string, int> vertices_;  ///< by name of the tensor
  std::map<Tensor, Tensor> renewed_;     ///< what is read instead
  std::map<Tensor, Tensor> floats_;      ///< dequantised
};

}  // namespace

void use_integers(format::ModelT& model, const quantisation::QuantisedNetwork& net, bool bytes) {
  Conversion(model, net).run(bytes);
}

}  // namespace gensynth::tflite
