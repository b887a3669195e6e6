#pragma once

#include <cstdint>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth {

/// The form in which a network is read: as given, or as fold() would make it for deployment.
enum class Form : std::uint8_t { as_given, deployed };

/// One step of folding.
struct FoldStep {
  enum class Kind : std::uint8_t { identity, batch_norm, branches };
  Kind kind;
  int vertex;  ///< removed: an identity, a batch norm, or the Add over parallel branches
  int into;    ///< read instead: the input of the identity, the convolution or linear layer, or the largest branch
  int source;  ///< the vertex where parallel branches start; else equal to `into`
};

/// An architecture as fold() would make it, without making it: the vertices are those of the given architecture, some
/// are removed, and their readers read other vertices instead. fold() uses it to decide what is folded
/// (architecture/rewrite/fold.hpp lists the rules). It takes a few microseconds, so that a search can use it for every
/// candidate. Operators are unchanged: the biases that folding adds to convolutions and linear layers are not visible.
/// The architecture must outlive the view.
class FoldedView {
 public:
  explicit FoldedView(const Architecture& architecture, Form form = Form::deployed);
  explicit FoldedView(Architecture&&, Form = Form::deployed) = delete;  // the view would dangle

  const Architecture& architecture() const { return architecture_; }
  int size() const { return architecture_.size(); }
  bool is_folded(int v) const { return replacement(v) != v; }
  /// The vertex that is read instead of v; v itself unless it is removed.
  int replacement(int v) const { return replacements_[static_cast<std::size_t>(v)]; }
  int output() const { return replacement(architecture_.output()); }
  const Operator& op(int v) const { return architecture_.op(v); }
  const Shape& shape(int v) const { return architecture_.shape(v); }
  /// The inputs in port order, as a range of int. The inputs of a vertex that is kept are kept vertices.
  auto inputs(int v) const {
    return architecture_.inputs(v) | boost::adaptors::transformed(Replacement{replacements_.data()});
  }
  int in_degree(int v) const { return architecture_.in_degree(v); }
  /// The number of times that kept vertices read v.
  int out_degree(int v) const { return uses_[static_cast<std::size_t>(v)]; }
  /// The steps in an order in which they can be carried out.
  const std::vector<FoldStep>& steps() const& { return steps_; }
  const std::vector<FoldStep>& steps() && = delete;

 private:
  struct Replacement {
    const int* replacement;
    int operator()(int v) const { return replacement[v]; }
  };
  int& uses(int v) { return uses_[static_cast<std::size_t>(v)]; }
  void remove(FoldStep::Kind kind, int v, int into, int source);
  void remove_identities();
  void fold_batch_norm(int v);
  void merge_branches(int v);
  int merge_target(int v, int x) const;

  const Architecture& architecture_;
  std::vector<int> replacements_;
  std::vector<int> uses_;
  std::vector<FoldStep> steps_;
};

}  // namespace gensynth
