#include "runtime/tflite/writer.hpp"

#include <algorithm>
#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/lowering/dataflow.hpp"
#include "runtime/tflite/emit.hpp"
#include "runtime/tflite/half.hpp"
#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {
namespace {

using Value = Graph::Value;

void check_options(const Options& options, const Shape& image) {
  if (options.batch < 1) throw Error("tflite: batch " + std::to_string(options.batch) + ", expected 1 or more");
  if (options.input == ImageInput::normalised) return;
  const auto channels = static_cast<std::size_t>(image.channels);
  if (options.mean.size() != channels || options.deviation.size() != channels) {
    throw Error("tflite: " + std::to_string(options.mean.size()) + " means and " +
                std::to_string(options.deviation.size()) + " standard deviations, expected " +
                std::to_string(channels) + " each, one for each channel of the image");
  }
  for (std::size_t i = 0; i < channels; ++i) {
    if (!std::isfinite(options.mean[i]))
      throw Error("tflite: the mean of channel " + std::to_string(i) + " is not finite");
    if (!std::isfinite(options.deviation[i]) || options.deviation[i] <= 0) {
      throw Error("tflite: the standard deviation of channel " + std::to_string(i) + " is " +
                  std::to_string(options.deviation[i]) + ", expected a positive number");
    }
  }
}

/// The image, normalised as in training.
Value emit_input(Graph& graph, const Shape& image, const Options& options) {
  const Graph::Dims dims = tflite_dims(image, options.batch);
  if (options.input == ImageInput::normalised) return graph.input("images", dims);
  Value x = options.input == ImageInput::uint8 ? graph.byte_input("images", dims) : graph.input("images", dims);
  graph.scope("normalisation");
  if (options.input == ImageInput::uint8) x = graph.dequantize(x);
  std::vector<float> factor;
  std::vector<float> shift;
  for (std::size_t i = 0; i < options.mean.size(); ++i) {
    const double deviation = options.deviation[i];
    factor.push_back(static_cast<float>(1 / deviation));
    shift.push_back(static_cast<float>(-options.mean[i] / deviation));
  }
  const Graph::Dims extents{image.channels};
  return graph.add(graph.mul(x, graph.constant("factor", extents, factor)), graph.constant("shift", extents, shift));
}

Value emit_vertex(const Architecture& net, const Weights& weights, int v, const std::vector<Value>& values, int batch,
                  Graph& graph) {
  std::vector<Value> inputs;
  std::vector<Shape> shapes;
  for (int port = 0; port < net.in_degree(v); ++port) {
    const int from = net.input(v, port);
    inputs.push_back(lowering::reads_values(net.op(v), port) ? values[static_cast<std::size_t>(from)] : -1);
    shapes.push_back(net.shape(from));
  }
  graph.scope(net[v].id);
  const Value value = emit(net.op(v), {graph, net[v].id, weights, inputs, shapes, net.shape(v), batch});
  graph.seal(value, tflite_dims(net.shape(v), batch));
  return value;
}

void add_metadata(format::ModelT& model, const std::string& name, const std::string& text) {
  auto buffer = std::make_unique<format::BufferT>();
  buffer->data.assign(text.begin(), text.end());
  auto entry = std::make_unique<format::MetadataT>();
  entry->name = name;
  entry->buffer = static_cast<std::uint32_t>(model.buffers.size());
  model.buffers.push_back(std::move(buffer));
  model.metadata.push_back(std::move(entry));
}

std::unique_ptr<format::TensorMapT> named_tensor(const format::SubGraphT& graph, std::int32_t index) {
  auto entry = std::make_unique<format::TensorMapT>();
  entry->name = graph.tensors[static_cast<std::size_t>(index)]->name;
  entry->tensor_index = static_cast<std::uint32_t>(index);
  return entry;
}

/// Names the input and output for runtimes that are called by name.
void add_signature(format::ModelT& model) {
  const format::SubGraphT& graph = *model.subgraphs[0];
  auto signature = std::make_unique<format::SignatureDefT>();
  signature->signature_key = "serving_default";
  signature->inputs.push_back(named_tensor(graph, graph.inputs[0]));
  signature->outputs.push_back(named_tensor(graph, graph.outputs[0]));
  model.signature_defs.push_back(std::move(signature));
}

}  // namespace

const char* to_string(ImageInput input) {
  switch (input) {
    case ImageInput::normalised:
      return "normalised";
    case ImageInput::unit:
      return "unit";
    case ImageInput::uint8:
      return "uint8";
  }
  throw Error("tflite: image input of unknown kind", ErrorKind::internal);
}

const char* to_string(Precision precision) {
  switch (precision) {
    case Precision::float32:
      return "fp32";
    case Precision::float16:
      return "fp16";
  }
  throw Error("tflite: precision of unknown kind", ErrorKind::internal);
}

Folded deployed(const Architecture& architecture, const Weights& weights, Precision precision) {
  check_weights(architecture, weights, "weights of " + architecture.name());
  Folded folded = fold(architecture, weights);
  if (precision == Precision::float16) round_to_half(folded.weights);
  return folded;
}

std::string model(const Architecture& architecture, const Weights& weights, const Options& options) {
  check_options(options, architecture.shape(architecture.input()));
  const Folded folded = deployed(architecture, weights, options.precision);
  const Architecture& net = folded.architecture;
  Graph graph(options.precision == Precision::float16 ? Graph::Storage::float16 : Graph::Storage::float32);
  const std::vector<bool> needed = lowering::needed_vertices(net);
  std::vector<Value> values(static_cast<std::size_t>(net.size()), -1);
  values[0] = emit_input(graph, net.shape(0), options);
  for (int v = 1; v < net.size(); ++v) {
    if (!needed[static_cast<std::size_t>(v)]) continue;
    values[static_cast<std::size_t>(v)] = emit_vertex(net, folded.weights, v, values, options.batch, graph);
  }
  graph.output(values[static_cast<std::size_t>(net.output())], "scores");

  format::ModelT file = graph.take(architecture.name());
  const std::string program = std::string("gensynth ") + GENSYNTH_VERSION;
  file.description = architecture.name() + ", written by " + program;
  std::map<std::string, std::string> metadata = options.metadata;
  metadata.emplace("name", architecture.name());
  metadata.emplace("program", program);
  for (const auto& [name, text] : metadata) add_metadata(file, name, text);
  add_signature(file);
  return serialize(file);
}

void write(const Architecture& architecture, const Weights& weights, const std::string& path, const Options& options) {
  write_file_atomically(path, model(architecture, weights, options));
}

}  // namespace gensynth::tflite
