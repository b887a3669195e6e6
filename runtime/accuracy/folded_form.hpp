#pragma once

#include <vector>

#include "architecture/rewrite/canonical_form.hpp"

namespace gensynth::accuracy {

/// The canonical form with parallel linear branches counted once: convolutions without an activation that read the same
/// values and end in one sum are one convolution (MobileOne, arXiv:2206.04040), and so is an identity beside them. Two
/// forms of a network that compute the same function therefore look the same. The architecture must outlive it.
class FoldedForm {
 public:
  explicit FoldedForm(const Architecture& architecture);
  explicit FoldedForm(Architecture&&) = delete;

  const CanonicalForm& canonical() const { return form_; }
  int size() const { return form_.size(); }
  /// Who is read instead of node n; n itself unless it is gone.
  int replacement(int n) const { return stand_in_[static_cast<std::size_t>(n)]; }
  bool gone(int n) const { return gone_[static_cast<std::size_t>(n)] != 0; }
  /// Whether an activation follows n, of its own or of the sum that it stands for.
  bool activated(int n) const { return activated_[static_cast<std::size_t>(n)] != 0; }

 private:
  void merge(int sum);
  int widest_branch(int sum);
  bool read_once(int n, int reader) const;

  CanonicalForm form_;
  std::vector<int> stand_in_;
  std::vector<char> gone_;
  std::vector<char> activated_;
  std::vector<int> readers_;   ///< how many nodes read n
  std::vector<int> branches_;  ///< of the sum at hand
};

}  // namespace gensynth::accuracy
