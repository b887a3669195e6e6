#include "architecture/architecture.hpp"

#include <algorithm>

#include "architecture/base/error.hpp"
#include "architecture/validation.hpp"

namespace gensynth {

const char* to_string(Role role) {
  static constexpr const char* kNames[] = {"none",       "input",      "stem",     "condenser", "embedding",
                                           "expansion",  "gate",       "residual", "squeeze",   "mix",
                                           "downsample", "transition", "join",     "head"};
  return kNames[static_cast<std::size_t>(role)];
}

int Architecture::input(int v, int port) const {
  const int count = in_degree(v);
  if (port < 0 || port >= count) {
    throw Error(vertex_text((*this)[v]) + ": no input " + std::to_string(port) + ", it has " + std::to_string(count));
  }
  const auto first = boost::in_edges(static_cast<std::size_t>(v), graph()).first;
  return static_cast<int>(boost::source(*(first + port), graph()));
}

Architecture Architecture::at_resolution(int px) const {
  auto data = std::make_shared<Data>(*data_);
  Graph& graph = data->graph;
  graph[0].shape.height = px;
  graph[0].shape.width = px;
  check_input_shape(graph[0].shape);
  std::vector<Shape> shapes;
  for (int v = 1; v < size(); ++v) {
    shapes.clear();
    for (const int u : inputs(v)) shapes.push_back(graph[static_cast<std::size_t>(u)].shape);
    Vertex& vertex = graph[static_cast<std::size_t>(v)];
    try {
      vertex.shape = infer_shape(vertex.op, shapes);
    } catch (const Error& error) {
      std::vector<std::string> names;
      for (const int u : inputs(v)) names.push_back((*this)[u].id);
      throw Error("at " + std::to_string(px) + " px: " + vertex_text(vertex) + ": " + error.what() +
                  inputs_text(names, shapes));
    }
  }
  return Architecture(std::move(data));
}

Architecture Architecture::renamed(std::string name) const {
  auto data = std::make_shared<Data>(*data_);
  data->name = std::move(name);
  return Architecture(std::move(data));
}

}  // namespace gensynth
