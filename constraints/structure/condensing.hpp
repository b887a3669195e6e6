#pragma once

#include <cstdint>

#include "constraints/structure/gates.hpp"

namespace gensynth::structure {

/// The reasons why a gate is not a double-condensing attention condenser, in the order of the checks.
enum class CondensingFlaw : std::uint8_t {
  none,           ///< the gate is a double-condensing attention condenser
  one_place,      ///< no place sees another: squeeze and excitation
  scaled,         ///< a learned scale stands at the product
  not_condensed,  ///< a factor has a path on which it is not condensed
  not_embedded    ///< a factor has no embedding of its own on a condensed map
};
struct CondensingFinding {
  CondensingFlaw flaw = CondensingFlaw::none;
  int factor = -1;  ///< the node at fault, where it is one of the factors
};

/// The first reason that applies to the gate; is_double_condensing states the conditions.
CondensingFinding find_condensing_flaw(const Structure& structure, const Gate& gate);

/// Whether the gate is a double-condensing attention condenser (paper, section 2.1): both factors are condensed on
/// every path from the entry, each has an embedding, and no learned scale stands at the product. A path is condensed
/// where the map has at most half of the entry's places and values; on a map of one place, where it has at most half of
/// the channels. An embedding is a convolution, linear layer or attention that reads a condensed map, learns more than
/// a factor for each channel, and belongs to one factor alone. A factor pooled to a single place has none (that is
/// squeeze and excitation), unless the entry can be condensed to no more than that.
bool is_double_condensing(const Structure& structure, const Gate& gate);

/// Whether some path through the gate downsamples, then has a learned window of stride 1, then downsamples again.
bool downsamples_in_stages(const Structure& structure, const Gate& gate);

}  // namespace gensynth::structure
