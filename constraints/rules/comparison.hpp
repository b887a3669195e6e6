#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gensynth::rules {

/// One comparison judged, or the one that decides among several.
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
  /// Throws Error that quotes the text and says what was expected; unknown names with the nearest of `names`.
  MetricCondition(const std::string& text, const std::vector<std::string>& names);
  MetricCondition(MetricCondition&&) noexcept;
  ~MetricCondition();

  const std::vector<std::string>& used() const { return used_; }  ///< the names that occur, sorted
  std::size_t comparisons() const { return comparisons_; }
  /// The comparison that decides: of `and` the worst, of `or` the best, by slack.
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
