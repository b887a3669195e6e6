#include "architecture/fold.hpp"

#include <algorithm>
#include <numeric>

#include "architecture/fold_weights.hpp"

namespace gensynth {
namespace {

struct Node {
  Operator op;
  std::vector<int> inputs;
  bool alive = true;
};

/// The network while it changes. Vertices keep their index; a removed one forwards its users to another. With
/// `weights` the arrays change along, without only the structure does.
class Draft {
 public:
  Draft(const Architecture& architecture, Weights* weights)
      : architecture_(architecture), weights_(weights), stand_in_(static_cast<std::size_t>(architecture.size())) {
    std::iota(stand_in_.begin(), stand_in_.end(), 0);
    nodes_.reserve(stand_in_.size());
    for (int v = 0; v < architecture.size(); ++v) {
      const auto inputs = architecture.inputs(v);
      nodes_.push_back({architecture.op(v), std::vector<int>(inputs.begin(), inputs.end())});
    }
  }

  void fold() {
    do {
      changed_ = false;
      remove_identities();
      fold_batch_norms();
      merge_branches();
    } while (changed_);
  }

  Architecture build() {
    ArchitectureBuilder builder(architecture_.name(), architecture_.shape(0), architecture_[0].placement,
                                architecture_[0].id);
    std::vector<int> built(nodes_.size(), 0);
    for (int v = 1; v < architecture_.size(); ++v) {
      Node& node = at(v);
      if (!node.alive) continue;
      for (int& input : node.inputs) input = built[static_cast<std::size_t>(resolve(input))];
      built[static_cast<std::size_t>(v)] =
          builder.add(std::move(node.op), node.inputs, architecture_[v].placement, architecture_[v].id);
    }
    return builder.build(built[static_cast<std::size_t>(resolve(architecture_.output()))]);
  }

 private:
  Node& at(int v) { return nodes_[static_cast<std::size_t>(v)]; }
  const std::string& id(int v) const { return architecture_[v].id; }
  int channels(int v) const { return architecture_.shape(v).channels; }

  int resolve(int v) const {
    while (stand_in_[static_cast<std::size_t>(v)] != v) v = stand_in_[static_cast<std::size_t>(v)];
    return v;
  }

  /// Takes v out; its users read `other` from now on.
  void replace(int v, int other) {
    at(v).alive = false;
    stand_in_[static_cast<std::size_t>(v)] = other;
    changed_ = true;
    if (weights_ != nullptr) erase_arrays(*weights_, id(v));
  }

  /// Brings inputs up to date and counts the uses of each vertex.
  void refresh() {
    uses_.assign(nodes_.size(), 0);
    for (Node& node : nodes_) {
      if (!node.alive) continue;
      for (int& input : node.inputs) {
        input = resolve(input);
        ++uses_[static_cast<std::size_t>(input)];
      }
    }
  }
  int& uses(int v) { return uses_[static_cast<std::size_t>(v)]; }

  static bool is_identity(const Operator& op, int channels) {
    if (const auto* pool = std::get_if<Pool>(&op)) return pool->kernel == Pair{1, 1} && pool->stride == Pair{1, 1};
    if (const auto* resize = std::get_if<Resize>(&op)) return resize->scale == 1;
    if (const auto* split = std::get_if<Split>(&op)) return split->end - split->begin == channels;
    if (const auto* shuffle = std::get_if<ChannelShuffle>(&op)) {
      return shuffle->groups == 1 || shuffle->groups == channels;
    }
    return std::holds_alternative<Dropout>(op);
  }

  void remove_identities() {
    refresh();
    for (int v = 1; v < architecture_.size(); ++v) {
      if (!at(v).alive) continue;
      const int u = resolve(at(v).inputs[0]);
      if (is_identity(at(v).op, channels(u))) replace(v, u);
    }
  }

  void fold_batch_norms() {
    refresh();
    for (int v = 1; v < architecture_.size(); ++v) {
      if (!at(v).alive) continue;
      const auto* norm = std::get_if<BatchNorm>(&at(v).op);
      if (norm == nullptr) continue;
      const int u = resolve(at(v).inputs[0]);
      if (uses(u) != 1) continue;
      if (auto* convolution = std::get_if<Convolution>(&at(u).op)) {
        convolution->bias = true;
      } else if (auto* linear = std::get_if<Linear>(&at(u).op)) {
        linear->bias = true;
      } else {
        continue;
      }
      if (weights_ != nullptr) fold_batch_norm(*weights_, id(u), id(v), norm->eps);
      uses(u) = uses(v);
      replace(v, u);
    }
  }

