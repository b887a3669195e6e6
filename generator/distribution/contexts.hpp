#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "generator/space/search_space.hpp"

namespace gensynth::distribution {

/// Assigns numbers to the names of contexts ("stage#.column#.depth:3") in the order in which they are first seen, so
/// that a walk looks up each decision once instead of composing the names of its contexts. Numbers are never removed;
/// their values have no meaning. Thread-safe.
class ContextTable {
 public:
  std::uint32_t number(const std::string& name);
  std::vector<std::string> names() const;  ///< by number

 private:
  friend class Contexts;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// The numbers of the contexts of one decision that have been seen so far.
  struct Entry {
    int choices = 0;
    std::uint32_t kind = 0;                   ///< number of its generic name; decisions that share it are similar
    std::uint32_t generic = 0;                ///< this and the following are contexts
    std::uint32_t own = kNone;                ///< kNone where the generic name equals the name
    std::vector<std::uint32_t> after;         ///< by the last answer to a similar decision
    std::map<int, std::uint32_t> at_latency;  ///< by half octave
  };

  const Entry* find(const space::Decision& decision) const;
  Entry& entry(const space::Decision& decision);
  std::uint32_t numbered(const std::string& name);

  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> kinds_;           ///< by generic name
  std::unordered_map<std::string, std::vector<Entry>> decisions_;  ///< by name; one for each number of choices
};

struct Context {
  std::uint32_t number = 0;
  double weight = 1;
};

/// Follows one walk and returns the contexts of each decision, coarse ones first (generator.hpp lists them). It holds a
/// read lock on the table for its lifetime: a thread may have only one at a time.
class Contexts {
 public:
  /// Throws Error for a latency that is not a positive number.
  Contexts(ContextTable& table, const std::optional<double>& latency_ms);
  /// Valid until the next call.
  std::span<const Context> of(const space::Decision& decision);
  void answered(int answer);  ///< to the decision of the last call of `of`

 private:
  bool look_up(const space::Decision& decision);
  void add_contexts(const space::Decision& decision);
  int last_answer(std::uint32_t kind) const { return kind < last_.size() ? last_[kind] : -1; }

  ContextTable& table_;
  std::shared_lock<std::shared_mutex> lock_;
  std::vector<Context> found_;
  std::vector<int> last_;  // by generic name, -1 before the first
  std::uint32_t kind_ = 0;
  bool conditional_ = false;
  int knot_ = 0;
  double fraction_ = 0;
};

}  // namespace gensynth::distribution
