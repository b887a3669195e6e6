#include "architecture/rewrite/folded_view.hpp"

#include <algorithm>
#include <numeric>

namespace gensynth {
namespace {

bool is_identity(const Operator& op, int channels) {
  if (const auto* pool = std::get_if<Pool>(&op)) return pool->kernel == Pair{1, 1} && pool->stride == Pair{1, 1};
  if (const auto* resize = std::get_if<Resize>(&op)) return resize->scale == 1;
  if (const auto* split = std::get_if<Split>(&op)) return split->end - split->begin == channels;
  if (const auto* shuffle = std::get_if<ChannelShuffle>(&op)) {
    return shuffle->groups == 1 || shuffle->groups == channels;
  }
  return std::holds_alternative<Dropout>(op);
}

/// Whether other branches can be added to the convolution: it keeps the grid, and its kernel is centred.
bool is_centred(const Convolution& op) {
  return op.dilation == Pair{1, 1} && op.kernel.h % 2 == 1 && op.kernel.w % 2 == 1 &&
         op.padding == Pair{op.kernel.h / 2, op.kernel.w / 2};
}

}  // namespace

// One pass in topological order is enough: whether a vertex is folded depends on its inputs and on the number of their
// readers, which the folding of later vertices does not change for batch norms and branches.
FoldedView::FoldedView(const Architecture& architecture, Form form)
    : architecture_(architecture),
      replacements_(static_cast<std::size_t>(architecture.size())),
      uses_(static_cast<std::size_t>(architecture.size()), 0) {
  std::iota(replacements_.begin(), replacements_.end(), 0);
  if (form == Form::deployed) remove_identities();
  for (int v = 1; v < size(); ++v) {
    if (is_folded(v)) continue;
    for (const int u : inputs(v)) ++uses(u);
  }
  if (form == Form::as_given) return;
  for (int v = 1; v < size(); ++v) {
    replacements_[static_cast<std::size_t>(v)] =
        replacement(replacement(v));  // the input of an identity may be removed, too
    if (is_folded(v)) continue;
    if (std::holds_alternative<BatchNorm>(op(v))) fold_batch_norm(v);
    if (std::holds_alternative<Add>(op(v))) merge_branches(v);
  }
}

void FoldedView::remove(FoldStep::Kind kind, int v, int into, int source) {
  replacements_[static_cast<std::size_t>(v)] = into;
  steps_.push_back({kind, v, into, source});
}

void FoldedView::remove_identities() {
  for (int v = 1; v < size(); ++v) {
    const int u = *inputs(v).begin();
    if (is_identity(op(v), shape(u).channels)) remove(FoldStep::Kind::identity, v, u, u);
  }
}

void FoldedView::fold_batch_norm(int v) {
  const int u = *inputs(v).begin();
  if (uses(u) != 1) return;
  if (!std::holds_alternative<Convolution>(op(u)) && !std::holds_alternative<Linear>(op(u))) return;
  uses(u) = uses(v);
  remove(FoldStep::Kind::batch_norm, v, u, u);
}

/// The convolution into which all inputs of the sum v, as functions of x, can be merged; -1 if there is none.
int FoldedView::merge_target(int v, int x) const {
  const auto branches = inputs(v);
  int target = -1;
  bool pointwise = false;  // identity or batch norm among the inputs
  Pair largest{1, 1};
  for (const int u : branches) {
    if (u == x) {
      pointwise = true;
      continue;
    }
    if (in_degree(u) != 1 || *inputs(u).begin() != x) return -1;
    if (out_degree(u) != static_cast<int>(std::count(branches.begin(), branches.end(), u))) return -1;
    if (std::holds_alternative<BatchNorm>(op(u))) {
      pointwise = true;
      continue;
    }
    const auto* convolution = std::get_if<Convolution>(&op(u));
    if (convolution == nullptr || !is_centred(*convolution)) return -1;
    if (target >= 0) {
      const auto& other = std::get<Convolution>(op(target));
      if (convolution->stride != other.stride || convolution->groups != other.groups) return -1;
    }
    largest = {std::max(largest.h, convolution->kernel.h), std::max(largest.w, convolution->kernel.w)};
    if (target < 0 || std::get<Convolution>(op(target)).kernel != largest) target = u;
  }
  if (target < 0) return -1;
  const auto& widest = std::get<Convolution>(op(target));
  if (widest.kernel != largest) return -1;  // 1x7 and 7x1 would become a more expensive 7x7
  if (pointwise && (widest.stride != Pair{1, 1} || widest.out_channels != shape(x).channels)) return -1;
  return target;
}

void FoldedView::merge_branches(int v) {
  const int first = *inputs(v).begin();
  // The first input is a branch, or the vertex itself where the branches start.
  int x = in_degree(first) == 0 ? first : *inputs(first).begin();
  int target = merge_target(v, x);
  if (target < 0) {
    x = first;
    target = merge_target(v, x);
  }
  if (target < 0) return;
  const auto given = architecture_.inputs(v);
  for (const int as_given : given) {
    const int u = replacement(as_given);
    if (u == target) continue;
    --uses(x);  // one reader of x less: a branch, or the sum itself
    if (u == x) continue;
    // The target now replaces the branch and every vertex that the branch had replaced.
    for (int w = x + 1; w <= v; ++w) {
      if (replacement(w) == u) replacements_[static_cast<std::size_t>(w)] = target;
    }
  }
  uses(target) = uses(v);
  remove(FoldStep::Kind::branches, v, target, x);
}

}  // namespace gensynth
