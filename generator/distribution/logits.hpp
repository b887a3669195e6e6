#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "generator/distribution/contexts.hpp"

namespace gensynth::distribution {

/// A number for each choice in each of a set of contexts: θ_G, or a change of it. Missing contexts count as 0.
class Logits {
 public:
  using ByName = std::map<std::string, std::vector<double>>;

  Logits() = default;
  explicit Logits(std::shared_ptr<ContextTable> table) : table_(std::move(table)) {}
  /// Throws Error naming `where` when a value is not finite, or when a context has not as many values as the number
  /// after the colon of its name.
  Logits(const ByName& values, const std::string& where, std::shared_ptr<ContextTable> table);
  ByName by_name() const;

  bool empty() const { return runs_.empty(); }
  /// The values of a context, or null. Valid until a context is added.
  const double* find(std::uint32_t context) const {
    const std::uint32_t place = context < places_.size() ? places_[context] : 0;
    return place == 0 ? nullptr : values_.data() + runs_[place - 1].begin;
  }
  /// The same; adds the context with `choices` zeros where it is missing.
  double* at(std::uint32_t context, std::size_t choices);
  Logits& operator+=(const Logits& other);
  /// Throws Error naming the context when a value of `delta`, or one of the sums, would not be finite.
  void check_sum(const Logits& delta) const;
  Logits scaled(double factor) const;

 private:
  struct Run {
    std::uint32_t context = 0;
    std::uint32_t begin = 0;  ///< of its values
  };

  std::size_t end_of(std::size_t run) const { return run + 1 < runs_.size() ? runs_[run + 1].begin : values_.size(); }
  /// Calls visit(context of this table, values, count) for each of another's contexts.
  template <typename Visit>
  void each_of(const Logits& other, const Visit& visit) const;

  std::shared_ptr<ContextTable> table_;
  std::vector<Run> runs_;  ///< in the order in which they came
  std::vector<double> values_;
  std::vector<std::uint32_t> places_;  ///< by context: 1 + its run, 0 where it has none
};

}  // namespace gensynth::distribution
