#include "constraints/rules/flow.hpp"

#include <algorithm>
#include <variant>

namespace gensynth::rules {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

bool second_input_is_shape_only(const Operator& op) {
  return std::holds_alternative<Resize>(op) || std::holds_alternative<FromTokens>(op);
}

/// Operators that let one place see another; global pooling mixes all places into none.
bool mixes_places(const Operator& op) {
  if (const auto* convolution = std::get_if<Convolution>(&op)) {
    return convolution->kernel.h > 1 || convolution->kernel.w > 1;
  }
  if (const auto* pool = std::get_if<Pool>(&op)) return pool->kernel.h > 1 || pool->kernel.w > 1;
  return std::holds_alternative<BlurPool>(op) || std::holds_alternative<MultiHeadAttention>(op);
}

/// Immediate dominators over the value edges; vertex indices are a topological order, so that the nearest common
/// dominator of two vertices is found by walking up from the larger index.
std::vector<int> dominators(const Flow& flow) {
  std::vector<int> dominator(at(flow.size()), 0);
  for (int v = 1; v < flow.size(); ++v) {
    int common = flow.inputs(v).front();
    for (int other : flow.inputs(v)) {
      while (common != other) {
        int& larger = common > other ? common : other;
        larger = dominator[at(larger)];
      }
    }
    dominator[at(v)] = common;
  }
  return dominator;
}

}  // namespace

Flow::Flow(const Architecture& architecture) {
  const int n = architecture.size();
  input_rows_.assign(at(n) + 1, 0);
  user_rows_.assign(at(n) + 1, 0);
  extents_.resize(at(n));
  head_.assign(at(n), 0);
  inputs_.reserve(at(n) * 2);
  for (int v = 0; v < n; ++v) {
    const Vertex& vertex = architecture[v];
    const bool first_only = second_input_is_shape_only(vertex.op);
    bool pooled = v > 0;
    for (const int u : architecture.inputs(v)) {
      inputs_.push_back(u);
      ++user_rows_[at(u) + 1];
      pooled = pooled && head_[at(u)] != 0;
      if (first_only) break;
    }
    input_rows_[at(v) + 1] = static_cast<int>(inputs_.size());
    const Shape& shape = vertex.shape;
    const bool point = shape.height == 1 && shape.width == 1;
    pooled = std::holds_alternative<GlobalPool>(vertex.op) || shape.layout == Layout::vector || (pooled && point);
    head_[at(v)] = pooled ? 1 : 0;  // refined below: only while no map reads it again
    const bool carried = (pooled || shape.layout == Layout::tokens) && v > 0;
    extents_[at(v)] = carried ? extents_[at(inputs(v).front())] : Pair{shape.height, shape.width};
  }
  for (int v = 0; v < n; ++v) user_rows_[at(v) + 1] += user_rows_[at(v)];
  users_.resize(inputs_.size());
  std::vector<int> next(user_rows_.begin(), user_rows_.end() - 1);
  for (int v = 0; v < n; ++v) {
    for (const int u : inputs(v)) users_[at(next[at(u)]++)] = v;
  }
  for (int v = n - 1; v >= 0; --v) {
    if (head_[at(v)] == 0) continue;
    const auto row = users(v);
    head_[at(v)] = std::all_of(row.begin(), row.end(), [&](int u) { return head_[at(u)] != 0; }) ? 1 : 0;
  }
}

Gates find_gates(const Architecture& architecture, const Flow& flow) {
  const int n = flow.size();
  Gates gates{std::vector<int>(at(n), -1), std::vector<int>(at(n), -1), std::vector<std::uint8_t>(at(n), 0)};
  std::vector<int> dominator;
  std::vector<int> mark;
  std::vector<int> inside;
  for (int v = 1; v < n; ++v) {
    if (!std::holds_alternative<Multiply>(architecture.op(v))) continue;
    if (dominator.empty()) {
      dominator = dominators(flow);
      mark.assign(at(n), -1);
    }
    // Both branches may read one condensing operator; the gate begins before it, where its own size was last seen.
    int entry = dominator[at(v)];
    while (entry > 0 && !(flow.extent(entry) == flow.extent(v))) entry = dominator[at(entry)];
    if (!(flow.extent(entry) == flow.extent(v))) continue;

    // All paths backwards from v end at the entry. A vertex that is also read after v, or beside the region, makes
    // it more than a gate.
    inside.clear();
    bool single_exit = true;
    bool spatial = false;
    const auto visit = [&](int u) {
      if (u == entry || mark[at(u)] == v) return;
      mark[at(u)] = v;
      inside.push_back(u);
    };
    for (const int u : flow.inputs(v)) visit(u);
    for (std::size_t i = 0; i < inside.size() && single_exit; ++i) {
      const int u = inside[i];
      spatial = spatial || gates.spatial[at(u)] != 0 || mixes_places(architecture.op(u));
      for (const int user : flow.users(u)) single_exit = single_exit && user <= v;
      if (gates.entry[at(u)] >= 0) {
        visit(gates.entry[at(u)]);
      } else {
        for (const int w : flow.inputs(u)) visit(w);
      }
    }
    for (std::size_t i = 0; i < inside.size() && single_exit; ++i) {
      for (int user : flow.users(inside[i])) {
        while (gates.owner[at(user)] >= 0) user = gates.owner[at(user)];
        if (user != v && mark[at(user)] != v) single_exit = false;
      }
    }
    if (!single_exit) continue;
    for (const int u : inside) gates.owner[at(u)] = v;
    gates.entry[at(v)] = entry;
    gates.spatial[at(v)] = spatial ? 1 : 0;
  }
  return gates;
}

}  // namespace gensynth::rules
