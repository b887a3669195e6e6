// Weights of a graph as float16, and what it shares with onnx_integers.cpp.
#include <algorithm>
#include <cstdint>

#include "runtime/lowering/half.hpp"
#include "runtime/onnx/onnx_graph_impl.hpp"

namespace gensynth::onnx {

std::vector<float> floats(const ::onnx::TensorProto& tensor) {
  std::vector<float> values(tensor.raw_data().size() / sizeof(float));
  std::copy_n(reinterpret_cast<const char*>(tensor.raw_data().data()), tensor.raw_data().size(),
              reinterpret_cast<char*>(values.data()));
  return values;
}

void remove_unused(::onnx::GraphProto& graph) {
  std::set<std::string> used;
  for (const auto& node : graph.node()) used.insert(node.input().begin(), node.input().end());
  auto* tensors = graph.mutable_initializer();
  tensors->erase(std::remove_if(tensors->begin(), tensors->end(),
                                [&](const auto& tensor) { return !used.contains(tensor.name()); }),
                 tensors->end());
}

void OnnxGraph::use_halves() {
  ::onnx::GraphProto& graph = *impl_->graph;
  std::map<std::string, ::onnx::TensorProto*> constants;
  for (auto& tensor : *graph.mutable_initializer()) constants[tensor.name()] = &tensor;
  ::onnx::GraphProto before;
  before.mutable_node()->Swap(graph.mutable_node());
  for (auto& node : *before.mutable_node()) {
    const auto weight = is_layer(node) ? constants.find(node.input(1)) : constants.end();
    if (weight != constants.end()) {
      ::onnx::TensorProto& tensor = *weight->second;
      std::vector<std::uint16_t> halves;
      for (const float value : floats(tensor)) halves.push_back(lowering::half_bits(value));
      tensor.set_data_type(::onnx::TensorProto::FLOAT16);
      tensor.set_raw_data(halves.data(), halves.size() * sizeof(std::uint16_t));
      const Value read = impl_->unique(tensor.name() + "/float32");
      auto* cast = graph.add_node();
      cast->set_op_type("Cast");
      cast->set_name(read);
      cast->add_input(tensor.name());
      cast->add_output(read);
      attribute(*cast, "to", std::int64_t{::onnx::TensorProto::FLOAT});
      node.set_input(1, read);
      constants.erase(weight);
    }
    *graph.add_node() = node;
  }
}

}  // namespace gensynth::onnx
