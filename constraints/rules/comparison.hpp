#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gensynth::rules {

/// The result of one comparison, or of the deciding one among several.
struct MetricComparison {
  std::string text;  ///< as the user wrote it
  std::string left;  ///< its left side
  bool satisfied = true;
  double measured = 0;   ///< the left side
  double bound = 0;      ///< the right side
  double violation = 0;  ///< distance to the bound; > 0 unless satisfied
  double slack = 0;      ///< signed distance over |bound|: negative when violated
};

/// Comparisons of arithmetic expressions joined by and, or, not (also && || !) and parentheses. Thread-safe.
class MetricCondition {
 public:
  /// Throws Error that quotes the text and what was expected; for an unknown name it suggests the nearest of `names`.
  MetricCondition(const std::string& text, const std::vector<std::string>& names);
  MetricCondition(MetricCondition&&) noexcept;
  ~MetricCondition();

  const std::vector<std::string>& used() const { return used_; }  ///< the names that occur, sorted
  std::size_t comparisons() const { return comparisons_; }
  /// The deciding comparison: the worst by slack among those joined by `and`, the best among those joined by `or`.
  MetricComparison judge(const std::function<double(const std::string&)>& value) const;

 private:
  struct Node;
  struct Variables;
  class Reader;
  std::unique_ptr<Variables> variables_;
  std::unique_ptr<Node> root_;
  std::vector<std::string> used_;
  std::size_t comparisons_ = 0;
};

}  // namespace gensynth::rules
