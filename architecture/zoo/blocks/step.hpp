#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "architecture/base/error.hpp"
#include "architecture/operators.hpp"

namespace gensynth::zoo {

/// An error in one step of a table; its message already names the step.
class StepError : public Error {
 public:
  using Error::Error;
};

/// One step of a layer table: a block kind and its attributes in any order, such as
///   "ir k5 e6 c40 s2 hse=mid/4r8 hard_swish n3"
/// An attribute is an activation (as in the architecture format), a letter key with numbers (k5, k3,5,7, e2.5), a key
/// with text (hse=...) or a bare flag (bias). Getters mark the attributes that they read; `finish` rejects the others.
class Step {
 public:
  /// Throws StepError naming `source` and the malformed word.
  Step(std::string_view text, std::string source);

  const std::string& kind() const { return kind_; }
  int integer(const std::string& key) const;  ///< required
  int integer(const std::string& key, int fallback) const;
  double number(const std::string& key, double fallback) const;
  std::vector<int> integers(const std::string& key, int fallback) const;
  std::optional<std::string> text(const std::string& key) const;
  bool flag(const std::string& word) const;
  std::optional<ActivationKind> activation() const;

  /// Throws StepError for the first attribute that no getter has read.
  void finish() const;
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string source_;
  std::string kind_;
  std::optional<ActivationKind> activation_;
  std::map<std::string, std::string> values_;
  mutable std::set<std::string> read_;
};

/// The steps of a whole table, separated by ';'.
std::vector<Step> parse_steps(std::string_view table, const std::string& source);

/// The multiple of `divisor` nearest to `value`, at least `divisor`; one more when that loses over a tenth
/// (MobileNetV2, arXiv:1801.04381, reference implementation).
int divisible(double value, int divisor);

}  // namespace gensynth::zoo
