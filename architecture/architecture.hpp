#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <boost/range/adaptor/transformed.hpp>
#include <boost/range/iterator_range.hpp>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "architecture/operators.hpp"

namespace gensynth {

/// The purpose of a vertex, in the terms of the paper (section 2.1) and of the field. Drawings and statistics use it;
/// no constraint relies on it.
enum class Role : std::uint8_t {
  none,
  input,
  stem,
  condenser,
  embedding,
  expansion,
  gate,
  residual,
  squeeze,
  mix,
  downsample,
  transition,
  join,
  head
};
const char* to_string(Role role);

/// The position of a vertex in the network's layout; -1 means none. It is not part of the network's identity.
struct Placement {
  int stage = -1;
  int column = -1;
  int block = -1;
  Role role = Role::none;
  bool operator==(const Placement&) const = default;
};

struct Vertex {
  Operator op;
  Shape shape;  ///< shape of the output, inferred
  Placement placement;
  std::string id;  ///< unique; "input" or "OP_INDEX" unless given
};

struct Edge {
  int port = 0;  ///< which input of the target
};

/// An immutable network: a directed acyclic graph of operators with one input and one output, valid by
/// construction (ArchitectureBuilder). Vertex indices are a topological order; vertex 0 is the input. Copies share
/// their content and are cheap; many threads may read one.
class Architecture {
 public:
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Vertex, Edge>;

  const std::string& name() const { return data_->name; }
  const Graph& graph() const { return data_->graph; }
  int size() const { return static_cast<int>(boost::num_vertices(data_->graph)); }
  const Vertex& operator[](int v) const { return data_->graph[static_cast<std::size_t>(v)]; }
  const Operator& op(int v) const { return (*this)[v].op; }
  const Shape& shape(int v) const { return (*this)[v].shape; }
  int input() const { return 0; }
  int output() const { return data_->output; }

  /// The inputs of v in port order, as a range of int (a vertex may appear twice).
  auto inputs(int v) const {
    return boost::make_iterator_range(boost::in_edges(static_cast<std::size_t>(v), graph())) |
           boost::adaptors::transformed(Source{&graph()});
  }
  int input(int v, int port) const;
  int in_degree(int v) const { return static_cast<int>(boost::in_degree(static_cast<std::size_t>(v), graph())); }
  /// The vertices that read v, as a range of int (one entry per edge).
  auto users(int v) const {
    return boost::make_iterator_range(boost::out_edges(static_cast<std::size_t>(v), graph())) |
           boost::adaptors::transformed(Target{&graph()});
  }
  int out_degree(int v) const { return static_cast<int>(boost::out_degree(static_cast<std::size_t>(v), graph())); }

  /// The same network for px x px images. Throws Error where an operator does not allow that extent.
  Architecture at_resolution(int px) const;
  Architecture renamed(std::string name) const;

 private:
  friend class ArchitectureBuilder;
  struct Source {
    const Graph* graph;
    int operator()(const Graph::edge_descriptor& e) const { return static_cast<int>(boost::source(e, *graph)); }
  };
  struct Target {
    const Graph* graph;
    int operator()(const Graph::edge_descriptor& e) const { return static_cast<int>(boost::target(e, *graph)); }
  };
  struct Data {
    std::string name;
    Graph graph;
    int output = 0;
  };
  explicit Architecture(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

/// Builds an architecture vertex by vertex. Shapes are inferred as vertices are added, so that a search space
/// can read them while it builds.
class ArchitectureBuilder {
 public:
  ArchitectureBuilder(std::string name, const Shape& input, const Placement& placement = {-1, -1, -1, Role::input},
                      std::string id = "input");

  /// Adds a vertex that reads `inputs` (existing vertices, in port order) and returns its index. Throws Error
  /// naming the vertex and the shapes when they do not fit, or when `id` is taken.
  int add(Operator op, const std::vector<int>& inputs, const Placement& placement = {}, std::string id = {}) {
    return append(std::move(op), inputs, placement, std::move(id));
  }
  int add(Operator op, int input, const Placement& placement = {}, std::string id = {}) {
    return append(std::move(op), {&input, 1}, placement, std::move(id));
  }
  int add(Operator op, std::initializer_list<int> inputs, const Placement& placement = {}, std::string id = {}) {
    return append(std::move(op), {inputs.begin(), inputs.size()}, placement, std::move(id));
  }
  int input() const { return 0; }
  const Shape& shape(int v) const { return vertices_[static_cast<std::size_t>(v)].shape; }
  int size() const { return static_cast<int>(vertices_.size()); }

  /// Validates (every vertex lies on a path from input to output) and moves the content out: the builder is
  /// empty afterwards. Throws Error naming the first vertex that does not reach the output.
  Architecture build(int output);

 private:
  ArchitectureBuilder() = default;
  int append(Operator op, std::span<const int> inputs, const Placement& placement, std::string id);
  bool is_taken(const std::string& id) const;

  std::string name_;
  std::vector<Vertex> vertices_;
  std::vector<int> sources_;      ///< inputs of all vertices, one vertex after the other
  std::vector<int> source_ends_;  ///< by vertex: the end of its part of sources_
  std::unordered_set<std::string> given_ids_;
  std::vector<Shape> scratch_;
};

}  // namespace gensynth
