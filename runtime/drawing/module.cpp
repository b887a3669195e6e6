#include "runtime/drawing/module.hpp"

#include <algorithm>
#include <set>

namespace gensynth::drawing {
namespace {

bool is_gate_activation(const Operator& op) {
  const auto* activation = std::get_if<Activation>(&op);
  return activation != nullptr &&
         (activation->kind == ActivationKind::sigmoid || activation->kind == ActivationKind::hard_sigmoid);
}

bool is_pixel(const Shape& shape) { return shape.layout == Layout::map && shape.height == 1 && shape.width == 1; }

/// Merges bars of the same role, such as "1×1 → 12" and "resize" of one expansion.
bool grows_together(Ink ink) { return ink == Ink::condenser || ink == Ink::embedding || ink == Ink::expansion; }

class Reader {
 public:
  /// With `draws_arcs`, residuals are drawn around the unit, not in it.
  Reader(const Architecture& net, const std::vector<int>& vertices, bool draws_arcs)
      : net_(net), members_(vertices.begin(), vertices.end()), draws_arcs_(draws_arcs) {}

  bool inside(int v) const { return members_.contains(v); }

  /// v and the vertices inside the unit that it depends on.
  std::set<int> ancestors(int v) const {
    std::set<int> found;
    std::vector<int> open{v};
    while (!open.empty()) {
      const int next = open.back();
      open.pop_back();
      if (!inside(next) || !found.insert(next).second) continue;
      for (const int from : net_.inputs(next)) open.push_back(from);
    }
    return found;
  }

  /// Whether v is a residual sum: an Add that reads the input of the unit.
  bool is_residual(int v) const {
    if (!std::holds_alternative<Add>(net_.op(v)) || net_.in_degree(v) != 2) return false;
    return inside(net_.input(v, 0)) != inside(net_.input(v, 1));
  }

  std::vector<Bar> bars(const std::vector<int>& vertices, bool by_role, bool gates = false) const {
    std::vector<Bar> out;
    std::vector<int> before;  // not in a bar yet
    std::set<int> squeezed;
    for (const int v : vertices) {
      const bool residual = is_residual(v);
      if (!out.empty() && (squeezed.contains(v) || residual)) {
        if (residual && !draws_arcs_) out.back().lines.back() += " ⊕";
        out.back().vertices.push_back(v);
        continue;
      }
      if (gates && is_gate_activation(net_.op(v))) {
        out.push_back({Ink::gate, {"σ"}, {v}, net_.shape(v).channels, true});
        continue;
      }
      if (std::holds_alternative<GlobalPool>(net_.op(v))) {
        if (const auto excite = squeeze_and_excite(v, vertices); !excite.empty()) {
          squeezed.insert(excite.begin(), excite.end());
          out.push_back({Ink::gate, {squeeze_label(excite)}, {v}, net_.shape(v).channels});
          continue;
        }
      }
      if (!draws_bar(net_.op(v))) {
        (out.empty() ? before : out.back().vertices).push_back(v);
        continue;
      }
      if (std::holds_alternative<Split>(net_.op(v)) && !out.empty() && leaves(v)) {
        out.back().vertices.push_back(v);  // shown by the links that leave the unit
        continue;
      }
      if (!out.empty() && joins_inside(v, out.back().vertices)) {
        out.back().lines.back() += " ⊕";
        out.back().vertices.push_back(v);
        continue;
      }
      const Ink colour = ink(net_, v, by_role);
      if (!out.empty() && out.back().ink == colour && !out.back().circle && grows_together(colour)) {
        out.back().lines.push_back(short_label(net_, v));
        out.back().vertices.push_back(v);
      } else {
        out.push_back({colour, {short_label(net_, v)}, {v}, net_.shape(v).channels});
      }
    }
    if (out.empty() && !before.empty()) {
      out.push_back({ink(net_, before.front(), by_role),
                     {short_label(net_, before.front())},
                     {},
                     net_.shape(before.front()).channels});
    }
    if (!out.empty()) out.front().vertices.insert(out.front().vertices.begin(), before.begin(), before.end());
    return out;
  }

