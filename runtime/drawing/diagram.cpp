#include "runtime/drawing/diagram.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <limits>
#include <map>
#include <numeric>
#include <queue>
#include <set>
#include <tuple>

namespace gensynth::drawing {
namespace {

using Index = std::size_t;
constexpr int kStem = -1;
constexpr int kHead = std::numeric_limits<int>::max();
constexpr int kLongestChain = 4;  ///< bars of untagged vertices drawn as one unit

std::int64_t area(const Shape& shape) {
  return shape.layout == Layout::map ? std::int64_t{shape.height} * shape.width : 0;
}

/// For each vertex, the largest map of it and its descendants. It never grows along an edge.
std::vector<std::int64_t> lasting_area(const Architecture& net) {
  std::vector<std::int64_t> result(static_cast<Index>(net.size()));
  for (int v = net.size() - 1; v >= 0; --v) {
    result[static_cast<Index>(v)] = area(net.shape(v));
    for (const int user : net.users(v)) {
      result[static_cast<Index>(v)] = std::max(result[static_cast<Index>(v)], result[static_cast<Index>(user)]);
    }
  }
  return result;
}

/// A number for each vertex that never decreases along an edge: kStem, stages, kHead.
std::vector<int> stage_numbers(const Architecture& net) {
  bool tagged = false;
  for (int v = 0; v < net.size(); ++v) tagged = tagged || net[v].placement.stage >= 0;
  std::vector<int> stage(static_cast<Index>(net.size()), kStem);
  const auto areas = lasting_area(net);
  std::set<std::int64_t, std::greater<>> sizes(areas.begin(), areas.end());
  std::vector<bool> before_tag(static_cast<Index>(net.size()), false);  // whether a tagged vertex follows
  for (int v = net.size() - 1; v >= 0; --v) {
    for (const int user : net.users(v)) {
      before_tag[static_cast<Index>(v)] = before_tag[static_cast<Index>(v)] || before_tag[static_cast<Index>(user)] ||
                                          (net[user].placement.stage >= 0 && net[user].placement.role != Role::head);
    }
  }
  for (int v = 1; v < net.size(); ++v) {
    const Placement& place = net[v].placement;
    int own = place.stage;
    if (!tagged) {
      own = static_cast<int>(std::distance(sizes.begin(), sizes.find(areas[static_cast<Index>(v)])));
      if (areas[static_cast<Index>(v)] <= 1) own = kHead;
    } else if (place.role == Role::stem) {
      own = kStem;
    } else if (!before_tag[static_cast<Index>(v)] && (place.role == Role::head || place.stage < 0)) {
      own = kHead;
    }
    for (const int from : net.inputs(v)) own = std::max(own, stage[static_cast<Index>(from)]);
    stage[static_cast<Index>(v)] = own;
  }
  return stage;
}

/// Disjoint sets of vertices.
class Groups {
 public:
  explicit Groups(int size) : parent_(static_cast<Index>(size)) { std::iota(parent_.begin(), parent_.end(), 0); }
  int root(int v) const {
    while (parent_[static_cast<Index>(v)] != v) v = parent_[static_cast<Index>(v)];
    return v;
  }
  void merge(int a, int b) {
    const int first = root(a);
    const int second = root(b);
    parent_[static_cast<Index>(std::max(first, second))] = std::min(first, second);
  }

