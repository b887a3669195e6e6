#include "architecture/rewrite/fold.hpp"

#include <numeric>

#include "architecture/rewrite/fold_weights.hpp"
#include "architecture/rewrite/folded_view.hpp"

namespace gensynth {
namespace {

/// Carries out the steps of a folding in order: on the operators, which get biases, and on the weights if given.
class Folding {
 public:
  Folding(const FoldedView& view, Weights* weights)
      : net_(view.architecture()), weights_(weights), replacements_(static_cast<std::size_t>(view.size())) {
    std::iota(replacements_.begin(), replacements_.end(), 0);
    ops_.reserve(replacements_.size());
    for (int v = 0; v < net_.size(); ++v) ops_.push_back(net_.op(v));
    for (const FoldStep& step : view.steps()) {
      if (step.kind == FoldStep::Kind::batch_norm) fold_batch_norm(step);
      if (step.kind == FoldStep::Kind::branches) merge_branches(step);
      replace(step.vertex, step.into);
    }
  }

  Architecture build(const FoldedView& view) {
    ArchitectureBuilder builder(net_.name(), net_.shape(0), net_[0].placement, net_[0].id);
    std::vector<int> built(ops_.size(), 0);
    std::vector<int> inputs;
    for (int v = 1; v < net_.size(); ++v) {
      if (view.is_folded(v)) continue;
      inputs.clear();
      for (const int u : view.inputs(v)) inputs.push_back(built[static_cast<std::size_t>(u)]);
      built[static_cast<std::size_t>(v)] = builder.add(std::move(op(v)), inputs, net_[v].placement, net_[v].id);
    }
    return builder.build(built[static_cast<std::size_t>(view.output())]);
  }

 private:
  Operator& op(int v) { return ops_[static_cast<std::size_t>(v)]; }
  const std::string& id(int v) const { return net_[v].id; }

  int resolve(int v) const {
    while (replacements_[static_cast<std::size_t>(v)] != v) v = replacements_[static_cast<std::size_t>(v)];
    return v;
  }

  void replace(int v, int other) {
    replacements_[static_cast<std::size_t>(v)] = other;
    if (weights_ != nullptr) erase_arrays(*weights_, id(v));
  }

  void fold_batch_norm(const FoldStep& step) {
    if (auto* convolution = std::get_if<Convolution>(&op(step.into))) {
      convolution->bias = true;
    } else {
      std::get<Linear>(op(step.into)).bias = true;
    }
    const double eps = std::get<BatchNorm>(op(step.vertex)).eps;
    if (weights_ != nullptr) gensynth::fold_batch_norm(*weights_, id(step.into), id(step.vertex), eps);
  }

  void merge_branches(const FoldStep& step) {
    std::vector<int> branches;
    for (const int u : net_.inputs(step.vertex)) branches.push_back(resolve(u));
    const int x = resolve(step.source);
    auto& target = std::get<Convolution>(op(step.into));
    if (weights_ != nullptr) {
      BranchSum sum(target, net_.shape(x).channels);
      for (const int u : branches) {
        if (u == x) {
          sum.add_identity();
        } else if (const auto* norm = std::get_if<BatchNorm>(&op(u))) {
          sum.add_batch_norm(*weights_, id(u), norm->eps);
        } else {
          sum.add_convolution(*weights_, id(u), std::get<Convolution>(op(u)));
        }
      }
      sum.store(*weights_, id(step.into));
    }
    for (const int u : branches) {
      const auto* convolution = std::get_if<Convolution>(&op(u));
      target.bias = target.bias || (u != x && (convolution == nullptr || convolution->bias));
    }
    for (const int u : branches) {
      if (u != x && resolve(u) != step.into) replace(u, step.into);
    }
  }

  const Architecture& net_;
  Weights* weights_;
  std::vector<Operator> ops_;
  std::vector<int> replacements_;  ///< the vertex that is read instead of a removed vertex; itself for others
};

}  // namespace

Folded fold(const Architecture& architecture, const Weights& weights) {
  check_weights(architecture, weights, "weights of '" + architecture.name() + "'");
  Weights folded = weights;
  const FoldedView view(architecture);
  return {Folding(view, &folded).build(view), std::move(folded)};
}

Architecture fold(const Architecture& architecture) {
  const FoldedView view(architecture);
  return Folding(view, nullptr).build(view);
}

}  // namespace gensynth
