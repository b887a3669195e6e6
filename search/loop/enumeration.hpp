#pragma once

#include <optional>

#include "generator/space/search_space.hpp"

namespace gensynth::loop {

/// Goes through all genotypes of a space, once each, in lexicographic order of the answers.
class Enumeration {
 public:
  /// `space` must outlive it.
  explicit Enumeration(const space::SearchSpace& space) : space_(space) {}

  /// Nothing after the last one.
  std::optional<space::Genotype> next();
  /// The genotype that `next` returned last; nothing before the first call. With `go_to`, a new enumeration continues
  /// after it.
  const std::optional<space::Genotype>& position() const { return position_; }
  void go_to(space::Genotype position) { position_ = std::move(position); }

 private:
  const space::SearchSpace& space_;
  std::optional<space::Genotype> position_;
};

}  // namespace gensynth::loop
