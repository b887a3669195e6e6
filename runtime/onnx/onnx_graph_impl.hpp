#pragma once

#include <onnx/onnx_pb.h>

#include <map>
#include <set>
#include <string>

#include "runtime/onnx/onnx_graph.hpp"

namespace gensynth::onnx {

// Functions that the sources of OnnxGraph share. No other file includes this one, since it exposes protobuf types.

inline void attribute(::onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(::onnx::AttributeProto::INT);
  a->set_i(value);
}

inline void attribute(::onnx::NodeProto& node, const std::string& name, float value) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(::onnx::AttributeProto::FLOAT);
  a->set_f(value);
}

inline void attribute(::onnx::NodeProto& node, const std::string& name, const std::string& value) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(::onnx::AttributeProto::STRING);
  a->set_s(value);
}

inline void attribute(::onnx::NodeProto& node, const std::string& name, const OnnxGraph::Dims& values) {
  auto* a = node.add_attribute();
  a->set_name(name);
  a->set_type(::onnx::AttributeProto::INTS);
  for (const auto value : values) a->add_ints(value);
}

/// `wish`, or with a number behind it where it is taken.
inline std::string unique_name(std::set<std::string>& taken, const std::string& wish) {
  std::string name = wish;
  for (int i = 2; !taken.insert(name).second; ++i) name = wish + "_" + std::to_string(i);
  return name;
}

inline bool is_layer(const ::onnx::NodeProto& node) {
  return node.op_type() == "Conv" || node.op_type() == "Gemm" || node.op_type() == "MatMul";
}

/// The values of a float32 constant.
std::vector<float> floats(const ::onnx::TensorProto& tensor);

/// Removes constants that no node reads.
void remove_unused(::onnx::GraphProto& graph);

struct OnnxGraph::Impl {
  ::onnx::ModelProto model;
  ::onnx::GraphProto* graph = nullptr;
  std::string scope;
  std::set<std::string> taken;
  std::map<std::string, Dims> expected;

  std::string unique(const std::string& wish) { return unique_name(taken, wish); }
  ::onnx::NodeProto& last() { return *graph->mutable_node(graph->node_size() - 1); }
};

}  // namespace gensynth::onnx