 private:
  /// A sum of the last bar's result and another one in the unit: it is shown as a mark on that bar.
  bool joins_inside(int v, const std::vector<int>& last) const {
    const auto inputs = net_.inputs(v);
    return std::holds_alternative<Add>(net_.op(v)) &&
           std::all_of(inputs.begin(), inputs.end(), [&](int from) { return inside(from); }) &&
           std::any_of(inputs.begin(), inputs.end(),
                       [&](int from) { return std::find(last.begin(), last.end(), from) != last.end(); });
  }

  /// Whether nothing inside the unit reads v.
  bool leaves(int v) const {
    return std::none_of(net_.users(v).begin(), net_.users(v).end(), [&](int user) { return inside(user); });
  }

  /// The vertices from a global pool to the product that it gates; empty when there is none.
  std::vector<int> squeeze_and_excite(int pool, const std::vector<int>& vertices) const {
    std::vector<int> found;
    std::set<int> path{pool};
    for (const int v : vertices) {
      if (v <= pool) continue;
      const bool reads =
          std::any_of(net_.inputs(v).begin(), net_.inputs(v).end(), [&](int from) { return path.contains(from); });
      if (!reads) continue;
      found.push_back(v);
      if (std::holds_alternative<Multiply>(net_.op(v))) return found;
      if (!is_pixel(net_.shape(v))) return {};
      path.insert(v);
    }
    return {};
  }

  std::string squeeze_label(const std::vector<int>& vertices) const {
    int narrowest = net_.shape(vertices.front()).channels;
    for (const int v : vertices) narrowest = std::min(narrowest, net_.shape(v).channels);
    return "squeeze-excite " + std::to_string(narrowest);
  }

  const Architecture& net_;
  std::set<int> members_;
  bool draws_arcs_;
};

/// Splits the unit at its last gating product if the gate has a branch of its own.
bool split_branches(const Architecture& net, const Reader& reader, const std::vector<int>& vertices, Module& module) {
  for (auto it = vertices.rbegin(); it != vertices.rend(); ++it) {
    const int product = *it;
    if (!std::holds_alternative<Multiply>(net.op(product)) || net.in_degree(product) != 2) continue;
    auto left = reader.ancestors(net.input(product, 0));
    auto right = reader.ancestors(net.input(product, 1));
    std::vector<int> shared;
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(shared));
    for (const int v : shared) {
      left.erase(v);
      right.erase(v);
    }
    const auto gates = [&](const std::set<int>& side) {
      return std::any_of(side.begin(), side.end(), [&](int v) { return is_gate_activation(net.op(v)); });
    };
    if (!gates(left)) std::swap(left, right);
    const auto convolutions = std::count_if(left.begin(), left.end(), [&](int v) {
      return std::holds_alternative<Convolution>(net.op(v)) && !is_pixel(net.shape(v));
    });
    if (!gates(left) || convolutions < 2) continue;
    std::vector<int> top;
    std::vector<int> bottom;
    for (const int v : vertices) {
      if (v == product || left.contains(v) || right.contains(v)) continue;
      (v < product ? top : bottom).push_back(v);
    }
    module.top = reader.bars(top, true);
    module.left = reader.bars({left.begin(), left.end()}, true, true);
    module.right = reader.bars({right.begin(), right.end()}, true);
    module.bottom = reader.bars(bottom, false);
    module.product = {product};
    module.title = module.right.empty() ? "AC" : "DC-AC";
    return true;
  }
  return false;
}

}  // namespace

Module make_module(const Architecture& net, const Diagram& diagram, int unit) {
  const Unit& drawn = diagram.units[static_cast<std::size_t>(unit)];
  const bool block = drawn.kind == Unit::Kind::block;
  const Reader reader(net, drawn.vertices, block);
  Module module;
  for (const int v : drawn.vertices) module.residual = module.residual || (block && reader.is_residual(v));
  if (block && split_branches(net, reader, drawn.vertices, module)) return module;
  module.top = reader.bars(drawn.vertices, false);
  const int number = net[drawn.vertices.front()].placement.block;
  if (block && number >= 0) module.title = "block " + std::to_string(number + 1);
  return module;
}

}  // namespace gensynth::drawing
