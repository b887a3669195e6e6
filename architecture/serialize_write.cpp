#include <nlohmann/json.hpp>

#include "architecture/attributes.hpp"
#include "architecture/base/file.hpp"
#include "architecture/serialize.hpp"

namespace gensynth {
namespace {

using nlohmann::ordered_json;

ordered_json value_json(int value) { return value; }
ordered_json value_json(double value) { return value; }
ordered_json value_json(bool value) { return value; }
ordered_json value_json(ActivationKind kind) { return to_string(kind); }
ordered_json value_json(PoolKind kind) { return to_string(kind); }
ordered_json value_json(ResizeMode mode) { return to_string(mode); }
ordered_json value_json(const Pair& pair) {
  if (pair.h == pair.w) return pair.h;
  return ordered_json::array({pair.h, pair.w});
}

void add_attributes(const Operator& op, ordered_json& object) {
  std::visit(
      [&]<class Op>(const Op& concrete) {
        const Op defaults;
        attributes(OperatorTag<Op>{}, [&](const char* key, auto member, Presence presence) {
          if (presence == Presence::optional && concrete.*member == defaults.*member) return;
          object[key] = value_json(concrete.*member);
        });
      },
      op);
}

ordered_json vertex_json(const Architecture& architecture, int v) {
  const Vertex& vertex = architecture[v];
  ordered_json object{{"id", vertex.id}, {"op", operator_name(vertex.op)}};
  if (v != architecture.input()) {
    ordered_json& inputs = object["inputs"] = ordered_json::array();
    for (const int u : architecture.inputs(v)) inputs.push_back(architecture[u].id);
  }
  add_attributes(vertex.op, object);
  const Placement& placement = vertex.placement;
  if (placement.stage >= 0) object["stage"] = placement.stage;
  if (placement.column >= 0) object["column"] = placement.column;
  if (placement.block >= 0) object["block"] = placement.block;
  // The role of the input is implied.
  if (placement.role != (v == architecture.input() ? Role::input : Role::none)) {
    object["role"] = to_string(placement.role);
  }
  return object;
}

ordered_json header_json(const Architecture& architecture) {
  const Shape& in = architecture.shape(architecture.input());
  return {{"format", "gensynth.architecture"},
          {"version", 1},
          {"name", architecture.name()},
          {"input", {1, in.channels, in.height, in.width}}};
}

/// Text with a blank after each comma and colon, on one line; bytes that are not UTF-8 are replaced.
std::string line(const ordered_json& value) {
  if (value.is_object()) {
    std::string text = "{";
    for (const auto& [key, member] : value.items()) {
      text += (text.size() == 1 ? "" : ", ") + line(ordered_json(key)) + ": " + line(member);
    }
    return text + "}";
  }
  if (value.is_array()) {
    std::string text = "[";
    for (const ordered_json& member : value) text += (text.size() == 1 ? "" : ", ") + line(member);
    return text + "]";
  }
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

ordered_json attributes_to_json(const Operator& op) {
  ordered_json object = ordered_json::object();
  add_attributes(op, object);
  return object;
}

ordered_json to_json(const Architecture& architecture) {
  ordered_json object = header_json(architecture);
  ordered_json& vertices = object["vertices"] = ordered_json::array();
  for (int v = 0; v < architecture.size(); ++v) vertices.push_back(vertex_json(architecture, v));
  object["output"] = architecture[architecture.output()].id;
  return object;
}

std::string to_text(const Architecture& architecture, const std::vector<int>& genotype) {
  std::string text = "{\n";
  const ordered_json header = header_json(architecture);
  for (const auto& [key, value] : header.items()) text += "  \"" + key + "\": " + line(value) + ",\n";
  if (!genotype.empty()) text += "  \"genotype\": " + line(genotype) + ",\n";
  text += "  \"vertices\": [\n";
  for (int v = 0; v < architecture.size(); ++v) {
    text += "    " + line(vertex_json(architecture, v)) + (v + 1 < architecture.size() ? ",\n" : "\n");
  }
  return text + "  ],\n  \"output\": " + line(architecture[architecture.output()].id) + "\n}\n";
}

void write_architecture(const Architecture& architecture, const std::string& path, const std::vector<int>& genotype) {
  write_file_atomically(path, to_text(architecture, genotype));
}

}  // namespace gensynth