  /// A convolution that the others can be written into: same grid, kernel around its centre.
  static bool is_centred(const Convolution& op) {
    return op.dilation == Pair{1, 1} && op.kernel.h % 2 == 1 && op.kernel.w % 2 == 1 &&
           op.padding == Pair{op.kernel.h / 2, op.kernel.w / 2};
  }

  /// The convolution that can take over all inputs of the sum v as functions of x, or -1.
  int merge_target(int v, int x) {
    const std::vector<int>& inputs = at(v).inputs;
    int target = -1;
    bool pointwise = false;  // identity or batch norm among the inputs
    Pair largest{1, 1};
    for (const int u : inputs) {
      if (u == x) {
        pointwise = true;
        continue;
      }
      if (at(u).inputs.size() != 1 || at(u).inputs[0] != x) return -1;
      if (uses(u) != static_cast<int>(std::count(inputs.begin(), inputs.end(), u))) return -1;
      if (std::holds_alternative<BatchNorm>(at(u).op)) {
        pointwise = true;
        continue;
      }
      const auto* op = std::get_if<Convolution>(&at(u).op);
      if (op == nullptr || !is_centred(*op)) return -1;
      if (target >= 0) {
        const auto& other = std::get<Convolution>(at(target).op);
        if (op->stride != other.stride || op->groups != other.groups) return -1;
      }
      largest = {std::max(largest.h, op->kernel.h), std::max(largest.w, op->kernel.w)};
      if (target < 0 || kernel(target) != largest) target = u;
    }
    if (target < 0 || kernel(target) != largest) return -1;  // 1x7 and 7x1 would make a costlier 7x7
    const auto& op = std::get<Convolution>(at(target).op);
    if (pointwise && (op.stride != Pair{1, 1} || op.out_channels != channels(x))) return -1;
    return target;
  }
  Pair kernel(int v) { return std::get<Convolution>(at(v).op).kernel; }

  void merge_branches() {
    refresh();
    for (int v = 1; v < architecture_.size(); ++v) {
      if (!at(v).alive || !std::holds_alternative<Add>(at(v).op)) continue;
      for (int& input : at(v).inputs) input = resolve(input);
      const int first = at(v).inputs[0];
      // The first input is a branch, or the vertex itself where the branches start.
      const int above = at(first).inputs.empty() ? first : resolve(at(first).inputs[0]);
      int x = above;
      int target = merge_target(v, x);
      if (target < 0) {
        x = first;
        target = merge_target(v, x);
      }
      if (target >= 0) merge(v, x, target);
    }
  }

  void merge(int v, int x, int target) {
    auto& op = std::get<Convolution>(at(target).op);
    const std::vector<int> inputs = at(v).inputs;
    if (weights_ != nullptr) {
      BranchSum sum(op, channels(x));
      for (const int u : inputs) {
        if (u == x) {
          sum.add_identity();
        } else if (const auto* norm = std::get_if<BatchNorm>(&at(u).op)) {
          sum.add_batch_norm(*weights_, id(u), norm->eps);
        } else {
          sum.add_convolution(*weights_, id(u), std::get<Convolution>(at(u).op));
        }
      }
      sum.store(*weights_, id(target));
    }
    for (const int u : inputs) {
      const auto* other = std::get_if<Convolution>(&at(u).op);
      op.bias = op.bias || (u != x && (other == nullptr || other->bias));
    }
    for (const int u : inputs) {
      if (u != x && u != target && at(u).alive) replace(u, target);
    }
    uses(target) = uses(v);
    replace(v, target);
  }

  const Architecture& architecture_;
  Weights* weights_;
  std::vector<Node> nodes_;
  std::vector<int> stand_in_;  ///< who is read instead of a removed vertex, itself for others
  std::vector<int> uses_;
  bool changed_ = false;
};

}  // namespace

Folded fold(const Architecture& architecture, const Weights& weights) {
  check_weights(architecture, weights, "weights of '" + architecture.name() + "'");
  Weights folded = weights;
  Draft draft(architecture, &folded);
  draft.fold();
  return {draft.build(), std::move(folded)};
}

Architecture fold(const Architecture& architecture) {
  Draft draft(architecture, nullptr);
  draft.fold();
  return draft.build();
}

}  // namespace gensynth
