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

/// Numbers for the names of contexts ("stage#.column#.depth:3"), given as they are met and never taken back, so that
/// a walk looks each decision up once instead of spelling the names of its contexts. What a number is depends on who
/// came first and means nothing. Thread-safe.
class ContextTable {
 public:
  std::uint32_t number(const std::string& name);
  std::vector<std::string> names() const;  ///< by number

 private:
  friend class Contexts;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// Where the contexts of one decision are, as far as they have been met.
  struct Entry {
    int choices = 0;
    std::uint32_t like = 0;                   ///< number of its generic name, which tells what its like are
    std::uint32_t generic = 0;                ///< contexts, from here on
    std::uint32_t own = kNone;                ///< none where the generic name is its name
    std::vector<std::uint32_t> after;         ///< by the last answer to its like
    std::map<int, std::uint32_t> at_latency;  ///< by half octave
  };

  const Entry* find(const space::Decision& decision) const;
  Entry& entry(const space::Decision& decision);
  std::uint32_t numbered(const std::string& name);

  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> likes_;           ///< by generic name
  std::unordered_map<std::string, std::vector<Entry>> decisions_;  ///< by name; one for each number of choices
};

struct Context {
  std::uint32_t number = 0;
  double weight = 1;
};

/// Follows one walk and tells the contexts of each decision, coarse ones first (generator.hpp says which). Holds the
/// table for reading as long as it lives: one at a time in a thread.
class Contexts {
 public:
  /// Throws Error for a latency that is not a positive number.
  Contexts(ContextTable& table, const std::optional<double>& latency_ms);
  /// Valid until the next call.
  std::span<const Context> of(const space::Decision& decision);
  void answered(int answer);  ///< the decision asked about last

 private:
  bool look_up(const space::Decision& decision);
  void meet(const space::Decision& decision);
  int last_answer(std::uint32_t like) const { return like < last_.size() ? last_[like] : -1; }

  ContextTable& table_;
  std::shared_lock<std::shared_mutex> lock_;
  std::vector<Context> found_;
  std::vector<int> last_;  // by generic name, -1 before the first
  std::uint32_t like_ = 0;
  bool conditional_ = false;
  int knot_ = 0;
  double fraction_ = 0;
};

}  // namespace gensynth::distribution
