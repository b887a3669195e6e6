#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "architecture/rewrite/canonical_form.hpp"

namespace gensynth::structure {

struct Gates;
struct ColumnReport;

/// The analysis of one network that all structural rules share: its canonical form, the map that each node belongs to,
/// gates and columns. Gates and columns are computed when they are first read, so that a structure is not thread-safe.
/// The architecture must outlive it.
class Structure {
 public:
  explicit Structure(const Architecture& architecture);
  explicit Structure(Architecture&&) = delete;
  ~Structure();

  const CanonicalForm& form() const { return form_; }
  /// Height and width of the map that node n belongs to. Token sets and vectors made by global pooling belong to the
  /// map that they were made from and are not a stage of their own.
  Pair extent(int n) const { return extents_[static_cast<std::size_t>(n)]; }
  /// Whether n comes after the last map: a pooled vector that no map reads again.
  bool head(int n) const { return head_[static_cast<std::size_t>(n)] != 0; }
  /// Immediate dominators of the form's nodes (dominators.hpp), and of the network's vertices over the values they
  /// read. Nodes do not see concats, and vertices do not see parts of vertices.
  const std::vector<int>& dominator() const;
  const std::vector<int>& vertex_dominator() const;
  const Gates& gates() const;
  const ColumnReport& columns() const;

 private:
  CanonicalForm form_;
  std::vector<Pair> extents_;
  std::vector<std::uint8_t> head_;
  mutable std::vector<int> dominator_, vertex_dominator_;
  mutable std::unique_ptr<Gates> gates_;
  mutable std::unique_ptr<ColumnReport> columns_;
};

/// Pooling with one window over the whole map.
bool pools_globally(const CanonicalForm& form, int n);
/// By axis, how many places of the input one step of the output passes: a stride, or a resize to a smaller map; 1 on an
/// axis that does not become coarser. Global pooling and the border that an unpadded window loses do not count.
Pair downsampling(const CanonicalForm& form, int n);
inline bool downsamples(const CanonicalForm& form, int n) { return !(downsampling(form, n) == Pair{1, 1}); }
/// Whether the node lets one place see another. Global pooling does not: it has no places in its output.
bool mixes_places(const CanonicalForm& form, int n);

}  // namespace gensynth::structure
