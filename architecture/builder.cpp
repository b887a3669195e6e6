#include <algorithm>
#include <charconv>

#include "architecture/architecture.hpp"
#include "architecture/base/error.hpp"
#include "architecture/validation.hpp"

namespace gensynth {
namespace {

constexpr int kMaxVertices = 1 << 14;
constexpr std::size_t kTypicalVertices = 512;

std::string default_id(const Operator& op, int index) {
  char digits[12];
  const auto end = std::to_chars(digits, digits + sizeof digits, index).ptr;
  std::string id = operator_name(op);
  id.push_back('_');
  id.append(digits, end);
  return id;
}

}  // namespace

std::string vertex_text(const Vertex& vertex) {
  return "vertex '" + vertex.id + "' (" + operator_name(vertex.op) + ")";
}

std::string inputs_text(const std::vector<std::string>& names, const std::vector<Shape>& shapes) {
  if (names.size() < 2) return {};
  std::string text = " (inputs";
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? " '" : ", '") + names[i] + "' " + to_string(shapes[i]);
  }
  return text + ")";
}

void check_input_shape(const Shape& shape) {
  constexpr int kMaxChannels = 1 << 20;
  constexpr int kMaxExtent = 1 << 15;
  if (shape.layout != Layout::map || shape.channels < 1 || shape.height < 1 || shape.width < 1 ||
      shape.channels > kMaxChannels || shape.height > kMaxExtent || shape.width > kMaxExtent ||
      shape.elements() > (std::int64_t{1} << 31)) {
    throw Error("input " + to_string(shape) + " is out of range, expected a feature map of 1 to 2^20 channels, " +
                "extents from 1 to 2^15 and at most 2^31 elements");
  }
}

ArchitectureBuilder::ArchitectureBuilder(std::string name, const Shape& input, const Placement& placement,
                                         std::string id)
    : name_(std::move(name)) {
  check_input_shape(input);
  vertices_.reserve(kTypicalVertices);
  source_ends_.reserve(kTypicalVertices);
  sources_.reserve(kTypicalVertices);
  vertices_.push_back({Input{}, input, placement, std::move(id)});
  given_ids_.insert(vertices_[0].id);
  source_ends_.push_back(0);
}

bool ArchitectureBuilder::is_taken(const std::string& id) const {
  if (given_ids_.count(id) != 0) return true;
  // A default id carries its vertex's index, so that one look is enough.
  const std::size_t underscore = id.rfind('_');
  if (underscore == std::string::npos) return false;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(id.data() + underscore + 1, id.data() + id.size(), index);
  return error == std::errc() && end == id.data() + id.size() && index < vertices_.size() && vertices_[index].id == id;
}

int ArchitectureBuilder::append(Operator op, std::span<const int> inputs, const Placement& placement, std::string id) {
  const int index = size();
  if (index >= kMaxVertices) {
    throw Error("architecture '" + name_ + "': more than " + std::to_string(kMaxVertices) + " vertices");
  }
  bool given = !id.empty();
  if (!given) {
    id = default_id(op, index);
    // A given id may look like a default one; the given one keeps its name.
    if (given_ids_.size() > 1) {
      while (given_ids_.count(id) != 0) {
        id += "_";
        given = true;
      }
    }
  } else if (is_taken(id)) {
    throw Error("vertex '" + id + "' (" + operator_name(op) + "): the id is taken by vertex " +
                std::to_string(std::find_if(vertices_.begin(), vertices_.end(),
                                            [&](const Vertex& vertex) { return vertex.id == id; }) -
                               vertices_.begin()));
  }
  scratch_.clear();
  for (const int input : inputs) {
    if (input < 0 || input >= index) {
      throw Error("vertex '" + id + "' (" + operator_name(op) + "): input vertex " + std::to_string(input) +
                  " does not exist, there are " + std::to_string(index));
    }
    scratch_.push_back(vertices_[static_cast<std::size_t>(input)].shape);
  }
  Shape shape;
  try {
    shape = infer_shape(op, scratch_);
  } catch (const Error& error) {
    std::vector<std::string> names;
    for (const int input : inputs) names.push_back(vertices_[static_cast<std::size_t>(input)].id);
    throw Error("vertex '" + id + "' (" + operator_name(op) + "): " + error.what() + inputs_text(names, scratch_));
  }
  if (given) given_ids_.insert(id);
  vertices_.push_back({std::move(op), shape, placement, std::move(id)});
  sources_.insert(sources_.end(), inputs.begin(), inputs.end());
  source_ends_.push_back(static_cast<int>(sources_.size()));
  return index;
}

Architecture ArchitectureBuilder::build(int output) {
  const int count = size();
  if (output < 0 || output >= count) {
    throw Error("architecture '" + name_ + "': output vertex " + std::to_string(output) +
                " does not exist, there are " + std::to_string(count));
  }
  const auto sources_of = [&](int v) {
    const auto begin = static_cast<std::size_t>(v == 0 ? 0 : source_ends_[static_cast<std::size_t>(v) - 1]);
    return std::span<const int>(sources_).subspan(
        begin, static_cast<std::size_t>(source_ends_[static_cast<std::size_t>(v)]) - begin);
  };
  std::vector<char> useful(static_cast<std::size_t>(count), 0);
  useful[static_cast<std::size_t>(output)] = 1;
  int first_useless = -1;
  for (int v = count - 1; v >= 0; --v) {
    if (useful[static_cast<std::size_t>(v)] == 0) {
      first_useless = v;
      continue;
    }
    for (const int source : sources_of(v)) useful[static_cast<std::size_t>(source)] = 1;
  }
  if (first_useless >= 0) {
    throw Error("architecture '" + name_ + "': " + vertex_text(vertices_[static_cast<std::size_t>(first_useless)]) +
                " does not reach the output '" + vertices_[static_cast<std::size_t>(output)].id + "'");
  }
  // Not make_shared: the graph is built in place, since an adjacency_list can only be copied.
  std::shared_ptr<Architecture::Data> data(
      new Architecture::Data{std::move(name_), Architecture::Graph(static_cast<std::size_t>(count)), output});
  for (int v = 0; v < count; ++v) {
    data->graph[static_cast<std::size_t>(v)] = std::move(vertices_[static_cast<std::size_t>(v)]);
    int port = 0;
    for (const int source : sources_of(v)) {
      boost::add_edge(static_cast<std::size_t>(source), static_cast<std::size_t>(v), Edge{port++}, data->graph);
    }
  }
  *this = ArchitectureBuilder();
  return Architecture(std::move(data));
}

}  // namespace gensynth
