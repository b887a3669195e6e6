#pragma once

#include <array>
#include <string>
#include <string_view>

#include "architecture/architecture.hpp"

namespace gensynth::zoo {

/// A sub-network of the Once-for-All MobileNetV3 supernet at width 1.0 (arXiv:1908.09791): five stages of up to four
/// blocks; of each stage's four slots the first `depth` exist.
struct OnceForAllChoice {
  std::array<int, 20> kernel{};     ///< 3, 5 or 7; any, or 0, in slots that do not exist
  std::array<int, 20> expansion{};  ///< 3, 4 or 6; the same
  std::array<int, 5> depth{};       ///< 2, 3 or 4
  int px = 224;                     ///< 32 to 512
};

inline constexpr const char* kOnceForAllPrefix = "ofa-mbv3:";

/// "ofa-mbv3:ks=<20 digits>,e=<20 digits>,d=<5 digits>,px=N", the keys in any order. Throws Error naming the key, the
/// place and the expected value.
OnceForAllChoice parse_once_for_all(std::string_view name);
std::string to_string(const OnceForAllChoice& choice);  ///< with the prefix

Architecture once_for_all(const OnceForAllChoice& choice);

}  // namespace gensynth::zoo