 private:
  std::vector<int> parent_;
};

bool is_placed(const Placement& place) { return place.block >= 0 || place.column >= 0 || place.role != Role::none; }

/// The properties that the vertices of one unit share. Roles distinguish units outside of blocks only.
using Key = std::tuple<int, int, int, Role>;
Key key_of(const Placement& place, int stage) {
  if (stage == kStem || stage == kHead) return {stage, -1, -1, place.role == Role::join ? Role::join : Role::none};
  return {stage, place.column, place.block, place.block >= 0 ? Role::none : place.role};
}

Groups group_vertices(const Architecture& net, const std::vector<int>& stage) {
  Groups groups(net.size());
  std::vector<int> bars(static_cast<Index>(net.size()), 0);  // of the chain that ends here
  std::map<Key, std::vector<int>> blocks;
  for (int v = 1; v < net.size(); ++v) {
    const int own = stage[static_cast<Index>(v)];
    const Placement& place = net[v].placement;
    const bool end = own == kStem || own == kHead;
    if (place.block >= 0 && !end) blocks[key_of(place, own)].push_back(v);
    bars[static_cast<Index>(v)] = draws_bar(net.op(v)) ? 1 : 0;
    for (const int from : net.inputs(v)) {
      if (from == 0 || stage[static_cast<Index>(from)] != own) continue;
      const Placement& source = net[from].placement;
      if (end || (is_placed(place) && is_placed(source))) {
        const bool slice = std::holds_alternative<Split>(net.op(v)) && source.column < 0 && source.block < 0;
        if (key_of(place, own) == key_of(source, own) || (slice && place.block < 0)) groups.merge(v, from);
      } else if (!is_placed(place) && !is_placed(source) && net.in_degree(v) == 1 && net.out_degree(from) == 1) {
        const int length = bars[static_cast<Index>(from)] + bars[static_cast<Index>(v)];
        if (length > kLongestChain) continue;
        bars[static_cast<Index>(v)] = length;
        groups.merge(v, from);
      }
    }
  }
  // Branches of a block that start at the same vertex belong to one unit, even where no vertex joins them.
  for (const auto& [key, vertices] : blocks) {
    for (const int v : vertices) groups.merge(vertices.front(), v);
  }
  return groups;
}

/// The unit of each vertex, such that units form no cycle.
std::vector<int> acyclic_units(const Architecture& net, const Groups& groups) {
  std::vector<int> unit(static_cast<Index>(net.size()));
  for (int v = 0; v < net.size(); ++v) unit[static_cast<Index>(v)] = groups.root(v);
  while (true) {
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS> quotient(static_cast<Index>(net.size()));
    for (int v = 1; v < net.size(); ++v) {
      for (const int from : net.inputs(v)) {
        const auto a = static_cast<Index>(unit[static_cast<Index>(from)]);
        const auto b = static_cast<Index>(unit[static_cast<Index>(v)]);
        if (a != b) boost::add_edge(a, b, quotient);
      }
    }
    std::vector<int> component(static_cast<Index>(net.size()));
    boost::strong_components(quotient, component.data());
    std::map<int, std::set<int>> members;
    for (const int u : unit) members[component[static_cast<Index>(u)]].insert(u);
    bool changed = false;
    for (int v = 0; v < net.size(); ++v) {
      const int u = unit[static_cast<Index>(v)];
      if (members[component[static_cast<Index>(u)]].size() > 1) {
        unit[static_cast<Index>(v)] = v;
        changed = true;
      }
    }
    if (!changed) return unit;
  }
}

Unit::Kind kind_of(const Architecture& net, const std::vector<int>& vertices, int stage) {
  if (vertices.front() == 0) return Unit::Kind::input;
  const Placement& place = net[vertices.front()].placement;
  if (stage == kStem || stage == kHead) return place.role == Role::join ? Unit::Kind::bridge : Unit::Kind::end;
  if (place.block < 0) {
    if (place.role == Role::downsample) return Unit::Kind::downsample;
    if (place.role == Role::mix || place.role == Role::join || place.role == Role::transition) {
      return Unit::Kind::bridge;
    }
  }
  return Unit::Kind::block;
}

/// Units in topological order; among several possible ones, that with the earliest vertex comes first.
void order_units(const Architecture& net, const std::vector<int>& unit, const std::vector<int>& stage,
                 Diagram& diagram) {
  std::map<int, std::vector<int>> vertices;
  for (int v = 0; v < net.size(); ++v) vertices[unit[static_cast<Index>(v)]].push_back(v);
  std::map<int, std::set<int>> users;
  std::map<int, int> waiting;
  for (int v = 1; v < net.size(); ++v) {
    for (const int from : net.inputs(v)) {
      const int a = unit[static_cast<Index>(from)];
      const int b = unit[static_cast<Index>(v)];
      if (a != b && users[a].insert(b).second) ++waiting[b];
    }
  }
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (const auto& [u, members] : vertices) {
    if (waiting[u] == 0) ready.push(u);
  }
  std::map<int, int> position;
  diagram.unit_of.resize(static_cast<Index>(net.size()));
  while (!ready.empty()) {
    const int u = ready.top();
    ready.pop();
    position[u] = static_cast<int>(diagram.units.size());
    const auto& members = vertices[u];
    // The stage of the last vertex never decreases from unit to unit.
    const int number = stage[static_cast<Index>(members.back())];
    int column = net[members.front()].placement.column;
    for (const int v : members) {
      diagram.unit_of[static_cast<Index>(v)] = position[u];
      if (net[v].placement.column != column) column = -1;
    }
    if (number == kStem || number == kHead) column = -1;
    diagram.units.push_back({kind_of(net, members, number), number, column, members});
    for (const int user : users[u]) {
      if (--waiting[user] == 0) ready.push(user);
    }
  }
  for (const auto& [u, targets] : users) {
    for (const int target : targets) diagram.links.emplace_back(position[u], position[target]);
  }
  std::sort(diagram.links.begin(), diagram.links.end());
}

/// The extent that most of these vertices have.
std::string common_size(const Architecture& net, const std::vector<int>& vertices) {
  std::map<std::pair<int, int>, int> votes;
  for (const int v : vertices) {
    if (net.shape(v).layout == Layout::map) ++votes[{net.shape(v).height, net.shape(v).width}];
  }
  const auto most =
      std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == votes.end() || most->first == std::pair(1, 1)) return "";
  return std::to_string(most->first.first) + " × " + std::to_string(most->first.second);
}

/// Numbers stages from 0 without gaps and gives them titles.
void name_stages(const Architecture& net, Diagram& diagram) {
  std::map<int, std::vector<int>> vertices;
  std::map<int, std::set<int>> columns;
  for (const auto& unit : diagram.units) {
    vertices[unit.stage].push_back(unit.vertices.back());
    if (unit.column >= 0) columns[unit.stage].insert(unit.column);
  }
  std::map<int, int> position;
  int number = 0;
  for (const auto& [stage, members] : vertices) {
    position[stage] = static_cast<int>(diagram.stages.size());
    const bool numbered = stage != kStem && stage != kHead;
    const std::string title = numbered ? "Stage " + std::to_string(++number) : stage == kStem ? "Stem" : "Head";
    diagram.stages.push_back(
        {title, stage == kHead ? "" : common_size(net, members), {columns[stage].begin(), columns[stage].end()}});
  }
  for (auto& unit : diagram.units) unit.stage = position[unit.stage];
}

}  // namespace

bool draws_bar(const Operator& op) {
  return !(std::holds_alternative<BatchNorm>(op) || std::holds_alternative<LayerNorm>(op) ||
           std::holds_alternative<Activation>(op) || std::holds_alternative<Dropout>(op) ||
           std::holds_alternative<Scale>(op) || std::holds_alternative<ToTokens>(op) ||
           std::holds_alternative<FromTokens>(op));
}

Diagram make_diagram(const Architecture& net) {
  const std::vector<int> stage = stage_numbers(net);
  Diagram diagram;
  order_units(net, acyclic_units(net, group_vertices(net, stage)), stage, diagram);
  name_stages(net, diagram);
  return diagram;
}

}  // namespace gensynth::drawing
