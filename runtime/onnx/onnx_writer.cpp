#include "runtime/onnx/onnx_writer.hpp"

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/rewrite/fold.hpp"
#include "runtime/lowering/dataflow.hpp"
#include "runtime/onnx/emit.hpp"

namespace gensynth::onnx {
namespace {

using lowering::FileOptions;
using lowering::ImageInput;
using Value = OnnxGraph::Value;

/// The image as the network was trained with.
Value emit_input(const Shape& image, const FileOptions& options, std::int64_t batch, OnnxGraph& graph) {
  const OnnxGraph::Dims dims = onnx_dims(image, batch);
  const bool bytes = options.input == ImageInput::uint8;
  Value x = bytes ? graph.byte_input("images", dims) : graph.input("images", dims);
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

}  // namespace

std::string onnx_model(const Architecture& architecture, const Weights& weights, const FileOptions& options) {
  check_weights(architecture, weights, "weights of " + architecture.name());
  lowering::check_options(options, architecture.shape(architecture.input()), architecture.shape(architecture.output()),
                          "onnx");
  if (options.precision != Precision::float32) {
    throw Error(std::string("onnx: precision ") + to_string(options.precision) + ", expected fp32");
  }
  const Folded folded = fold(architecture, weights);
  const Architecture& net = folded.architecture;
  const std::int64_t batch = options.batch == lowering::kAnyBatch ? OnnxGraph::kAny : options.batch;
  OnnxGraph graph(architecture.name());
  for (const auto& [name, text] : lowering::file_metadata(options, architecture.name())) graph.metadata(name, text);
  const std::vector<bool> needed = lowering::needed_vertices(net);
  std::vector<Value> values(static_cast<std::size_t>(net.size()));
  values[0] = emit_input(net.shape(0), options, batch, graph);
  for (int v = 1; v < net.size(); ++v) {
    if (needed[static_cast<std::size_t>(v)]) emit_vertex(net, folded.weights, v, batch, values, graph);
  }
  Value result = values[static_cast<std::size_t>(net.output())];
  if (options.output == lowering::ScoreOutput::softmax) {
    graph.scope("softmax");
    result = graph.softmax(result, 1);
  }
  graph.output(result, lowering::output_name(options.output), onnx_dims(net.shape(net.output()), batch));
  return graph.finish();
}

void write_onnx(const Architecture& architecture, const Weights& weights, const std::string& path,
                const FileOptions& options) {
  write_file_atomically(path, onnx_model(architecture, weights, options));
}

}  // namespace gensynth::onnx
