#pragma once

#include <string>

namespace gensynth {

/// A count as people write it: "5.48 M", "217 M", "12.3 k", "950".
std::string count_text(double value);

}  // namespace gensynth
