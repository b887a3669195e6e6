#include "runtime/tflite/writer.hpp"

#include <map>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/lowering/dataflow.hpp"
#include "runtime/lowering/deployed.hpp"
#include "runtime/tflite/emit.hpp"
#include "runtime/tflite/integers.hpp"
#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {
namespace {

using Value = Graph::Value;

/// The image as the network was trained with.
Value emit_input(Graph& graph, const Shape& image, const Options& options) {
  const Graph::Dims dims = tflite_dims(image, options.batch);
  if (options.input == ImageInput::normalised) return graph.input("images", dims);
  Value x = options.input == ImageInput::uint8 ? graph.byte_input("images", dims) : graph.input("images", dims);
  graph.scope("normalisation");
  if (options.input == ImageInput::uint8) x = graph.dequantize(x);
  const lowering::Normalisation normalise = lowering::normalisation_of(options, 1);
  const Graph::Dims extents{image.channels};
  return graph.add(graph.mul(x, graph.constant("factor", extents, normalise.factor)),
                   graph.constant("shift", extents, normalise.shift));
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

void check(const Architecture& architecture, const Options& options) {
  lowering::check_options(options, architecture.shape(architecture.input()), architecture.shape(architecture.output()),
                          "tflite");
  if (options.batch == lowering::kAnyBatch)
    throw Error("tflite: batch 0, expected 1 or more: the format's batch is fixed");
}

format::ModelT emit_graph(const Architecture& net, const Weights& weights, const Options& options) {
  Graph graph(options.precision == Precision::float16 ? Graph::Storage::float16 : Graph::Storage::float32);
  const std::vector<bool> needed = lowering::needed_vertices(net);
  std::vector<Value> values(static_cast<std::size_t>(net.size()), -1);
  values[0] = emit_input(graph, net.shape(0), options);
  for (int v = 1; v < net.size(); ++v) {
    if (!needed[static_cast<std::size_t>(v)]) continue;
    values[static_cast<std::size_t>(v)] = emit_vertex(net, weights, v, values, options.batch, graph);
  }
  Value result = values[static_cast<std::size_t>(net.output())];
  if (options.output == lowering::ScoreOutput::softmax) {
    graph.scope("softmax");
    result = graph.softmax(result);
  }
  graph.output(result, lowering::output_name(options.output));
  return graph.take(net.name());
}

/// The bytes of the file, with its metadata.
std::string finished(format::ModelT file, const std::string& name, const Options& options) {
  const std::map<std::string, std::string> metadata = lowering::file_metadata(options, name);
  file.description = name + ", written by " + metadata.at("program");
  for (const auto& [entry, text] : metadata) add_metadata(file, entry, text);
  add_signature(file);
  return serialize(file);
}

}  // namespace

std::string model(const Architecture& architecture, const Weights& weights, const Options& options) {
  if (options.precision == Precision::int8)
    throw Error("tflite: precision int8 takes a quantised network", ErrorKind::internal);
  check(architecture, options);
  const Folded folded = lowering::deployed(architecture, weights, options.precision);
  return finished(emit_graph(folded.architecture, folded.weights, options), architecture.name(), options);
}

std::string model(const quantisation::QuantisedNetwork& network, const Options& options) {
  check(network.network, options);
  Options given = options;
  given.precision = Precision::float32;
  given.input = ImageInput::normalised;  // the network's first layer normalises
  format::ModelT file = emit_graph(network.network, network.weights, given);
  use_integers(file, network, options.input == ImageInput::uint8);
  return finished(std::move(file), network.network.name(), options);
}

void write(const Architecture& architecture, const Weights& weights, const std::string& path, const Options& options) {
  write_file_atomically(path, model(architecture, weights, options));
}

}  // namespace gensynth::tflite
