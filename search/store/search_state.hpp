#pragma once

#include <map>
#include <optional>
#include <string>

namespace gensynth::store {

/// Named texts in which a search keeps its state (the proposer's, the strategy's). Anyone may read; only the
/// coordinator writes, together with new trials by `CoordinatorStore::add` where the two belong together. Throws Error
/// naming the store when the store fails or, on writing, was opened for reading.
class SearchState {
 public:
  virtual ~SearchState() = default;
  virtual std::optional<std::string> value(const std::string& name) const = 0;
  virtual void set_values(const std::map<std::string, std::string>& values) = 0;  ///< replaces these, keeps others
};

}  // namespace gensynth::store
