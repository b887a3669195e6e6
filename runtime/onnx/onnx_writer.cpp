#include "runtime/onnx/onnx_writer.hpp"

#include "architecture/base/file.hpp"
#include "architecture/rewrite/fold.hpp"
#include "runtime/lowering/dataflow.hpp"
#include "runtime/onnx/emit.hpp"

namespace gensynth::onnx {
namespace {

void emit_vertex(const Architecture& net, const Weights& weights, int v, std::vector<OnnxGraph::Value>& values,
                 OnnxGraph& graph) {
  std::vector<OnnxGraph::Value> inputs;
  std::vector<Shape> shapes;
  for (int port = 0; port < net.in_degree(v); ++port) {
    const int from = net.input(v, port);
    inputs.push_back(lowering::reads_values(net.op(v), port) ? values[static_cast<std::size_t>(from)] : "");
    shapes.push_back(net.shape(from));
  }
  graph.scope(net[v].id);
  const auto value = emit(net.op(v), {graph, net[v].id, weights, inputs, shapes, net.shape(v)});
  values[static_cast<std::size_t>(v)] = graph.seal(value, onnx_dims(net.shape(v)));
}

}  // namespace

std::string onnx_model(const Architecture& architecture, const Weights& weights) {
  check_weights(architecture, weights, "weights of " + architecture.name());
  const Folded folded = fold(architecture, weights);
  const Architecture& net = folded.architecture;
  OnnxGraph graph(architecture.name());
  graph.metadata("name", architecture.name());
  graph.metadata("program", std::string("gensynth ") + GENSYNTH_VERSION);
  const std::vector<bool> needed = lowering::needed_vertices(net);
  std::vector<OnnxGraph::Value> values(static_cast<std::size_t>(net.size()));
  values[0] = graph.input("images", onnx_dims(net.shape(0)));
  for (int v = 1; v < net.size(); ++v) {
    if (needed[static_cast<std::size_t>(v)]) emit_vertex(net, folded.weights, v, values, graph);
  }
  graph.output(values[static_cast<std::size_t>(net.output())], "scores", onnx_dims(net.shape(net.output())));
  return graph.finish();
}

void write_onnx(const Architecture& architecture, const Weights& weights, const std::string& path) {
  write_file_atomically(path, onnx_model(architecture, weights));
}

}  // namespace gensynth::onnx
