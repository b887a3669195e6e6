#pragma once

#include <cstdint>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth {

/// How a network is looked at: as it stands, or as fold() would leave it for deployment.
enum class Form : std::uint8_t { as_given, deployed };

/// One thing that folding does.
struct FoldStep {
  enum class Kind : std::uint8_t { identity, batch_norm, branches };
  Kind kind;
  int vertex;  ///< that goes: an identity, a batch norm, the Add over parallel branches
  int into;    ///< that is read instead: what the identity reads, the convolution or linear layer, the largest branch
  int source;  ///< where parallel branches start; else as `into`
};

/// An architecture as fold() would leave it, without making one: the same vertices, of which some are gone and others
/// read past them. Decides what is folded, for fold() too (architecture/fold.hpp says what that is). Costs a few
/// microseconds, so that a search can afford it. Operators are those given: the biases that convolutions and linear
/// layers get by folding do not show. The architecture must outlive it.
class FoldedView {
 public:
  explicit FoldedView(const Architecture& architecture, Form form = Form::deployed);
  explicit FoldedView(Architecture&&, Form = Form::deployed) = delete;  // it would be gone

  const Architecture& architecture() const { return architecture_; }
  int size() const { return architecture_.size(); }
  bool is_folded(int v) const { return replacement(v) != v; }
  /// Who is read instead of v; v itself unless it is gone.
  int replacement(int v) const { return stand_in_[static_cast<std::size_t>(v)]; }
  int output() const { return replacement(architecture_.output()); }
  const Operator& op(int v) const { return architecture_.op(v); }
  const Shape& shape(int v) const { return architecture_.shape(v); }
  /// In port order, as a range of int. Of a vertex that stays: one that stays.
  auto inputs(int v) const { return architecture_.inputs(v) | boost::adaptors::transformed(StandIn{stand_in_.data()}); }
  int in_degree(int v) const { return architecture_.in_degree(v); }
  /// How often v is read by vertices that stay.
  int out_degree(int v) const { return uses_[static_cast<std::size_t>(v)]; }
  /// In an order in which they can be carried out.
  const std::vector<FoldStep>& steps() const& { return steps_; }
  const std::vector<FoldStep>& steps() && = delete;

 private:
  struct StandIn {
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
  std::vector<int> stand_in_;
  std::vector<int> uses_;
  std::vector<FoldStep> steps_;
};

}  // namespace gensynth
