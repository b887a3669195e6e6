#include "runtime/onnx/onnx_writer.hpp"

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/lowering/dataflow.hpp"
#include "runtime/lowering/deployed.hpp"
#include "runtime/onnx/emit.hpp"

namespace gensynth::onnx {
namespace {

using lowering::FileOptions;
using lowering::ImageInput;
using Value = OnnxGraph::Value;

Value raw_input(const Shape& image, const FileOptions& options, std::int64_t batch, OnnxGraph& graph) {
  const OnnxGraph::Dims dims = onnx_dims(image, batch);
  return options.input == ImageInput::uint8 ? graph.byte_input("images", dims) : graph.input("images", dims);
}

/// The image as the network was trained with.
Value emit_input(const Shape& image, const FileOptions& options, std::int64_t batch, OnnxGraph& graph) {
  const bool bytes = options.input == ImageInput::uint8;
  Value x = raw_input(image, options, batch, graph);
  if (options.input == ImageInput::normalised) return x;
  graph.scope("normalisation");
  if (bytes) x = graph.to_float(x);
  const lowering::Normalisation normalise = lowering::normalisation_of(options, bytes ? 255 : 1);
  const OnnxGraph::Dims by_channel{image.channels, 1, 1};
  return graph.add(graph.multiply(x, graph.constant("factor", by_channel, normalise.factor)),
                   graph.constant("shift", by_channel, normalise.shift));
}

void emit_vertex(const Architecture& net, const Weights& weights, int v, std::int64_t batch, std::vector<Value>& values,
                 OnnxGraph& graph) {
  std::vector<Value> inputs;
  std::vector<Shape> shapes;
  for (int port = 0; port < net.in_degree(v); ++port) {
    const int from = net.input(v, port);
    inputs.push_back(lowering::reads_values(net.op(v), port) ? values[static_cast<std::size_t>(from)] : "");
    shapes.push_back(net.shape(from));
  }
  graph.scope(net[v].id);
  const Value value = emit(net.op(v), {graph, net[v].id, weights, inputs, shapes, net.shape(v), batch, values[0]});
  values[static_cast<std::size_t>(v)] = graph.seal(value, onnx_dims(net.shape(v), batch));
}

void check(const Architecture& architecture, const FileOptions& options) {
  lowering::check_options(options, architecture.shape(architecture.input()), architecture.shape(architecture.output()),
                          "onnx");
}

/// The values that a quantised network stores as int8 are those of vertices, which have the vertices' names.
OnnxGraph::Integers integers_of(const quantisation::QuantisedNetwork& quantised, const std::string& output) {
  OnnxGraph::Integers integers;
  const Architecture& net = quantised.network;
  for (int v = 0; v < net.size(); ++v) {
    const auto& encoding = quantised.encodings[static_cast<std::size_t>(v)];
    if (encoding) integers.values[v == 0 ? "images" : net[v].id] = *encoding;
    if (encoding && v == net.output()) integers.values[output] = *encoding;
  }
  for (const auto& [name, scales] : quantised.scales) {
    const auto dot = name.rfind('.');
    integers.weights[name.substr(0, dot) + "/" + name.substr(dot + 1)] = scales;
  }
  return integers;
}

/// `quantised` is nothing for a network in floats.
std::string emit_model(const Architecture& net, const Weights& weights, const FileOptions& options,
                       const quantisation::QuantisedNetwork* quantised) {
  const std::int64_t batch = options.batch == lowering::kAnyBatch ? OnnxGraph::kAny : options.batch;
  OnnxGraph graph(net.name());
  for (const auto& [name, text] : lowering::file_metadata(options, net.name())) graph.metadata(name, text);
  const std::vector<bool> needed = lowering::needed_vertices(net);
  std::vector<Value> values(static_cast<std::size_t>(net.size()));
  values[0] = quantised != nullptr ? raw_input(net.shape(0), options, batch, graph)
                                   : emit_input(net.shape(0), options, batch, graph);
  for (int v = 1; v < net.size(); ++v) {
    if (needed[static_cast<std::size_t>(v)]) emit_vertex(net, weights, v, batch, values, graph);
  }
  Value result = values[static_cast<std::size_t>(net.output())];
  if (options.output == lowering::ScoreOutput::softmax) {
    graph.scope("softmax");
    result = graph.softmax(result, 1);
  }
  graph.output(result, lowering::output_name(options.output), onnx_dims(net.shape(net.output()), batch));
  const bool logits = options.output == lowering::ScoreOutput::logits;
  if (quantised != nullptr) graph.use_integers(integers_of(*quantised, logits ? "logits" : ""));
  if (options.precision == Precision::float16) graph.use_halves();
  return graph.finish();
}

}  // namespace

std::string onnx_model(const Architecture& architecture, const Weights& weights, const FileOptions& options) {
  if (options.precision == Precision::int8)
    throw Error("onnx: precision int8 takes a quantised network", ErrorKind::internal);
  check(architecture, options);
  const Folded folded = lowering::deployed(architecture, weights, options.precision);
  return emit_model(folded.architecture, folded.weights, options, nullptr);
}

std::string onnx_model(const quantisation::QuantisedNetwork& network, const FileOptions& options) {
  check(network.network, options);
  return emit_model(network.network, network.weights, options, &network);
}

void write_onnx(const Architecture& architecture, const Weights& weights, const std::string& path,
                const FileOptions& options) {
  write_file_atomically(path, onnx_model(architecture, weights, options));
}

}  // namespace gensynth::onnx
