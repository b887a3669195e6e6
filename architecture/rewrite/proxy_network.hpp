#pragma once

#include "architecture/architecture.hpp"

namespace gensynth {

/// The network that proxy training trains: the architecture at the resolution of the data, with as many outputs of its
/// last linear layer as the data has classes. Ids and placements are kept. Throws Error when the architecture does not
/// allow that resolution or does not end in a linear layer.
Architecture proxy_network(const Architecture& architecture, int px, int classes);

}  // namespace gensynth
