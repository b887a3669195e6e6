#pragma once

#include <cstdint>
#include <set>

namespace gensynth::loop {

/// A set of ordinals 1, 2, ... that fills up nearly in order: it takes memory only for those beyond the first gap.
class OrdinalSet {
 public:
  /// False when it is there already.
  bool insert(std::int64_t ordinal) {
    if (contains(ordinal)) return false;
    beyond_.insert(ordinal);
    while (!beyond_.empty() && *beyond_.begin() == whole_ + 1) {
      beyond_.erase(beyond_.begin());
      ++whole_;
    }
    return true;
  }
  bool contains(std::int64_t ordinal) const { return ordinal <= whole_ || beyond_.count(ordinal) > 0; }
  std::int64_t size() const { return whole_ + static_cast<std::int64_t>(beyond_.size()); }

 private:
  std::int64_t whole_ = 0;  // 1 to this are all there
  std::set<std::int64_t> beyond_;
};

}  // namespace gensynth::loop
